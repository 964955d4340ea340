import CHandlerABI
import JobCore
import PureJSON
import Yams

extension ManifestReader {
    /// The platform that this process runs on, as manifests spell it.
    static var platform: String {
        #if arch(x86_64)
            "linux-x86_64"
        #elseif arch(arm64)
            "linux-aarch64"
        #endif
    }

    mutating func readABI(_ node: Node) {
        let abi = cursor.members(node, of: "abi", known: ["major", "minMinor", "requires", "optional"])
        if abi["major"] == nil { cursor.fault(node, "abi: the key \"major\" is missing") }
        if let major = cursor.integer(abi["major"], "abi.major", in: 1...1_000), major != Int64(JH_ABI_MAJOR) {
            cursor.fault(abi["major"], "abi.major: the handler wants \(major), this runner speaks \(JH_ABI_MAJOR)")
        }
        if let minor = cursor.integer(abi["minMinor"], "abi.minMinor", in: 0...1_000), minor > Int64(JH_ABI_MINOR) {
            cursor.fault(
                abi["minMinor"],
                "abi.minMinor: the handler wants \(JH_ABI_MAJOR).\(minor), this runner speaks "
                    + "\(JH_ABI_MAJOR).\(JH_ABI_MINOR); upgrade the runner")
        }
        _ = cursor.texts(abi["optional"], "abi.optional")
        for (node, name) in cursor.texts(abi["requires"], "abi.requires") {
            cursor.fault(node, "abi.requires: this runner does not have the extension \"\(name)\"")
        }
    }

    mutating func readLibrary(_ top: [String: Node]) {
        guard let list = top["library"] else { return }
        var platforms: [String] = []
        for node in cursor.elements(list, "library") {
            let entry = cursor.members(node, of: "library", known: ["platform", "path", "sha256"])
            for key in ["platform", "path", "sha256"] where entry[key] == nil {
                cursor.fault(node, "library: the key \"\(key)\" is missing")
            }
            let platform = cursor.choice(entry["platform"], "library.platform", of: ["linux-x86_64", "linux-aarch64"])
            let path = relativePath(entry["path"], "library.path")
            let digest = digest(entry["sha256"])
            guard let platform else { continue }
            platforms.append(platform)
            if platform == Self.platform, let path, let digest {
                manifest.libraryPath = path
                manifest.digest = digest
            }
        }
        if !platforms.contains(Self.platform) {
            cursor.fault(list, "library: no entry for \(Self.platform), only \(platforms.joined(separator: ", "))")
        }
    }

    private mutating func digest(_ node: Node?) -> HandlerManifest.Digest? {
        guard let node, let text = node.scalar?.string else { return nil }
        if text == "dev" { return .dev }
        let isHex = text.utf8.allSatisfy { (0x30...0x39).contains($0) || (0x61...0x66).contains($0) }
        guard isHex, text.utf8.count == 64 else {
            cursor.fault(node, "library.sha256: expected 64 lower-case hexadecimal digits or dev, found \"\(text)\"")
            return nil
        }
        return .sha256(text)
    }

    private mutating func relativePath(_ node: Node?, _ place: String) -> String? {
        guard let node, let path = cursor.text(node, place) else { return nil }
        guard Self.staysBelow(path) else {
            cursor.fault(node, "\(place): expected a path below the manifest's folder, found \"\(path)\"")
            return nil
        }
        return path
    }

    /// Whether a path names something below the folder that it is relative to.
    static func staysBelow(_ path: String) -> Bool {
        !path.isEmpty && !path.hasPrefix("/") && !path.utf8.contains(0)
            && !path.split(separator: "/").contains("..")
    }

    mutating func readInputs(_ node: Node?) {
        guard let node else { return }
        for (key, name, value) in cursor.pairs(node, of: "inputs") {
            let place = "inputs.\(name)"
            checkFileName(key, name, place)
            let members = cursor.members(value, of: place, known: ["from", "required", "contentTypes", "maxBytes"])
            _ = cursor.text(members["from"], place + ".from")
            if members["from"] == nil { cursor.fault(key, "\(place): the key \"from\" is missing") }
            var input = HandlerManifest.Input(name: name)
            input.isRequired = cursor.flag(members["required"], place + ".required") ?? true
            input.contentTypes = cursor.texts(members["contentTypes"], place + ".contentTypes").map(\.text)
            input.maxBytes = cursor.size(members["maxBytes"], place + ".maxBytes")
            manifest.inputs.append(input)
        }
    }

