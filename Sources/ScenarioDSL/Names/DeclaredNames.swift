internal import PureJSON

/// Everything in a file that other places can refer to.
struct DeclaredNames {
    /// Kinds of things that have names.
    enum Kind: String, CaseIterable {
        case handler, queue, runner, data, fault, job, message, step

        /// The code for a name that nobody has declared.
        var code: DiagnosticCode {
            switch self {
            case .handler: .unknownHandler
            case .queue: .unknownQueue
            case .runner: .unknownRunner
            case .data: .unknownData
            case .fault: .unknownFault
            case .job: .unknownJob
            case .message: .unknownMessage
            case .step: .unknownStep
            }
        }
    }

    private(set) var names: [Kind: [String]] = [:]
    private(set) var diagnostics: [Diagnostic] = []

    /// Collects the names of a file in one cell.
    init(_ root: SourceNode) {
        let setup = root["setup"]
        for queue in [setup?["queue"]].compactMap({ $0 }) + (setup?["queues"]?.elements ?? []) {
            for key in ["name", "dlq"] { if let name = queue[key] { declareOnce(.queue, name) } }
        }
        declareRunners(setup?["runners"])
        for member in setup?["data"]?.members ?? [] { declare(.data, member.name) }
        for fault in root["faults"]?.elements ?? [] { if let id = fault["id"] { declareOnce(.fault, id) } }
        for load in root["background"]?.elements ?? [] { declare(steps: load["do"]) }
        declare(steps: root["steps"])
    }

    /// Whether a name, with `*` for any characters, can be one that is declared.
    func contains(_ name: String, _ kind: Kind) -> Bool {
        (names[kind] ?? []).contains { Wildcard.fits(name, $0) || Wildcard.fits($0, name) }
    }

    private mutating func declare(_ kind: Kind, _ name: String) { names[kind, default: []].append(name) }

    private mutating func declareOnce(_ kind: Kind, _ node: SourceNode) {
        guard let name = node.text, !node.isComputed else { return declare(kind, "*") }
        if names[kind]?.contains(name) ?? false {
            diagnostics.append(
                Diagnostic(.nameTwice, at: node.place, "there are two \(kind.rawValue)s of the name \"\(name)\""))
        }
        declare(kind, name)
    }

    private mutating func declareRunners(_ node: SourceNode?) {
        for runner in node?.elements ?? [] {
            if let id = runner["id"] { declareOnce(.runner, id) }
            declareHandlers(runner["handlers"])
        }
        guard let node, node.members != nil else { return }
        for number in 1...max(Int(node["count"]?.scalar?.integerValue ?? 1), 1) { declare(.runner, "r\(number)") }
        declareHandlers(node["handlers"])
    }

    private mutating func declareHandlers(_ node: SourceNode?) {
        for handler in node?.elements ?? [] {
            if let name = (handler["name"] ?? handler).text { declare(.handler, name) }
        }
    }

    private mutating func declare(steps: SourceNode?) {
        for step in steps?.elements ?? [] {
            if let id = step["id"] { declareOnce(.step, id) }
            if let send = step["send"] {
                if let job = send["job"] { declare(.job, Self.pattern(of: job)) }
                if send["raw"] != nil { declare(.job, Self.pattern(ofJobIn: send["raw"])) }
                if let label = send["as"]?.text { declare(.message, label) }
            }
            // A program may submit any job.
            if step["run"] != nil { declare(.job, "*") }
            if let id = step["fault"]?["id"] { declareOnce(.fault, id) }
            if let runner = step["start"]?["runner"] { declare(.runner, Self.pattern(of: runner)) }
            declare(steps: step["do"])
            for branch in step["parallel"]?.elements ?? [] { declare(steps: branch) }
        }
    }

    /// A text with `*` for what the run brings.
    static func pattern(of node: SourceNode) -> String {
        guard let text = node.text else { return "*" }
        guard node.isComputed else { return text }
        do throws(ExpressionFault) {
            let pieces = try node.template().pieces
            return pieces.map { piece in
                if case .text(let plain) = piece { plain } else { "*" }
            }.joined()
        } catch {
            // The fault is reported where the text is read as a value.
            return "*"
        }
    }

    /// The job that bytes of one's own name, where they can be read.
    private static func pattern(ofJobIn raw: SourceNode?) -> String {
        guard let body = raw?["body"]?.text, raw?["body"]?.isComputed == false else { return "*" }
        do {
            return try JSONValue(parsing: Array(body.utf8))["job_id"]?.stringValue ?? "*"
        } catch {
            return "*"
        }
    }
}
