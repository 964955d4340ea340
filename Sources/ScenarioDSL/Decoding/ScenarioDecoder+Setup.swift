internal import PureJSON

extension ScenarioDecoder {
    mutating func setup(_ node: SourceNode?) -> Setup {
        var setup = Setup()
        guard let node else { return setup }
        if let both = node["queue"], node["queues"] != nil {
            report(.unsuitable, both.place, "expected \"queue\" or \"queues\", found both")
        }
        let queues = (node["queues"]?.elements ?? []) + [node["queue"]].compactMap { $0 }
        for queue in queues { if let queue = queueSetup(queue) { setup.queues.append(queue) } }
        setup.runners = runners(node["runners"])
        setup.database.kind = word(node["db"]?["kind"]) ?? setup.database.kind
        setup.database.isShared = flag(node["db"]?["shared"]) ?? true
        for member in node["data"]?.members ?? [] {
            if let data = dataSetup(member) { setup.data.append(data) }
        }
        setup.credentials = credentials(node["credentials"])
        for member in node["env"]?.members ?? [] {
            guard let value = plain(member.value) else { continue }
            setup.environment.append(EnvironmentVariable(name: member.name, value: value))
        }
        return setup
    }

    private mutating func queueSetup(_ node: SourceNode) -> QueueSetup? {
        guard let name = plain(node["name"]) else { return nil }
        var queue = QueueSetup(name: name, place: node.place)
        queue.visibility = duration(node["visibility"]) ?? queue.visibility
        queue.maximumReceives = integer(node["max_receives"]) ?? queue.maximumReceives
        queue.deadLetterQueue = plain(node["dlq"])
        queue.retention = duration(node["retention"]) ?? queue.retention
        queue.deadLetterRetention = duration(node["dlq_retention"]) ?? queue.deadLetterRetention
        if queue.deadLetterQueue == nil {
            for key in ["max_receives", "dlq_retention"] {
                if let value = node[key] { report(.unsuitable, value.place, "\"\(key)\" needs a \"dlq\"") }
            }
        }
        return queue
    }

    // MARK: - Runners

    private mutating func runners(_ node: SourceNode?) -> [RunnerSetup] {
        guard let node else { return [] }
        guard let list = node.elements else {
            return (1...max(integer(node["count"]) ?? 1, 1)).map { runner(node, id: "r\($0)") }
        }
        return list.map { runner($0, id: plain($0["id"]) ?? "") }
    }

    private mutating func runner(_ node: SourceNode, id: String) -> RunnerSetup {
        var runner = RunnerSetup(id: id, place: node.place)
        runner.concurrency = integer(node["concurrency"]) ?? runner.concurrency
        for element in node["handlers"]?.elements ?? [] {
            guard let name = plain(element["name"] ?? element) else { continue }
            runner.handlers.append(RunnerSetup.Handler(name: name, version: word(element["version"]) ?? .current))
        }
        runner.grace = duration(node["grace"]) ?? runner.grace
        runner.isolation = word(node["isolation"])
        let limits = node["limits"]
        runner.limits.memoryBytes = size(limits?["rss"])
        runner.limits.wallTime = duration(limits?["wall"])
        runner.limits.scratchBytes = size(limits?["tmp_disk"])
        runner.restartAfter = duration(node["restart"]?["after"])
        runner.clockSkew = node["clock"]?["skew"]?.text.flatMap { Quantity.signedDuration($0) } ?? .zero
        runner.clockDrift = node["clock"]?["drift"]?.scalar?.doubleValue ?? 1
        runner.binary = word(node["binary"]) ?? runner.binary
        return runner
    }

    // MARK: - Data and credentials

    private mutating func dataSetup(_ member: SourceNode.Member) -> DataSetup? {
        let node = member.value
        if !Spelling.name.fits(member.name) {
            report(.badName, member.place, "expected \(Spelling.name.expectation), found \"\(member.name)\"")
        }
        guard let source = dataSource(node) else { return nil }
        return DataSetup(name: member.name, source: source, place: member.place)
    }

    private mutating func dataSource(_ node: SourceNode) -> DataSetup.Source? {
        if let text = plain(node["text"]) { return .text(text) }
        if let file = node["file"]?.text { return .file(file) }
        guard let table = word(node["csv"], SampleTable.self) else { return nil }
        let seed = UInt64(integer(node["seed"]) ?? 1)
        switch (computedInteger(node["rows"]), size(node["bytes"])) {
        case (let rows?, nil): return .rows(table, count: rows, seed: seed)
        case (nil, let bytes?): return .bytes(table, count: bytes, seed: seed)
        case (let rows?, _?):
            report(.unsuitable, node["bytes"]?.place ?? node.place, "expected \"rows\" or \"bytes\", found both")
            return .rows(table, count: rows, seed: seed)
        case (nil, nil):
            report(.unsuitable, node.place, "expected \"rows\" or \"bytes\" beside \"csv\", found neither")
            return nil
        }
    }

    private mutating func credentials(_ node: SourceNode?) -> CredentialSetup {
        var setup = CredentialSetup()
        guard let node else { return setup }
        setup.source = word(node["source"]) ?? setup.source
        setup.lifetime = duration(node["lifetime"])
        if let refresh = node["refresh_fault"], let error = serviceError(refresh["error"]) {
            setup.refreshFault = CredentialSetup.RefreshFault(error: error, times: integer(refresh["times"]) ?? 1)
        }
        if setup.source == .static {
            for key in ["lifetime", "refresh_fault"] {
                if let value = node[key] {
                    report(.unsuitable, value.place, "\"\(key)\" needs a source of credentials other than static")
                }
            }
        }
        return setup
    }
}
