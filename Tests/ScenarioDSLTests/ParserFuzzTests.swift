import Testing

@testable import ScenarioDSL

@Suite("The parser and texts that nobody would write")
struct ParserFuzzTests {
    private static let seeds: [UInt64] = [1, 2, 3, 4]

    /// Every place lies in the file, so that reports can show it.
    private func check(_ bytes: [UInt8], _ seed: UInt64, _ round: Int) {
        let file = ScenarioParser.parse(bytes, path: "fuzz.yml")
        #expect(file.isInvalid == file.scenarios.isEmpty, "seed \(seed), round \(round)")
        for diagnostic in file.diagnostics {
            let place = diagnostic.place
            #expect((1...file.text.lines.count + 1).contains(place.line), "seed \(seed), round \(round): \(diagnostic)")
            #expect(place.column >= 1 && place.length >= 1, "seed \(seed), round \(round): \(diagnostic)")
            #expect(!diagnostic.message.isEmpty)
        }
        _ = DiagnosticText(usesColor: true).report(file)
    }

    @Test("Random bytes have diagnostics", arguments: seeds)
    func randomBytes(seed: UInt64) {
        var random = SplitMix(seed: seed)
        for round in 0..<500 {
            let bytes = (0..<random.below(200)).map { _ in UInt8.random(in: 0...255, using: &random) }
            check(bytes, seed, round)
        }
    }

    @Test("Random signs of YAML and of expressions have diagnostics", arguments: seeds)
    func randomSigns(seed: UInt64) {
        var random = SplitMix(seed: seed)
        let parts = [
            "lab: 1\n", "name: x\n", "setup: {}\n", "steps:\n", "  - ", "send: ", "{", "}", "[", "]", ": ", ", ", "\n",
            "  ",
            "${", "matrix", ".", "'", "\"", "&a ", "*a", "|", ">", "#", "- ", "!", "%", "when: ", "1", "null",
            "expect:\n", "é",
        ]
        for round in 0..<500 {
            let text = (0..<random.below(60)).map { _ in parts[random.below(parts.count)] }.joined()
            check(Array(text.utf8), seed, round)
        }
    }

    @Test("Examples with bytes changed, left out and doubled have diagnostics or scenarios", arguments: seeds)
    func mutatedExamples(seed: UInt64) throws {
        var random = SplitMix(seed: seed)
        let names = try ScenarioSources.names(in: "Scenarios", ending: ".yml")
        for round in 0..<40 {
            var bytes = try ScenarioSources.bytes("Scenarios/" + names[random.below(names.count)])
            for _ in 0...random.below(6) {
                let place = random.below(bytes.count)
                switch random.below(3) {
                case 0: bytes[place] = UInt8.random(in: 0x20...0x7E, using: &random)
                case 1: bytes.remove(at: place)
                default: bytes.insert(contentsOf: bytes[place..<min(place + 20, bytes.count)], at: place)
                }
            }
            check(bytes, seed, round)
        }
    }

    @Test("Deep nesting and long lines are refused or read, not a crash")
    func extremes() {
        check(Array(String(repeating: "[", count: 200_000).utf8), 0, 0)
        check(Array(String(repeating: "- ", count: 100_000).utf8), 0, 1)
        check(Array(("lab: 1\nname: " + String(repeating: "x", count: 200_000)).utf8), 0, 2)
        check(Array(String(repeating: "a: 1\n", count: 100_000).utf8), 0, 3)
        check(Array(("lab: " + String(repeating: "${", count: 50_000)).utf8), 0, 4)
    }
}
