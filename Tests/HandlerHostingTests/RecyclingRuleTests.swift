import Testing

@testable import HandlerHosting

@Suite("Recycling of host processes")
struct RecyclingRuleTests {
    private let rule = RecyclingRule(afterRuns: 3, aboveBytes: 1_000, afterAge: .seconds(60))

    @Test(
        "A process is worn by runs, by memory or by age",
        arguments: [
            (2, 1_000, 59, false), (3, 0, 0, true), (0, 1_001, 0, true), (0, 0, 60, true), (0, -1, 0, false),
        ])
    func worn(_ runs: UInt64, _ bytes: Int64, _ seconds: Int, _ expected: Bool) {
        #expect(rule.isWorn(runs: runs, residentBytes: bytes, age: .seconds(seconds)) == expected)
    }

    @Test("Memory without a limit wears nothing")
    func unlimited() {
        let rule = RecyclingRule(afterRuns: 3)
        #expect(!rule.isWorn(runs: 2, residentBytes: .max, age: .seconds(3_599)))
        #expect(rule.isWorn(runs: 0, residentBytes: 0, age: .seconds(3_600)))
    }
}
