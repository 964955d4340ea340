import Glibc
import JobCore
import PureJSON
import Synchronization
import Testing

@testable import HandlerHosting

@Suite("Handlers that change under a catalogue", .timeLimit(.minutes(2)))
struct HandlerReloaderTests {
    /// A handlers directory with one folder in it, and what keeps a catalogue of it up to date.
    private struct Bench {
        let root: String
        let catalog: HostedHandlerCatalog
        let reloader: HandlerReloader

        init() throws {
            root = try Zoo.freshDirectory("handlers")
            try Bench.put(ZooSource.zoo, version: "1.0.0", in: root + "/zoo")
            let loader = Zoo.loader()
            catalog = loader.load(directories: [root]).catalog
            reloader = HandlerReloader(loader: loader, catalog: catalog, directories: [root])
        }

        /// Puts a whole folder in the place of another in one step.
        static func put(_ source: String, version: String, in folder: String, more: String = "") throws {
            let manifest = Zoo.manifest(more: more).replacing("version: 1.0.0", with: "version: \(version)")
            let library = source.replacing("{\"1.0.0\", 5}", with: "{\"\(version)\", 5}")
            let fresh = try Zoo.handler(library, manifest: manifest)
            _ = try HandlerInstaller.take(fresh, as: folder)
        }

        func version() async throws -> String { try await catalog.run("noop").handlerVersion }
    }

    @Test("A new version takes over for new jobs while an old job ends in its old process")
    func takeOver() async throws {
        let bench = try Bench()
        let (signals, continuation) = AsyncStream<HandlerSignal>.makeStream()
        let invocation = try Zoo.invocation("cancel_honoured")
        let old = Task { await bench.catalog.run(invocation) { continuation.yield($0) } }
        for await signal in signals where signal == .progress(fraction: 0.1, note: "waiting") { break }
        try Bench.put(ZooSource.zoo, version: "1.1.0", in: bench.root + "/zoo")
        #expect(await bench.reloader.rescan() == [.replaced(name: "zoo", version: "1.1.0", oldVersion: "1.0.0")])
        #expect(try await bench.version() == "1.1.0")
        old.cancel()
        let report = await old.value
        #expect(report.outcome == .cancelled)
        #expect(report.handlerVersion == "1.0.0")
        await bench.catalog.shutdown()
    }

    @Test("What has not changed keeps its processes, and is not spoken of")
    func unchanged() async throws {
        let bench = try Bench()
        let before = try await bench.catalog.run("pid").outcome
        #expect(await bench.reloader.rescan() == [])
        #expect(try await bench.catalog.run("pid").outcome == before)
        await bench.catalog.shutdown()
    }

