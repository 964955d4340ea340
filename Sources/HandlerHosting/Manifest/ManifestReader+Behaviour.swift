import JobCore
import PureJSON
import Yams

/// How the handler's runs are treated, and examples of them.
extension ManifestReader {
    private static let statuses = ["ok", "retryable", "invalid-input", "permanent", "cancelled", "resource"]

    mutating func readTerms(_ top: [String: Node]) {
        let own = ["concurrency.reentrant", "isolation.recycleAfterJobs", "isolation.recycleAboveMemory"]
        let (terms, extras) = cursor.terms(in: top, extras: own)
        manifest.request = terms
        manifest.isReentrant = cursor.flag(extras[own[0]], own[0]) ?? false
        if let jobs = cursor.integer(extras[own[1]], own[1], in: 1...1_000_000) {
            manifest.recycleAfterJobs = Int(jobs)
        }
        manifest.recycleAboveBytes = cursor.size(extras[own[2]], own[2], atLeast: 1)
    }

    mutating func readRetry(_ node: Node?) {
        guard let node else { return }
        let members = cursor.members(node, of: "retry", known: ["maxAttempts", "backoff", "when"])
        if let attempts = cursor.integer(members["maxAttempts"], "retry.maxAttempts", in: 1...100) {
            manifest.retry.maxAttempts = Int(attempts)
        }
        var causes: [String] = []
        for (element, _) in cursor.texts(members["when"], "retry.when") {
            let known = ["retryable", "resource", "timeout", "crashed"]
            guard let cause = cursor.choice(element, "retry.when", of: known) else { continue }
            if causes.contains(cause) { cursor.fault(element, "retry.when: \"\(cause)\" stands twice") }
            causes.append(cause)
        }
        if members["when"] != nil { manifest.notEnforced.append("retry.when") }
        if let backoff = members["backoff"] { readBackoff(backoff) }
    }

    private mutating func readBackoff(_ node: Node) {
        let parts = cursor.members(node, of: "retry.backoff", known: ["initial", "max", "factor", "jitter"])
        if let wait = cursor.duration(parts["initial"], "retry.backoff.initial") {
            manifest.retry.initialBackoff = wait
        }
        if let wait = cursor.duration(parts["max"], "retry.backoff.max") { manifest.retry.maxBackoff = wait }
        if let factor = cursor.number(parts["factor"], "retry.backoff.factor", atLeast: 1) {
            manifest.retry.factor = factor
        }
        if cursor.choice(parts["jitter"], "retry.backoff.jitter", of: ["none", "full", "equal"]) != nil {
            manifest.notEnforced.append("retry.backoff.jitter")
        }
    }

    // MARK: - Examples

    mutating func readExamples(_ node: Node?) {
        guard let node else { return }
        let elements = cursor.elements(node, "examples")
        if elements.isEmpty, case .sequence = node { cursor.fault(node, "examples: expected at least one") }
        for element in elements { readExample(element) }
    }

    private mutating func readExample(_ node: Node) {
        let members = cursor.members(
            node, of: "examples", known: ["name", "payload", "config", "inputs", "expect"])
        cursor.require(["name", "payload"], in: members, of: node, "examples")
        let name = cursor.text(members["name"], "examples.name")
        let payload = cursor.json(members["payload"])
        var example = HandlerManifest.Example(name: name ?? "", payload: payload ?? .null, inputs: [:])
        example.config = cursor.json(members["config"])
        example.inputs = filePaths(members["inputs"], "examples.inputs")
        if let expect = members["expect"] { readExpectation(expect, into: &example) }
        guard name != nil, let payload else { return }
        if let mismatch = manifest.payload?.mismatch(of: payload), !Self.expectsInvalid(example.expect) {
            cursor.fault(
                members["payload"],
                "examples: the payload of \"\(example.name)\" does not fit the schema at \(mismatch.pointer): "
                    + mismatch.reason)
        }
        manifest.examples.append(example)
    }

    private mutating func readExpectation(_ node: Node, into example: inout HandlerManifest.Example) {
        let members = cursor.members(
            node, of: "examples.expect", known: ["status", "code", "result", "outputs"])
        _ = cursor.choice(members["status"], "examples.expect.status", of: Self.statuses)
        _ = cursor.text(members["code"], "examples.expect.code")
        _ = filePaths(members["outputs"], "examples.expect.outputs")
        example.expect = cursor.json(node)
    }

    /// Names and the files below the manifest's folder that they stand for.
    private mutating func filePaths(_ node: Node?, _ place: String) -> [String: String] {
        guard let node else { return [:] }
        var paths: [String: String] = [:]
        for (_, name, value) in cursor.pairs(node, of: place) {
            guard let path = relativePath(value, "\(place).\(name)") else { continue }
            paths[name] = path
            manifest.referredFiles.append(path)
        }
        return paths
    }

    private static func expectsInvalid(_ expect: JSONValue?) -> Bool {
        expect?["status"]?.stringValue == "invalid-input"
    }
}
