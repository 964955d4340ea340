import Dispatch
import Foundation
import HandlerSDK
import Synchronization
import Testing

/// A host in this process that has as much of the table as a test wants.
private enum SmallHost {
    struct Seen {
        var code = ""
        var message = ""
        var details = ""
        var result = ""
        var logs: [String] = []
        var payload = "{}"
        var onLog: @Sendable () -> Void = {}
    }

    static let seen = Mutex(Seen())

    /// The table without the members that came after the first release candidate.
    static let sizeWithoutCheckpoints = MemoryLayout<jh_host>.offset(of: \.checkpoint_put) ?? 0

    static func text(_ text: jh_str) -> String {
        String(
            decoding: UnsafeRawBufferPointer(start: text.ptr, count: Int(text.len)), as: UTF8.self)
    }

    static func table(size: Int) -> jh_host {
        var host = jh_host()
        host.size = UInt32(size)
        host.abi_major = 1
        host.set_error = { _, error in
            guard let error = error?.pointee else { return JH_E_ARGUMENT }
            SmallHost.seen.withLock { seen in
                seen.code = SmallHost.text(error.code)
                seen.message = SmallHost.text(error.message)
                seen.details = SmallHost.text(error.details_json)
            }
            return JH_OK
        }
        host.log = { _, _, message, _, _ in
            let onLog = SmallHost.seen.withLock { seen in
                seen.logs.append(SmallHost.text(message))
                return seen.onLog
            }
            onLog()
            return JH_OK
        }
        host.cancelled = { _ in 0 }
        host.mono_ns = { _ in 0 }
        host.payload_json = { _, buffer, capacity in
            let payload = Array(SmallHost.seen.withLock { $0.payload }.utf8)
            for (place, byte) in payload.prefix(Int(capacity)).enumerated() {
                buffer?[place] = CChar(bitPattern: byte)
            }
            return Int64(payload.count)
        }
        host.set_result_json = { _, json in
            SmallHost.seen.withLock { $0.result = SmallHost.text(json) }
            return JH_OK
        }
        return host
    }
}

/// Uses the member that its payload names.
private struct Picky: JobHandler {
    struct Payload: Decodable { var use: String }

    static let name = "picky"
    static let version = "1.0.0"

    init(config: JSONValue) throws(HandlerError) {}

    func run(_ payload: Payload, _ job: Job) async throws -> String {
        switch payload.use {
        case "save": try job.checkpoint.save([1])
        case "load": _ = try job.checkpoint.load()
        case "set": try job.store.set([1], for: "key")
        case "get": _ = try job.store.bytes("key")
        case "metric": job.metrics.count("rows")
        case "wait":
            job.log.info("waiting")
            try await job.clock.sleep(for: .seconds(3600))
        default: break
        }
        return payload.use
    }
}

@Suite("Behind the C interface", .serialized)
struct HostTableTests {
    private typealias Body = @Sendable (UnsafePointer<jh_handler>, UnsafeMutableRawPointer?, OpaquePointer?) -> Int32

    /// Creates the handler and runs one job with it, on a thread that may block, as a host does; gives the status.
    private func run(_ payload: String, hostSize: Int) async -> Int32 {
        await run(SmallHost.Seen(payload: payload), hostSize: hostSize) { table, me, job in table.pointee.run(me, job) }
    }

    private func run(_ start: SmallHost.Seen, hostSize: Int, _ body: @escaping Body) async -> Int32 {
        SmallHost.seen.withLock { $0 = start }
        return await withCheckedContinuation { continuation in
            Thread.detachNewThread { continuation.resume(returning: Self.life(hostSize: hostSize, body)) }
        }
    }

    private static func life(hostSize: Int, _ body: Body) -> Int32 {
        guard let table = JobHandlerExport.entry(Picky.self) else { return JH_E_NOT_FOUND }
        let host = UnsafeMutablePointer<jh_host>.allocate(capacity: 1)
        host.initialize(to: SmallHost.table(size: hostSize))
        var me: UnsafeMutableRawPointer?
        let config = Array("{}".utf8CString)
        let created = config.withUnsafeBufferPointer { text in
            table.pointee.create(host, jh_str(ptr: text.baseAddress, len: 2), &me)
        }
        guard created == JH_OK else { return created }
        defer { table.pointee.destroy(me) }
        return body(table, me, OpaquePointer(bitPattern: 1))
    }

    @Test("A run gives its result")
    func completes() async {
        #expect(await run(#"{"use":"nothing"}"#, hostSize: MemoryLayout<jh_host>.size) == JH_OK)
        #expect(SmallHost.seen.withLock { $0.result } == #""nothing""#)
    }

    @Test(
        "A host without a member that the handler needs is an error, not a crash",
        arguments: ["save", "load", "set", "get"])
    func oldHost(_ use: String) async {
        #expect(
            await run(#"{"use":"\#(use)"}"#, hostSize: SmallHost.sizeWithoutCheckpoints) == JH_PERMANENT)
        let seen = SmallHost.seen.withLock { $0 }
        #expect(seen.code == "host-too-old")
        #expect(seen.message.contains("need a newer runner"))
    }

    @Test("Metrics that a host does not have do not fail the run")
    func oldHostMetrics() async {
        #expect(await run(#"{"use":"metric"}"#, hostSize: SmallHost.sizeWithoutCheckpoints) == JH_OK)
        #expect(SmallHost.seen.withLock { $0.logs } == ["a metric was not taken"])
    }

    @Test("A run that waits ends when the host tells it to, by way of its task", .timeLimit(.minutes(1)))
    func cancelled() async {
        let waiting = DispatchSemaphore(value: 0)
        let start = SmallHost.Seen(payload: #"{"use":"wait"}"#, onLog: { waiting.signal() })
        let status = await run(start, hostSize: MemoryLayout<jh_host>.size) { table, me, job in
            let handles = (UInt(bitPattern: table), UInt(bitPattern: me), UInt(bitPattern: job))
            // The host cancels from another thread than the one that it runs the job on.
            Thread.detachNewThread {
                waiting.wait()
                let table = UnsafePointer<jh_handler>(bitPattern: handles.0)
                table?.pointee.cancel?(
                    UnsafeMutableRawPointer(bitPattern: handles.1), OpaquePointer(bitPattern: handles.2))
            }
            return table.pointee.run(me, job)
        }
        #expect(status == JH_CANCELLED)
        #expect(SmallHost.seen.withLock { $0.code } == "cancelled")
    }

    @Test("A host whose table is smaller than any that was released is refused")
    func tooSmall() async {
        #expect(await run("{}", hostSize: SmallHost.sizeWithoutCheckpoints - 8) == JH_PERMANENT)
    }

    @Test("A payload that does not decode tells programs the place")
    func payloadDetails() async {
        #expect(await run(#"{"use":3}"#, hostSize: MemoryLayout<jh_host>.size) == JH_INVALID_INPUT)
        let seen = SmallHost.seen.withLock { $0 }
        #expect(seen.code == "payload-invalid")
        #expect(seen.details == #"{"pointer":"/use","expected":"a string","found":"integer 3"}"#)
    }
}