    mutating func readOutputs(_ node: Node?) {
        guard let node else { return }
        for (key, name, value) in cursor.pairs(node, of: "outputs") {
            let place = "outputs.\(name)"
            checkFileName(key, name, place)
            let members = cursor.members(value, of: place, known: ["to", "required", "contentType"])
            _ = cursor.text(members["to"], place + ".to")
            if members["to"] == nil { cursor.fault(key, "\(place): the key \"to\" is missing") }
            var output = HandlerManifest.Output(name: name)
            output.isRequired = cursor.flag(members["required"], place + ".required") ?? true
            if let type = cursor.text(members["contentType"], place + ".contentType") { output.contentType = type }
            manifest.outputs.append(output)
        }
    }

    private mutating func checkFileName(_ node: Node, _ name: String, _ place: String) {
        let isPlain = name.utf8.allSatisfy { byte in
            (0x30...0x39).contains(byte) || (0x41...0x5A).contains(byte) || (0x61...0x7A).contains(byte)
                || [0x2D, 0x2E, 0x5F].contains(byte)
        }
        guard isPlain, (1...128).contains(name.utf8.count), !name.hasPrefix(".") else {
            return cursor.fault(node, "\(place): expected a name of letters, digits, '.', '_' and '-'")
        }
    }

    mutating func readConcurrency(_ node: Node) {
        let members = cursor.members(node, of: "concurrency", known: ["max", "reentrant"])
        manifest.concurrency = Int(cursor.integer(members["max"], "concurrency.max", in: 1...256) ?? 1)
        _ = cursor.flag(members["reentrant"], "concurrency.reentrant")
    }

    mutating func readTimeout(_ node: Node) {
        let members = cursor.members(node, of: "timeout", known: ["run", "cancelGrace", "stall"])
        if let run = cursor.duration(members["run"], "timeout.run") { manifest.timeout = run }
        if let grace = cursor.duration(members["cancelGrace"], "timeout.cancelGrace") { manifest.cancelGrace = grace }
        manifest.stall = cursor.duration(members["stall"], "timeout.stall")
        if let stall = manifest.stall, stall < .seconds(5) {
            cursor.fault(members["stall"], "timeout.stall: expected 5s or more")
        }
    }

