import FakeCloud
import Testing

@Suite("Faults as a machine")
struct FaultBookTests {
    var book = FaultBook()
    let get = CloudCall(.s3, "GetObject", "data/in/a.csv")
    let put = CloudCall(.s3, "PutObject", "data/in/a.csv")
    let send = CloudCall(.sqs, "SendMessage", "jobs")

    /// The names of the rules that hit each of so many calls.
    private mutating func hits(_ call: CloudCall, _ count: Int) -> [[String]] {
        (0..<count).map { _ in book.handle(call).map(\.name) }
    }

    private func rule(
        _ operation: String = "*", _ resource: String = "*", service: CloudCall.Service? = nil,
        ordinals: [ClosedRange<Int>]? = nil, times: Int? = nil
    ) -> FaultRule {
        var match = FaultMatch()
        match.service = service
        match.operation = NamePattern(operation)
        match.resource = NamePattern(resource)
        match.ordinals = ordinals
        return FaultRule(name: "r", match: match, action: .corrupt, times: times)
    }

    @Test("An empty book hits nothing")
    mutating func empty() {
        #expect(hits(get, 1) == [[]])
    }

    @Test("A rule hits the service, operations and resources that it names")
    mutating func selection() {
        _ = book.arm(rule("Get*", "data/in/*", service: .s3))
        #expect(hits(get, 1) == [["r"]])
        #expect(hits(put, 1) == [[]])
        #expect(hits(send, 1) == [[]])
        #expect(hits(CloudCall(.s3, "GetObject", "data/out/a.csv"), 1) == [[]])
        #expect(book.entries.map(\.matched) == [1])
    }

    @Test("Only the calls whose numbers are named are hit, and all that fit are counted")
    mutating func ordinals() {
        _ = book.arm(rule("GetObject", ordinals: [1...1, 3...4]))
        #expect(hits(get, 5) == [["r"], [], ["r"], ["r"], []])
        #expect(hits(put, 1) == [[]])
        #expect(book.entries.map(\.matched) == [5])
        #expect(book.entries.map(\.fired) == [3])
    }

    @Test("A rule stops when it has hit as often as it may")
    mutating func times() {
        _ = book.arm(rule(times: 2))
        #expect(hits(send, 3) == [["r"], ["r"], []])
        #expect(book.entries.map(\.isSpent) == [true])
    }

    @Test("A probability hits the same calls in every run of a seed, and about its share of them")
    mutating func probability() {
        var drawn = rule()
        drawn.match.probability = 0.25
        drawn.match.seed = 7
        _ = book.arm(drawn)
        var other = book
        let first = hits(get, 4_000)
        let again = (0..<4_000).map { _ in other.handle(get).map(\.name) }
        #expect(first == again)
        #expect((900...1_100).contains(first.count { !$0.isEmpty }))
        drawn.match.seed = 8
        var reseeded = FaultBook()
        _ = reseeded.arm(drawn)
        let elsewhere = (0..<4_000).map { _ in reseeded.handle(get).map(\.name) }
        #expect(first != elsewhere)
    }

    @Test("A rule that is taken away hits nothing more and shows its counts")
    mutating func disarm() throws {
        let armed = book.arm(rule())
        let id = try #require(armed)
        _ = book.handle(get)
        let fired = [book.disarm(id)?.fired, book.disarm(id)?.fired]
        #expect(fired == [1, nil])
        #expect(hits(get, 1) == [[]])
    }

    @Test("Several rules hit one call in the order in which they were armed")
    mutating func several() {
        _ = book.arm(FaultRule(name: "slow", action: .latency(.seconds(1))))
        _ = book.arm(FaultRule(name: "broken", action: .error(status: 500, code: "InternalError", message: "")))
        #expect(hits(get, 1) == [["slow", "broken"]])
    }

    @Test(
        "Patterns cover names",
        arguments: [
            ("*", "", true), ("a*c", "abbc", true), ("a*c", "abb", false), ("?b", "ab", true), ("?b", "b", false),
            ("in/*.csv", "in/x/y.csv", true), ("*x*y", "axbxcy", true), ("", "a", false), ("a", "a", true),
        ])
    func patterns(pattern: String, name: String, covers: Bool) {
        #expect(NamePattern(pattern).covers(name) == covers)
    }

    @Test(
        "Lengths of time are read",
        arguments: [
            ("250ms", Duration.milliseconds(250)), ("1h30m", .seconds(5_400)), ("-2h", .seconds(-7_200)),
            ("14d", .seconds(1_209_600)), ("1.5s", .milliseconds(1_500)), ("+1w", .seconds(604_800)),
        ])
    func durations(text: String, duration: Duration) {
        #expect(LabDuration.read(text) == duration)
    }

    @Test("What is no length of time is refused", arguments: ["", "5", "s", "1x", "--1s", "1s2", "999999999d"])
    func noDurations(text: String) {
        #expect(LabDuration.read(text) == nil)
    }
}
