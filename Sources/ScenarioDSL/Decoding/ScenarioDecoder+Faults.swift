internal import PureJSON

extension ScenarioDecoder {
    mutating func fault(_ node: SourceNode) -> Fault? {
        guard let match = node["match"], let action = action(node["do"]), let target = target(match) else { return nil }
        var fault = Fault(id: plain(node["id"]), target: target, action: action, place: node.place)
        fault.ordinals = ordinals(match["nth"])
        fault.thenSignal = word(node["do"]?["then"]?["signal"])
        fault.duration = duration(node["for"])
        fault.times = integer(node["times"])
        fault.share = node["rate"]?.text.flatMap { Quantity.share($0) } ?? 1
        fault.delay = duration(node["from"]) ?? .zero
        fault.mustFire = flag(node["must_fire"]) ?? true
        checkSuitability(of: action, for: target, node)
        return fault
    }

    private mutating func target(_ node: SourceNode) -> Fault.Target? {
        if let access = word(node["db"], DatabaseAccess.self) { return .database(access, runner: text(node["runner"])) }
        guard let operation = plain(node["op"]) else { return nil }
        return .call(
            CallMatch(
                operation: operation, key: text(node["key"]), queue: text(node["queue"]), job: text(node["job"]),
                runner: text(node["runner"]), phase: word(node["phase"]), condition: condition(node["where"])))
    }

    /// Actions on databases need a database, and actions on calls a call.
    private mutating func checkSuitability(of action: Fault.Action, for target: Fault.Target, _ node: SourceNode) {
        let place = node["do"]?.members?.first?.place ?? node.place
        let name = node["do"]?.members?.first?.name ?? ""
        let isForDatabase =
            switch action {
            case .busy, .full, .inputOutputError, .torn: true
            default: false
            }
        switch target {
        case .call where isForDatabase:
            report(.unsuitable, place, "\"\(name)\" needs a match with \"db\", found \"op\"")
        case .database where !isForDatabase:
            report(.unsuitable, place, "\"\(name)\" needs a match with \"op\", found \"db\"")
        case .call(let call):
            let isForQueues = [.duplicate, .reorder].contains(action)
            if isForQueues, !Wildcard.fits("sqs.ReceiveMessage", call.operation) {
                report(.unsuitable, place, "\"\(name)\" needs a match of sqs.ReceiveMessage, found \(call.operation)")
            }
            if action == .drop, !call.operation.hasPrefix("sqs.") {
                report(.unsuitable, place, "\"drop\" needs a match of an operation of sqs, found \(call.operation)")
            }
        case .database: break
        }
    }

    private mutating func action(_ node: SourceNode?) -> Fault.Action? {
        guard let node, let head = Grammar.record("action").variants.first(where: { node[$0.head.name] != nil }) else {
            return nil
        }
        let value = node[head.head.name]
        switch head.head.name {
        case "error": return serviceError(value).map { .error($0) }
        case "latency": return duration(value).map { .latency($0, jitter: duration(node["jitter"]) ?? .zero) }
        case "reset": return .reset(after: offset(value?["after"]) ?? .bytes(0))
        case "truncate": return .truncate(after: offset(value?["after"]) ?? .bytes(0))
        case "stall": return .stall(after: offset(value?["after"]) ?? .bytes(0))
        case "flip_bit": return .flipBit(at: offset(value?["at"]))
        case "apply_then": return word(value, Aftermath.self).map { .applyThen($0) }
        case "duplicate": return .duplicate
        case "reorder": return .reorder
        case "drop": return .drop
        case "busy": return .busy
        case "full": return .full
        case "ioerr": return .inputOutputError
        default: return size(value?["keep"]).map { .torn(keepBytes: $0) }
        }
    }

    mutating func serviceError(_ node: SourceNode?) -> ServiceError? {
        guard let node, let status = integer(node["status"]) else { return nil }
        return ServiceError(status: status, code: plain(node["code"]), retryAfter: duration(node["retry_after"]))
    }

    private func offset(_ node: SourceNode?) -> BodyOffset? {
        if let bytes = size(node) { return .bytes(bytes) }
        return node?.text.flatMap { Quantity.share($0) }.map { .share($0) }
    }

    private mutating func ordinals(_ node: SourceNode?) -> [ClosedRange<Int>] {
        guard let node else { return [] }
        if let number = integer(node) { return [number...number] }
        var ranges: [ClosedRange<Int>] = []
        for bounds in node.text.flatMap({ Quantity.ordinals($0) }) ?? [] {
            if let range = range(node, bounds) { ranges.append(range) }
        }
        return ranges
    }
}
