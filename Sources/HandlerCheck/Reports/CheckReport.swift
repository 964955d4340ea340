package import PureJSON

/// What a check came to.
package struct CheckReport: Sendable {
    /// The handler's folder, as the user gave it.
    package var path: String
    /// The handler's name; empty when its manifest cannot be read.
    package var name = ""
    /// The handler's version; empty when its manifest cannot be read.
    package var version = ""
    /// What all random choices followed from.
    package var seed: UInt64
    /// All cases, in the order in which they ran.
    package var results: [CaseResult] = []

    init(path: String, seed: UInt64) {
        self.path = path
        self.seed = seed
    }

    /// How many cases came to a verdict of that name.
    package func count(_ name: String) -> Int { results.count { $0.verdict.name == name } }

    /// Whether the handler must be mended.
    package var isFailed: Bool { results.contains { $0.verdict.isFailure } }

    /// Whether there are warnings.
    package var hasWarnings: Bool { results.contains { $0.verdict.isWarning } }

    /// How long all cases took.
    package var duration: Duration { results.reduce(.zero) { $0 + $1.duration } }

    /// The command that runs one case again.
    package func reproduction(of result: CaseResult) -> String {
        "headrace handler check \(Self.quoted(path)) --only \(result.id) --seed \(seed)"
    }

    /// A word as a shell reads it.
    private static func quoted(_ text: String) -> String {
        let isPlain = text.utf8.allSatisfy { byte in
            (0x30...0x39).contains(byte) || (0x41...0x5A).contains(byte) || (0x61...0x7A).contains(byte)
                || [0x2D, 0x2E, 0x2F, 0x5F].contains(byte)
        }
        return isPlain && !text.isEmpty ? text : "'" + text.replacing("'", with: "'\\''") + "'"
    }

    /// The report for programs.
    package var json: JSONValue {
        [
            "path": .string(path), "handler": .string(name), "version": .string(version),
            "seed": .integer(Int64(bitPattern: seed)), "passed": .integer(Int64(count("passed"))),
            "warned": .integer(Int64(count("warned"))), "failed": .integer(Int64(count("failed"))),
            "skipped": .integer(Int64(count("skipped"))), "milliseconds": .integer(duration.milliseconds),
            "cases": .array(results.map(json)),
        ]
    }

    private func json(_ result: CaseResult) -> JSONValue {
        var object: JSONObject = [
            "id": .string(result.id), "phase": .string(result.phase.rawValue), "title": .string(result.title),
            "verdict": .string(result.verdict.name), "milliseconds": .integer(result.duration.milliseconds),
        ]
        if !result.verdict.detail.isEmpty { object["detail"] = .string(result.verdict.detail) }
        if result.verdict.isFailure || result.verdict.isWarning {
            object["reproduce"] = .string(reproduction(of: result))
        }
        return .object(object)
    }
}

extension Duration {
    /// Whole milliseconds.
    package var milliseconds: Int64 { components.seconds * 1_000 + components.attoseconds / 1_000_000_000_000_000 }
}
