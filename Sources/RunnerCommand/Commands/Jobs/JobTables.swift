import JobCore
import PureJSON

/// How jobs, attempts, audit lines and outputs look on a terminal.
enum JobTables {
    /// The style of a state's word.
    static func style(of state: JobState) -> TextStyle {
        switch state {
        case .completed: .green
        case .failed, .quarantined: .red
        case .retrying, .cancelled: .yellow
        case .running: .cyan
        case .queued: .plain
        }
    }

    /// Jobs, one a line.
    static func jobs(_ records: [JobRecord], now: Timestamp) -> TextTable {
        var table = TextTable([
            .init(title: "JOB", overflow: .truncate, minimumWidth: 12), .init(title: "STATE"),
            .init(title: "HANDLER", overflow: .truncate), .init(title: "ATTEMPTS", alignment: .right),
            .init(title: "ROWS", alignment: .right), .init(title: "QUEUED"), .init(title: "TOOK", alignment: .right),
            .init(title: "NOTE", overflow: .truncate, minimumWidth: 10),
        ])
        for record in records {
            let took = record.runningTime(now: now).map { HumanFormat.duration($0) } ?? ""
            table.add([
                .init(record.id.rawValue), .init(record.state.rawValue, style(of: record.state)),
                .init(record.request.handler), .init("\(record.attempts)"),
                .init(record.rowsProcessed.map { HumanFormat.count($0) } ?? ""),
                .init(HumanFormat.age(record.createdAt, now: now)), .init(record.state == .queued ? "" : took),
                .init(note(of: record)),
            ])
        }
        return table
    }

    private static func note(of record: JobRecord) -> String {
        switch record.state {
        case .running:
            [record.progress.map { HumanFormat.percent($0, places: 0) }, record.progressNote]
                .compactMap(\.self).joined(separator: " ")
        case .retrying: "\(record.failure?.code ?? "") not before \(record.notBefore.map(HumanFormat.time) ?? "?")"
        case .failed, .quarantined, .cancelled: record.failure?.description ?? ""
        case .completed, .queued: ""
        }
    }

    /// The audit trail.
    static func history(_ events: [JobEvent]) -> TextTable {
        var table = TextTable([
            .init(title: "TIME (UTC)"), .init(title: "EVENT"), .init(title: "STATE"),
            .init(title: "BY", overflow: .truncate, minimumWidth: 8),
            .init(title: "DETAIL", overflow: .wrap, minimumWidth: 16),
        ])
        for event in events {
            let isMove = event.from != nil && event.from != event.to
            let path = isMove ? "\(event.from?.rawValue ?? "") -> \(event.to.rawValue)" : event.to.rawValue
            table.add([
                .init(HumanFormat.timeOfDay(event.at), .dim), .init(event.kind), .init(path, style(of: event.to)),
                .init(event.actor, .dim), .init(event.detail ?? ""),
            ])
        }
        return table
    }

    /// Attempts, one a line.
    static func attempts(_ attempts: [AttemptRecord], now: Timestamp) -> TextTable {
        var table = TextTable([
            .init(title: "EPOCH", alignment: .right), .init(title: "STARTED"),
            .init(title: "TOOK", alignment: .right), .init(title: "OUTCOME"),
            .init(title: "RUNNER", overflow: .truncate), .init(title: "ERROR", overflow: .wrap, minimumWidth: 16),
        ])
        for attempt in attempts {
            let took = attempt.finishedAt.map { HumanFormat.duration($0 - attempt.startedAt) } ?? ""
            table.add([
                .init("\(attempt.epoch)"), .init(HumanFormat.time(attempt.startedAt)), .init(took),
                .init(attempt.outcome ?? (attempt.finishedAt == nil ? "not finished" : "")),
                .init(attempt.runner.rawValue), .init(attempt.failure?.description ?? ""),
            ])
        }
        return table
    }

