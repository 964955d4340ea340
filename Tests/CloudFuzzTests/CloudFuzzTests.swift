import CloudFuzz
import Foundation
import Testing

@Suite("The fake cloud under mutated requests", .timeLimit(.minutes(5)))
struct CloudFuzzTests {
    private static let wireFolder = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent().appending(path: "Fixtures/wire").path()

    /// Some seconds for all targets together; `make fuzz` goes on for as long as one likes.
    private static let count = 400

    @Test(
        "Every input gets an answer that clients of AWS can read",
        arguments: FuzzTarget.allCases)
    func everyInput(target: FuzzTarget) async throws {
        let corpus = try FuzzCorpus(target, wireFolder: Self.wireFolder)
        let report = try await FuzzSession.run(target, corpus, seed: 1) { $0 < Self.count }
        #expect(report.executions == Self.count)
        #expect(report.findings.map { "\($0.number): \($0.reason)" } == [])
        #expect(report.behaviours > 20, "the inputs reach too little")
    }

    @Test("The same seed makes the same inputs", arguments: FuzzTarget.allCases)
    func sameInputs(target: FuzzTarget) async throws {
        let corpus = try FuzzCorpus(target, wireFolder: Self.wireFolder)
        var runs: [[FuzzInput]] = []
        for _ in 0..<2 {
            let inputs = InputList()
            _ = try await FuzzSession.run(target, corpus, seed: 7) {
                inputs.append($0)
            } goesOn: {
                $0 < 60
            }
            runs.append(inputs.all)
        }
        #expect(runs[0] == runs[1])
    }

    @Test("An input survives being written to a file", arguments: FuzzTarget.allCases)
    func file(target: FuzzTarget) async throws {
        let corpus = try FuzzCorpus(target, wireFolder: Self.wireFolder)
        for seed in corpus.seeds { #expect(FuzzInput(file: seed.file) == seed) }
    }
}

/// Collects the inputs of one run.
private final class InputList {
    private(set) var all: [FuzzInput] = []

    func append(_ input: FuzzInput) { all.append(input) }
}
