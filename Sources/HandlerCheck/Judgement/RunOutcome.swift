import ProbeProtocol
import PureJSON

/// What a run came to, as its job's owner sees it.
struct RunOutcome: Sendable, Hashable {
    var status: Int32
    var code: String
    /// The bytes that the handler set; `nil` for none.
    var resultText: [UInt8]?
    /// Output name to its bytes; empty unless the run ended well.
    var outputs: [String: [UInt8]]

    init(status: Int32, code: String = "", resultText: [UInt8]? = nil, outputs: [String: [UInt8]] = [:]) {
        self.status = status
        self.code = code
        self.resultText = resultText
        self.outputs = outputs
    }

    /// Reads what a run left behind; only a run that ended well leaves outputs.
    init(_ facts: RunFacts, of run: ProbeRun) {
        status = facts.status
        code = facts.error?.code ?? ""
        resultText = facts.hasResult ? Workspace.read(run.resultPath) : nil
        outputs = [:]
        guard facts.status == 0 else { return }
        for name in facts.outputs { outputs[name] = Workspace.read(run.outputDirectory + "/" + name) ?? [] }
    }

    /// The first difference to another outcome, for a sentence that begins with "expected"; `nil` when there is none.
    func difference(from expected: RunOutcome, comparesContent: Bool) -> String? {
        guard status == expected.status else {
            return "status \(StatusWord.text(expected.status)), found \(described)"
        }
        guard code == expected.code else { return "the code \(expected.code), found \(code)" }
        guard comparesContent, status == 0 else { return nil }
        let names = outputs.keys.sorted()
        guard names == expected.outputs.keys.sorted() else {
            return "the outputs \(Self.list(expected.outputs.keys.sorted())), found \(Self.list(names))"
        }
        for name in names {
            if let place = Self.difference(outputs[name] ?? [], expected.outputs[name] ?? []) {
                return "the same bytes in \(name), found a difference at \(place)"
            }
        }
        if let place = Self.difference(resultText ?? [], expected.resultText ?? []) {
            return "the same result, found a difference at \(place)"
        }
        return nil
    }

    /// Status and code.
    var described: String { StatusWord.text(status) + (code.isEmpty ? "" : " (\(code))") }

    private static func list(_ names: [String]) -> String { names.isEmpty ? "none" : names.joined(separator: ", ") }

    /// Where two texts differ first, and how long they are when one ends there.
    private static func difference(_ found: [UInt8], _ expected: [UInt8]) -> String? {
        guard found != expected else { return nil }
        let place = zip(found, expected).enumerated().first { $0.element.0 != $0.element.1 }?.offset
        guard let place else { return "the end: \(found.count) bytes instead of \(expected.count)" }
        let line = found[..<place].count { $0 == 0x0A } + 1
        return "byte \(place), line \(line)"
    }
}