    mutating func readRetry(_ node: Node) {
        let members = cursor.members(node, of: "retry", known: ["maxAttempts", "backoff", "when"])
        if let attempts = cursor.integer(members["maxAttempts"], "retry.maxAttempts", in: 1...100) {
            manifest.retry.maxAttempts = Int(attempts)
        }
        for (element, text) in cursor.texts(members["when"], "retry.when") {
            _ = cursor.choice(element, "retry.when", of: ["retryable", "resource", "timeout", "crashed"])
            _ = text
        }
        if members["when"] != nil { manifest.notEnforced.append("retry.when") }
        guard let backoff = members["backoff"] else { return }
        let parts = cursor.members(backoff, of: "retry.backoff", known: ["initial", "max", "factor", "jitter"])
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

    mutating func readIsolation(_ node: Node) {
        let members = cursor.members(
            node, of: "isolation",
            known: ["mode", "recycleAfterJobs", "recycleAboveMemory", "network", "filesystem"])
        let modes = ["process-per-job", "pool"]
        if cursor.choice(members["mode"], "isolation.mode", of: modes) == "process-per-job" {
            manifest.isolation = .processPerJob
        }
        if let jobs = cursor.integer(members["recycleAfterJobs"], "isolation.recycleAfterJobs", in: 1...1_000_000) {
            manifest.recycleAfterJobs = Int(jobs)
        }
        manifest.recycleAboveBytes = cursor.size(members["recycleAboveMemory"], "isolation.recycleAboveMemory")
        let network = cursor.choice(members["network"], "isolation.network", of: ["none", "host"])
        manifest.allowsNetwork = network == "host"
        guard let files = members["filesystem"] else { return }
        let parts = cursor.members(files, of: "isolation.filesystem", known: ["read", "scratch"])
        _ = cursor.texts(parts["read"], "isolation.filesystem.read")
        _ = cursor.size(parts["scratch"], "isolation.filesystem.scratch")
        manifest.notEnforced.append("isolation.filesystem")
    }

    mutating func readLimits(_ node: Node) {
        let members = cursor.members(
            node, of: "limits",
            known: [
                "memory", "cpuSeconds", "openFiles", "processes", "threads", "outputBytes", "checkpointBytes",
                "kvBytes",
            ])
        manifest.limits.memoryBytes = cursor.size(members["memory"], "limits.memory")
        manifest.limits.cpuSeconds = cursor.integer(members["cpuSeconds"], "limits.cpuSeconds", in: 1...1_000_000)
        if let files = cursor.integer(members["openFiles"], "limits.openFiles", in: 16...65_536) {
            manifest.limits.openFiles = files
        }
        if let bytes = cursor.size(members["outputBytes"], "limits.outputBytes") { manifest.limits.outputBytes = bytes }
        if let count = cursor.integer(members["processes"], "limits.processes", in: 0...65_536), count > 0 {
            manifest.allowsProcesses = true
            manifest.notEnforced.append("limits.processes")
        }
        _ = cursor.integer(members["threads"], "limits.threads", in: 1...65_536)
        for key in ["checkpointBytes", "kvBytes"] { _ = cursor.size(members[key], "limits.\(key)") }
        for key in ["threads", "checkpointBytes", "kvBytes"] where members[key] != nil {
            manifest.notEnforced.append("limits.\(key)")
        }
    }

    /// What the handler may see of the runner's surroundings.
    mutating func readGrants(_ top: [String: Node]) {
        for (node, name) in cursor.texts(top["env"], "env") {
            let isPlain = name.utf8.allSatisfy { byte in
                (0x30...0x39).contains(byte) || (0x41...0x5A).contains(byte) || byte == 0x5F
            }
            guard isPlain, name.utf8.first.map({ (0x41...0x5A).contains($0) }) ?? false else {
                cursor.fault(node, "env: expected a name in capitals, found \"\(name)\"")
                continue
            }
            guard !name.hasPrefix("AWS_"), !name.hasPrefix("LD_"), name != "HEADRACE_CONFIG" else {
                cursor.fault(node, "env: \(name) is never given to handlers")
                continue
            }
            manifest.environment.append(name)
        }
        if !cursor.texts(top["secrets"], "secrets").isEmpty { manifest.notEnforced.append("secrets") }
        if let node = top["s3"] {
            let members = cursor.members(node, of: "s3", known: ["read", "write"])
            for key in ["read", "write"] { _ = cursor.texts(members[key], "s3.\(key)") }
            manifest.notEnforced.append("s3")
        }
        if let node = top["queue"] {
            let members = cursor.members(node, of: "queue", known: ["names", "match"])
            _ = cursor.texts(members["names"], "queue.names")
            if let match = members["match"] { _ = cursor.pairs(match, of: "queue.match") }
            manifest.notEnforced.append("queue")
        }
        if let node = top["signature"] {
            let members = cursor.members(node, of: "signature", known: ["keyId", "file"])
            for key in ["keyId", "file"] { _ = cursor.text(members[key], "signature.\(key)") }
            manifest.notEnforced.append("signature")
        }
        for key in ["deterministic", "idempotent"] { _ = cursor.flag(top[key], key) }
    }

    mutating func readExamples(_ node: Node?) {
        for element in cursor.elements(node, "examples") {
            let members = cursor.members(
                element, of: "examples", known: ["name", "payload", "config", "inputs", "expect"])
            for key in ["name", "payload"] where members[key] == nil {
                cursor.fault(element, "examples: the key \"\(key)\" is missing")
            }
            guard let name = cursor.text(members["name"], "examples.name"),
                let payload = cursor.json(members["payload"])
            else { continue }
            var example = HandlerManifest.Example(name: name, payload: payload, inputs: [:])
            example.config = cursor.json(members["config"])
            if let inputs = members["inputs"] {
                for (_, input, value) in cursor.pairs(inputs, of: "examples.inputs") {
                    if let path = relativePath(value, "examples.inputs.\(input)") { example.inputs[input] = path }
                }
            }
            if let expect = members["expect"] {
                _ = cursor.members(expect, of: "examples.expect", known: ["status", "code", "result", "outputs"])
                example.expect = cursor.json(expect)
            }
            if let mismatch = manifest.payload?.mismatch(of: payload), !Self.expectsInvalid(example.expect) {
                cursor.fault(
                    members["payload"],
                    "examples: the payload of \"\(name)\" does not fit the schema at \(mismatch.pointer): \(mismatch.reason)"
                )
            }
            manifest.examples.append(example)
        }
    }

    private static func expectsInvalid(_ expect: JSONValue?) -> Bool {
        expect?["status"]?.stringValue == "invalid-input"
    }
}
