import HandlerCheck
import Testing

@Suite("Zoo of bad handlers", .timeLimit(.minutes(10)))
struct ZooTests {
    @Test("The sound handler passes every case, and the cases are many")
    func sound() async throws {
        let folder = try CheckFixture.handler()
        defer { CheckFixture.remove(folder) }
        let report = try await CheckFixture.checker(patience: .seconds(30)).check(folder)
        let bad = report.results.filter { $0.verdict.isFailure || $0.verdict.isWarning }
        #expect(bad.isEmpty, "\(bad.map { "\($0.id): \($0.verdict.detail)" })")
        #expect(report.count("passed") >= 75)
        #expect(report.results.first { $0.id == "claims.resumes-after-kill" }?.verdict.isPassed ?? false)
    }

    @Test("Each bad handler is found out by its cases", arguments: ZooHandler.all)
    func verdict(_ zoo: ZooHandler) async throws {
        let folder = try CheckFixture.handler(mischief: zoo.mischief, manifest: zoo.manifest, flags: zoo.flags)
        defer { CheckFixture.remove(folder) }
        let report = try await CheckFixture.checker().check(folder, only: zoo.fails + zoo.warns)
        let found = Dictionary(uniqueKeysWithValues: report.results.map { ($0.id, $0.verdict) })
        for id in zoo.fails { #expect(found[id]?.isFailure ?? false, "\(id): \(String(describing: found[id]))") }
        for id in zoo.warns { #expect(found[id]?.isWarning ?? false, "\(id): \(String(describing: found[id]))") }
    }

    @Test("An exception across the C interface is a crash in run")
    func exception() async throws {
        let folder = try CheckFixture.handler()
        defer { CheckFixture.remove(folder) }
        try CheckFixture.compile("c++ -std=c++17", "throwing.cpp", into: folder)
        let report = try await CheckFixture.checker().check(folder, only: ["contract.fair-run", "contract.two-jobs"])
        #expect(report.results[0].verdict.detail.hasPrefix("it crashes with SIGABRT in run; last line: "))
        #expect(report.results[1].verdict.name == "skipped")
    }

    @Test("A text file under the library's name is found out, and nothing is executed")
    func noLibrary() async throws {
        let folder = try CheckFixture.handler()
        defer { CheckFixture.remove(folder) }
        try CheckFixture.write("not a library\n", to: folder + "/liblines.so")
        let report = try await CheckFixture.checker().check(folder)
        #expect(report.results.filter(\.verdict.isFailure).map(\.id) == ["library.format"])
        let executed = report.results.filter { ![.manifest, .library].contains($0.phase) }
        #expect(executed.allSatisfy { $0.verdict.name == "skipped" })
    }
}