    @Test(
        "A broken version is refused once with a reason, and the old one goes on",
        arguments: [
            (ZooSource.creating("abort();"), "the handler does not start"),
            (ZooSource.creating("return fail(NULL, JH_PERMANENT, \"no\", \"no licence\", -1);"), "no licence"),
            ("int answer(void) { return 42; }", "does not export jobhandler_v1"),
        ])
    func broken(_ source: String, _ reason: String) async throws {
        let bench = try Bench()
        try Bench.put(source, version: "1.1.0", in: bench.root + "/zoo")
        let changes = await bench.reloader.rescan()
        guard case .refused(let folder, let faults, let kept) = try #require(changes.first) else {
            Issue.record("\(changes)")
            return
        }
        #expect(folder == bench.root + "/zoo")
        #expect(faults.first?.message.contains(reason) ?? false, "\(faults)")
        #expect(kept == "1.0.0")
        #expect(await bench.reloader.rescan() == [])
        #expect(try await bench.version() == "1.0.0")
        try Bench.put(ZooSource.zoo, version: "1.2.0", in: bench.root + "/zoo")
        #expect(await bench.reloader.rescan() == [.replaced(name: "zoo", version: "1.2.0", oldVersion: "1.0.0")])
        await bench.catalog.shutdown()
    }

    @Test("A manifest with a mistake is refused, and the old version goes on")
    func mistake() async throws {
        let bench = try Bench()
        try Zoo.write("manifest: 1\nnmae: zoo\n", to: bench.root + "/zoo/handler.yml")
        let changes = await bench.reloader.rescan()
        guard case .refused(_, let faults, "1.0.0") = try #require(changes.first) else {
            Issue.record("\(changes)")
            return
        }
        #expect(faults.first?.description.hasSuffix("unknown key \"nmae\"; did you mean \"name\"?") ?? false)
        #expect(try await bench.version() == "1.0.0")
        await bench.catalog.shutdown()
    }

    @Test("Handlers come and go; a directory that cannot be read takes none away")
    func comeAndGo() async throws {
        let bench = try Bench()
        let away = Zoo.freshPath("away")
        try #require(rename(bench.root, away) == 0)
        #expect(await bench.reloader.rescan() == [])
        try #require(rename(away, bench.root) == 0)
        try #require(rename(bench.root + "/zoo", away) == 0)
        #expect(await bench.reloader.rescan() == [.removed(name: "zoo", version: "1.0.0")])
        #expect(try await bench.catalog.run("noop").outcome.code == "handler-unknown")
        try #require(rename(away, bench.root + "/zoo") == 0)
        #expect(await bench.reloader.rescan() == [.added(name: "zoo", version: "1.0.0")])
        await bench.catalog.shutdown()
    }

    @Test("Twenty replacements under load lose no job")
    func underLoad() async throws {
        let bench = try Bench()
        let outcomes = await withTaskGroup(of: [HandlerOutcome].self) { group in
            let isOver = Flag()
            for _ in 0..<4 {
                group.addTask {
                    var outcomes: [HandlerOutcome] = []
                    while !isOver.isSet {
                        guard let report = try? await bench.catalog.run("noop") else { break }
                        outcomes.append(report.outcome)
                    }
                    return outcomes
                }
            }
            for number in 1...20 {
                do {
                    try Bench.put(ZooSource.zoo, version: "1.0.\(number % 10)", in: bench.root + "/zoo")
                } catch {
                    Issue.record(error)
                }
                await bench.reloader.rescan()
            }
            isOver.set()
            return await group.reduce(into: []) { $0 += $1 }
        }
        #expect(outcomes.count > 20)
        #expect(outcomes.allSatisfy { $0 == .completed(.null) })
        await bench.catalog.shutdown()
    }

    @Test("Two handlers for one message are told at the start; the one that was there first stays")
    func ambiguous() async throws {
        let root = try Zoo.freshDirectory("handlers")
        try Bench.put(ZooSource.zoo, version: "1.0.0", in: root + "/a", more: "queue: { match: { type: x } }")
        let other = try Zoo.handler(
            ZooSource.zoo, manifest: Zoo.manifest(name: "other", more: "queue: { match: { tenant: y } }"))
        try #require(rename(other, root + "/b") == 0)
        let catalog = Zoo.load([root]).catalog
        #expect(catalog.descriptions().map(\.name) == ["zoo"])
        #expect(
            catalog.ambiguities.first?.message.hasPrefix(
                "other takes tenant \"y\" on any queue and zoo takes type \"x\" on any queue: a message may be for both"
            )
                ?? false)
    }

    @Test("Bindings overlap unless queues or values keep them apart")
    func bindings() {
        func binding(_ queues: [String], _ match: [String: JSONValue]) -> QueueBinding {
            QueueBinding(queueNames: queues, match: match.map { QueueBinding.Condition(member: $0, value: $1) })
        }
        #expect(binding([], [:]).overlaps(binding(["q"], ["type": "a"])))
        #expect(!binding(["p"], [:]).overlaps(binding(["q"], [:])))
        #expect(binding(["p", "q"], [:]).overlaps(binding(["q"], [:])))
        #expect(!binding([], ["type": "a"]).overlaps(binding([], ["type": "b"])))
        #expect(binding([], ["type": "a"]).overlaps(binding([], ["tenant": "b"])))
    }
}

/// Something that happens once.
private final class Flag: Sendable {
    private let state = Atomic(false)

    var isSet: Bool { state.load(ordering: .acquiring) }

    func set() { state.store(true, ordering: .releasing) }
}
