internal import PureJSON

extension ScenarioDecoder {
    mutating func steps(_ node: SourceNode?) -> [Step] { (node?.elements ?? []).compactMap { step($0) } }

    private mutating func step(_ node: SourceNode) -> Step? {
        guard let verb = Grammar.verbs.first(where: { node[$0.head.name] != nil })?.head.name,
            let member = node.members?.first(where: { $0.name == verb }),
            let action = action(verb, member.value, of: node)
        else { return nil }
        return Step(action: action, id: node["id"]?.text, condition: expression(node["when"]), place: member.place)
    }

    private mutating func action(_ verb: String, _ node: SourceNode, of step: SourceNode) -> Step.Action? {
        switch verb {
        case "send": return send(node).map { .send($0) }
        case "upload":
            guard let key = text(node["key"]), let input = input(node["input"]) else { return nil }
            return .upload(key: key, input, label: node["as"]?.text)
        case "wait":
            let within = duration(node["within"]) ?? .seconds(3_600)
            return eventPattern(node).map { .wait($0, within: within, label: node["as"]?.text) }
        case "eventually":
            guard let check = check(node), let within = duration(node["within"]) else { return nil }
            return .eventually(check, within: within)
        case "expect": return .expect(expectations(node))
        case "advance": return duration(node).map { .advance($0) }
        case "fault": return fault(node).map { .fault($0) }
        case "clear": return text(node).map { .clear(fault: $0.literal == "all" ? nil : $0) }
        case "repeat":
            guard let times = computedInteger(node["times"]) else { return nil }
            return .repeat(RepeatAction(times: times, counter: node["as"]?.text, steps: steps(step["do"])))
        case "parallel": return .parallel((node.elements ?? []).map { steps($0) })
        case "capture": return capture(node)
        case "run":
            return .run(
                ProgramRun(
                    command: (node["cmd"]?.elements ?? []).compactMap { text($0) },
                    exitCode: integer(node["exit_code"]) ?? 0,
                    label: node["as"]?.text, within: duration(node["within"]) ?? .seconds(60)))
        case "note": return text(node).map { .note($0) }
        case "deploy":
            return text(node["handler"]).map { .deploy(handler: $0, word(node["version"]) ?? .current) }
        case "revoke": return word(node["credentials"], CredentialSelection.self).map { .revoke($0) }
        case "rolling": return rolling(node)
        default: return runnerAction(verb, node)
        }
    }

    private mutating func runnerAction(_ verb: String, _ node: SourceNode) -> Step.Action? {
        guard let runner = text(node["runner"]) else { return nil }
        switch verb {
        case "signal": return word(node["sig"], SignalWord.self).map { .signal(runner: runner, $0) }
        case "pause": return .pause(runner: runner, label: node["as"]?.text)
        case "resume": return .resume(runner: runner)
        case "start": return .start(runner: runner, like: text(node["like"]), word(node["binary"]))
        case "restart":
            return .restart(runner: runner, word(node["sig"]) ?? .term, after: duration(node["after"]) ?? .zero)
        default: return nil
        }
    }

    private mutating func rolling(_ node: SourceNode) -> Step.Action? {
        guard let binary = word(node["to"]?["binary"], BinaryWord.self), let from = node["from"] else { return nil }
        var runners = (from.elements ?? []).compactMap { plain($0) }
        if let name = plain(from), name != "*" { runners = [name] }
        return .rolling(
            RollingAction(
                runners: runners, binary: binary, drain: word(node["drain"]) ?? .term,
                overlap: duration(node["overlap"]) ?? .zero))
    }

    private mutating func capture(_ node: SourceNode) -> Step.Action? {
        guard let label = node["as"]?.text else { return nil }
        if let key = text(node["object"]) { return .capture(.object(key), label: label) }
        return text(node["job"]).map { .capture(.job($0), label: label) }
    }

    // MARK: - Messages

    private mutating func send(_ node: SourceNode) -> SendAction? {
        guard let content = node["raw"].map({ raw($0) }) ?? jobContent(node).map({ .job($0) }) else { return nil }
        var send = SendAction(content: content, queue: text(node["queue"]))
        send.copies = computedInteger(node["copies"]) ?? send.copies
        send.delay = duration(node["delay"]) ?? .zero
        send.attributes = namedTexts(node["attributes"])
        send.label = node["as"]?.text
        return send
    }

    private mutating func raw(_ node: SourceNode) -> SendAction.Content {
        if let repeated = node["body"], repeated.members != nil {
            return .repeated(plain(repeated["repeat"]) ?? "", bytes: size(repeated["bytes"]) ?? 0)
        }
        if let encoded = node["body_base64"], let text = encoded.text, !encoded.isComputed {
            guard let bytes = Base64.bytes(of: text) else {
                report(.wrongSpelling, encoded.place, "expected Base64, found \(encoded.summary)")
                return .bytes([])
            }
            return .bytes(bytes)
        }
        return .text(text(node["body"]) ?? TextTemplate(""))
    }

    private mutating func jobContent(_ node: SourceNode) -> JobContent? {
        guard let job = text(node["job"]), let handler = text(node["handler"]) else { return nil }
        var content = JobContent(job: job, handler: handler)
        if let node = node["input"], let input = input(node) {
            content.inputs.append(NamedInput(name: "input", input: input))
        }
        for member in node["inputs"]?.members ?? [] {
            if let input = input(member.value) { content.inputs.append(NamedInput(name: member.name, input: input)) }
        }
        if let both = node["inputs"], node["input"] != nil {
            report(.unsuitable, both.place, "expected \"input\" or \"inputs\", found both")
        }
        for member in node["params"]?.members ?? [] {
            content.params.append(ValueTemplate.Member(name: member.name, value: value(member.value)))
        }
        content.priority = word(node["priority"])
        content.tenant = text(node["tenant"])
        return content
    }

    private mutating func input(_ node: SourceNode?) -> InputReference? {
        guard let node, let template = text(node) else { return nil }
        if case .path(let path, _)? = template.wholeExpression, path.count == 2, path[0] == "data" {
            return .data(path[1])
        }
        guard template.literal.map({ $0.hasPrefix("s3://") }) ?? true else {
            report(.unsuitable, node.place, "expected ${data.NAME} or an s3:// address, found \(node.summary)")
            return nil
        }
        return .address(template)
    }
}
