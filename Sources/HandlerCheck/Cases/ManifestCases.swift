import PureJSON

/// Checks of what the manifest says beyond its form, which is the reader's to judge.
enum ManifestCases {
    /// What a template of an object's key may name.
    private static let placeholders: Set<String> = ["bucket", "job", "tenant", "handler"]

    static let all: [CheckCase] = [
        CheckCase(.manifest, "form", "The manifest has no fault and no unknown key") { _ in .passed() },
        CheckCase(.manifest, "identity", "Title and licence are stated") { identity($0.subject) },
        CheckCase(.manifest, "digest", "The library's digest is in the manifest") { digest($0.subject) },
        CheckCase(.manifest, "limits", "Memory is limited") { limits($0.subject) },
        CheckCase(.manifest, "input-places", "Every input says where it is in the message") { inputPlaces($0.subject) },
        CheckCase(.manifest, "output-templates", "Every output's template resolves") { outputTemplates($0.subject) },
        CheckCase(.manifest, "examples", "There are examples of a good and of a bad job") { examples($0.subject) },
        CheckCase(.manifest, "example-inputs", "Examples bring the inputs that they need") {
            exampleInputs($0.subject)
        },
        CheckCase(.manifest, "example-expectations", "Examples say what comes out") { expectations($0.subject) },
    ]

    static func identity(_ subject: CheckSubject) -> Verdict {
        if subject.title.isEmpty { return .warned("there is no title; `headrace handler list` shows it") }
        if subject.license?.isEmpty ?? true { return .warned("there is no license; say which one, such as Apache-2.0") }
        return .passed("\(subject.name) \(subject.version)")
    }

    static func digest(_ subject: CheckSubject) -> Verdict {
        subject.hasDigest
            ? .passed()
            : .passed("sha256 is dev: the library is not verified; `headrace handler pack` puts the digest in")
    }

    static func limits(_ subject: CheckSubject) -> Verdict {
        guard let memory = subject.memoryLimit else {
            return .warned("limits.memory is not stated: a leak ends the machine's memory, not the handler")
        }
        let idle =
            subject.notEnforced.isEmpty ? "" : "; not enforced yet: \(subject.notEnforced.joined(separator: ", "))"
        return .passed("limits.memory \(memory >> 20) MiB\(idle)")
    }

    static func inputPlaces(_ subject: CheckSubject) -> Verdict {
        for input in subject.inputs {
            // RFC 6901: ~ is followed by 0 or 1.
            let tail = input.from.split(separator: "~", omittingEmptySubsequences: false).dropFirst()
            guard input.from.hasPrefix("/"), tail.allSatisfy({ $0.hasPrefix("0") || $0.hasPrefix("1") }) else {
                return .failed(
                    "inputs.\(input.name).from: expected a JSON Pointer such as /inputs/csv, found \"\(input.from)\"")
            }
        }
        return .passed()
    }

    static func outputTemplates(_ subject: CheckSubject) -> Verdict {
        var seen: Set<String> = []
        for output in subject.outputs {
            let place = "outputs.\(output.name).to"
            switch resolved(output.to) {
            case .failure(let fault): return .failed("\(place): \(fault.reason), in \"\(output.to)\"")
            case .success(let key):
                guard !key.isEmpty, !key.hasPrefix("/"), !key.contains("//"), !key.split(separator: "/").contains("..")
                else {
                    return .failed("\(place): expected an object's key, found \"\(key)\"")
                }
                guard output.to.contains("{job}") else {
                    return .failed("\(place): expected {job} in it, or jobs overwrite each other's outputs")
                }
                guard seen.insert(key).inserted else { return .failed("\(place): another output goes to the same key") }
            }
        }
        return .passed()
    }

    private struct TemplateFault: Error { let reason: String }

    /// The template with made-up values in the place of its names.
    private static func resolved(_ template: String) -> Result<String, TemplateFault> {
        var text = ""
        var rest = template[...]
        while let open = rest.firstIndex(of: "{") {
            text += rest[..<open]
            guard let close = rest[open...].firstIndex(of: "}") else {
                return .failure(TemplateFault(reason: "a { without }"))
            }
            let name = rest[rest.index(after: open)..<close]
            guard placeholders.contains(String(name)) else {
                let known = placeholders.sorted().map { "{\($0)}" }.joined(separator: ", ")
                return .failure(TemplateFault(reason: "expected one of \(known), found {\(name)}"))
            }
            text += name
            rest = rest[rest.index(after: close)...]
        }
        guard !rest.contains("}") else { return .failure(TemplateFault(reason: "a } without {")) }
        return .success(text + rest)
    }

    static func examples(_ subject: CheckSubject) -> Verdict {
        guard !subject.examples.isEmpty else {
            return .warned("there are no examples: the cases below run a made-up job, and users see none")
        }
        guard subject.examples.contains(where: { $0.status == "ok" }) else {
            return .warned("no example ends well: the cases below see only how the handler fails")
        }
        guard subject.examples.contains(where: { $0.status != "ok" }) else {
            return .warned("no example fails: show one job that is refused, with its code")
        }
        return .passed("\(subject.examples.count) examples")
    }

    static func exampleInputs(_ subject: CheckSubject) -> Verdict {
        let known = Set(subject.inputs.map(\.name))
        for example in subject.examples {
            for (name, path) in example.inputs.sorted(by: { $0.key < $1.key }) {
                guard known.contains(name) else {
                    return .failed("\"\(example.name)\" brings \(name), which is no input of the manifest")
                }
                guard Workspace.read(subject.folder + "/" + path) != nil else {
                    return .failed("\"\(example.name)\": the input \(path) cannot be read")
                }
            }
            if let missing = subject.inputs.first(where: { $0.isRequired && example.inputs[$0.name] == nil }) {
                return .failed("\"\(example.name)\" does not bring the input \(missing.name), which jobs must have")
            }
            if example.status != "invalid-input", let fault = subject.faultInPayload(example.payload) {
                return .failed("\"\(example.name)\": the payload does not fit: \(fault)")
            }
        }
        return subject.examples.isEmpty ? .skipped("there are no examples") : .passed()
    }

    static func expectations(_ subject: CheckSubject) -> Verdict {
        for example in subject.examples {
            guard let expected = example.expectation, expected["status"] != nil else {
                return .warned("\"\(example.name)\" does not say with which status it ends")
            }
            if example.status == "ok", expected["result"] == nil, expected["outputs"] == nil {
                return .warned("\"\(example.name)\" expects neither a result nor outputs")
            }
            if example.status != "ok", expected["code"] == nil {
                return .warned("\"\(example.name)\" does not say with which code it fails")
            }
        }
        return subject.examples.isEmpty ? .skipped("there are no examples") : .passed()
    }
}
