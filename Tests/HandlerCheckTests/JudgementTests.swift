import ProbeProtocol
import PureJSON
import Testing

@testable import HandlerCheck

@Suite("Which watched system calls a handler may make")
struct WatchRuleTests {
    private let rule = WatchRule(readableFolders: ["/srv/handlers/lines"], writableFolders: ["/tmp/check-1"])

    @Test(
        "Reading",
        arguments: [
            ("/srv/handlers/lines/model.bin", true), ("/srv/handlers/lines-other/model.bin", false),
            ("/srv/handlers/lines/../secrets", false), ("/tmp/check-1/3/scratch/a", true), ("/etc/passwd", false),
            ("/proc/self/maps", true), ("/proc/1/environ", false), ("/opt/anything/libm.so.6", true),
            ("/usr/lib/locale/C.utf8", true), ("/srv/handlers/lines/data/../model.bin", true),
            ("/srv/handlers/lines/data/../../../shadow", false), ("/etc/resolv.conf", false), ("", false),
        ])
    func reads(_ path: String, _ isAllowed: Bool) {
        #expect(rule.allows(WatchedCall(kind: .open, name: "openat", path: path)) == isAllowed)
    }

    @Test(
        "Writing",
        arguments: [
            ("/tmp/check-1/3/scratch/a", true), ("/tmp/check-12/a", false), ("/srv/handlers/lines/cache", false),
            ("/dev/null", true), ("/opt/anything/libm.so.6", false),
        ])
    func writes(_ path: String, _ isAllowed: Bool) {
        #expect(rule.allows(WatchedCall(kind: .open, name: "openat", path: path, writes: true)) == isAllowed)
    }

    @Test("Network and processes only where the manifest asks for them; the rest never")
    func others() {
        var open = rule
        (open.allowsNetwork, open.allowsProcesses) = (true, true)
        for kind in [WatchedCall.Kind.network, .process] {
            #expect(!rule.allows(WatchedCall(kind: kind, name: "call")))
            #expect(open.allows(WatchedCall(kind: kind, name: "call")))
        }
        #expect(open.allows(WatchedCall(kind: .open, name: "openat", path: "/etc/resolv.conf")))
        #expect(open.allows(WatchedCall(kind: .open, name: "openat", path: "/usr/bin/env")))
        for kind in [WatchedCall.Kind.foreign, .kernel] { #expect(!open.allows(WatchedCall(kind: kind, name: "call"))) }
    }
}

@Suite("Judgement of what was seen")
struct JudgementTests {
    @Test("Growth is the slope behind the first quarter, so that caches that fill do not count")
    func slope() throws {
        let filling = (1...20).map { (count: $0 * 10, residentBytes: Int64($0 <= 5 ? $0 * 1_000_000 : 5_000_000)) }
        #expect(SurroundingsJudge.bytesPerRun(filling) == 0)
        let leaking = (1...20).map { (count: $0 * 10, residentBytes: Int64($0 * 40_960)) }
        #expect(try #require(SurroundingsJudge.bytesPerRun(leaking)) == 4_096)
        #expect(SurroundingsJudge.bytesPerRun([]) == nil)
    }

    @Test("The stage of a process follows from the last thing that it told")
    func stage() {
        func stage(_ events: [ProbeEvent]) -> String { ProbeObservation(ending: .timedOut, events: events).stage }
        #expect(stage([]) == "while it was loaded")
        #expect(stage([.loaded]) == "in its entry point")
        #expect(stage([.table(nil)]) == "in create")
        #expect(stage([.started(run: 0)]) == "in run")
        #expect(stage([.started(run: 1), .cancelling(run: 1)]) == "in run number 2, after it was told to stop")
        #expect(stage([.ended(RunFacts(run: 0, status: 0))]) == "after run had returned")
    }

    @Test("The first difference of two outcomes is named with its place")
    func difference() {
        let fair = RunOutcome(
            status: 0, resultText: Array("{}".utf8), outputs: ["a": Array("one\ntwo\n".utf8), "b": []])
        var other = fair
        #expect(other.difference(from: fair, comparesContent: true) == nil)
        other.outputs["a"] = Array("one\ntwa\n".utf8)
        #expect(
            other.difference(from: fair, comparesContent: true)
                == "the same bytes in a, found a difference at byte 6, line 2")
        #expect(other.difference(from: fair, comparesContent: false) == nil)
        other.outputs["b"] = nil
        #expect(other.difference(from: fair, comparesContent: true) == "the outputs a, b, found a")
        other.status = 2
        other.code = "empty"
        #expect(other.difference(from: fair, comparesContent: false) == "status ok, found invalid-input (empty)")
    }

    @Test(
        "An example's result may have more members, and nothing else that is not expected",
        arguments: [
            (#"{"a": 1, "b": 2}"#, #"{"a": 1}"#, nil), (#"{"a": 1}"#, #"{"a": 2}"#, "result.a: expected 2, found 1"),
            (#"{"a": {"b": [1]}}"#, #"{"a": {"b": [1, 2]}}"#, "result.a.b: expected [1,2], found [1]"),
            (#"{}"#, #"{"a": null}"#, "result.a: expected null, found nothing"),
        ])
    func mismatch(_ found: String, _ expected: String, _ fault: String?) throws {
        let pair = (try JSONValue(parsing: found), try JSONValue(parsing: expected))
        #expect(ExampleCases.mismatch(pair.0, pair.1, at: "result") == fault)
    }
}