    /// Outputs and where they are.
    static func outputs(of record: JobRecord) -> TextTable {
        var table = TextTable([
            .init(title: "OUTPUT"), .init(title: "SIZE", alignment: .right),
            .init(title: "TYPE", overflow: .truncate),
            .init(title: "LOCATION"),
        ])
        for output in record.outputs {
            table.add([
                .init(output.name), .init(HumanFormat.bytes(output.sizeBytes)), .init(output.contentType),
                .init(record.readableLocation(of: output).uri),
            ])
        }
        return table
    }

    /// The facts of a job as label and value, in reading order.
    static func facts(of record: JobRecord, now: Timestamp) -> [(label: String, value: String)] {
        var facts: [(label: String, value: String)] = []
        let version = record.handlerVersion.map { " \($0)" } ?? ""
        facts.append(("handler", record.request.handler + version))
        for (name, input) in record.request.inputs.sorted(by: { $0.key < $1.key }) {
            facts.append(("input \(name)", input.location.uri))
        }
        if record.request.params != [:] { facts.append(("params", record.request.params.serialized())) }
        if let tenant = record.request.tenant { facts.append(("tenant", tenant.rawValue)) }
        if record.request.priority != .normal { facts.append(("priority", record.request.priority.rawValue)) }
        facts.append(("submitted", HumanFormat.time(record.request.submittedAt)))
        let age = HumanFormat.age(record.createdAt, now: now)
        facts.append(("queued", "\(HumanFormat.time(record.createdAt)) (\(age))"))
        if let started = record.startedAt { facts.append(("started", HumanFormat.time(started))) }
        if let finished = record.finishedAt {
            let took = record.runningTime(now: now).map { ", took \(HumanFormat.duration($0))" } ?? ""
            facts.append(("finished", HumanFormat.time(finished) + took))
        }
        let claims = record.epoch == 1 ? "1 claim" : "\(record.epoch) claims"
        facts.append(("attempts", "\(record.attempts) counted, \(claims)"))
        if let message = record.messageID {
            facts.append(("message", "\(message), delivery \(record.receiveCount)"))
        }
        if let owner = record.leaseOwner, let until = record.leaseUntil {
            facts.append(("lease", "\(owner) until \(HumanFormat.time(until))"))
        }
        if record.state == .running {
            let share = record.progress.map { HumanFormat.percent($0, places: 0) } ?? "not known"
            facts.append(("progress", [share, record.progressNote].compactMap(\.self).joined(separator: ", ")))
        }
        if let time = record.notBefore, record.state == .retrying {
            facts.append(("next attempt", "not before \(HumanFormat.time(time))"))
        }
        if let rows = record.rowsProcessed { facts.append(("rows", HumanFormat.count(rows))) }
        if let metrics = record.metrics { facts.append(("measured", text(ofMetrics: metrics))) }
        return facts
    }

    /// What is known of an attempt's end; nothing for one that ended well.
    static func facts(of evidence: AttemptEvidence) -> [(label: String, value: String)] {
        var facts: [(label: String, value: String)] = []
        if let signal = evidence.signal { facts.append(("signal", signal)) }
        if let code = evidence.exitCode { facts.append(("exit code", "\(code)")) }
        if let limit = evidence.limit { facts.append(("limit", limit)) }
        if let details = evidence.details { facts.append(("details", details.serialized())) }
        guard !facts.isEmpty else { return [] }
        if let progress = evidence.lastProgress { facts.append(("last progress", progress)) }
        if let peak = evidence.peakMemoryBytes { facts.append(("peak memory", HumanFormat.bytes(peak))) }
        return facts
    }

    /// Timings and memory of the last attempt in words; members that this version does not know are left as they are.
    private static func text(ofMetrics metrics: JSONValue) -> String {
        guard let members = metrics.objectValue else { return metrics.serialized() }
        return members.map { name, value in
            guard let number = value.doubleValue else { return "\(name) \(value.serialized())" }
            let word = name.split(separator: "_").dropLast().joined(separator: " ")
            if name.hasSuffix("_ms") { return "\(word) \(HumanFormat.duration(.nanoseconds(Int64(number * 1e6))))" }
            if name.hasSuffix("_bytes") { return "\(word) \(HumanFormat.bytes(Int64(number)))" }
            return "\(name) \(value.serialized())"
        }.joined(separator: ", ")
    }
}
