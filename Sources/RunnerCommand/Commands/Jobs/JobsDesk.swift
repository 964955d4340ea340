import JobCore
import PureJSON

/// What `headrace jobs` does, over any job database.
struct JobsDesk {
    /// The database.
    let store: any JobStore
    /// Where words go.
    let console: Console
    /// Time.
    let clock: any RunnerClock

    /// Lists jobs, newest first.
    func list(_ filter: JobFilter) async throws(CommandFailure) {
        let records: [JobRecord]
        do { records = try await store.records(matching: filter) } catch { throw CommandFailure(error) }
        guard !console.writesJSON else { return console.json(.array(records.map(\.json))) }
        guard !records.isEmpty else {
            return console.note("no jobs match; submit one with `headrace submit HANDLER FILE`")
        }
        console.table(JobTables.jobs(records, now: clock.now()))
        if records.count == filter.limit {
            console.note("the newest \(filter.limit) jobs; more with --limit")
        }
    }

    /// Shows everything about one job: facts, attempts, audit trail.
    func show(_ id: JobID) async throws(CommandFailure) {
        let record = try await known(id)
        let attempts: [AttemptRecord]
        let events: [JobEvent]
        do {
            attempts = try await store.attempts(of: id)
            events = try await store.events(of: id)
        } catch {
            throw CommandFailure(error)
        }
        if console.writesJSON {
            var object = record.json.objectValue ?? [:]
            object["attempt_history"] = .array(attempts.map(\.json))
            object["events"] = .array(events.map(\.json))
            return console.json(.object(object))
        }
        title(of: record)
        console.facts(JobTables.facts(of: record, now: clock.now()))
        failure(of: record)
        if !record.outputs.isEmpty {
            console.heading("Outputs")
            console.table(JobTables.outputs(of: record), indent: 2)
        }
        if !attempts.isEmpty {
            console.heading("Attempts")
            console.table(JobTables.attempts(attempts, now: clock.now()), indent: 2)
        }
        if let last = attempts.last, let evidence = last.evidence {
            let facts = JobTables.facts(of: evidence)
            if !facts.isEmpty {
                console.heading("How attempt \(last.epoch) ended")
                console.facts(facts)
            }
        }
        if let last = attempts.last, !last.lastLogLines.isEmpty {
            console.heading("Last log lines of attempt \(last.epoch)")
            for line in last.lastLogLines { console.out.line("  " + TextWidth.sanitized(line)) }
        }
        console.heading("History")
        console.table(JobTables.history(events), indent: 2)
    }

    /// Follows a job and tells each change; ends as the job does.
    func watch(_ id: JobID, patience: Duration) async throws(CommandFailure) {
        _ = try await known(id)
        let record = try await follow(id, patience: patience)
        if console.writesJSON {
            console.jsonLine(record.json)
        } else if let result = record.result {
            console.out.line(result.serialized(.pretty))
        }
        try verdict(on: record)
    }

    /// Follows a job with a line for each change and a bar for its progress.
    func follow(_ id: JobID, patience: Duration) async throws(CommandFailure) -> JobRecord {
        let bar = ProgressBar(id.rawValue, on: console.err, clock: clock)
        let follower = JobFollower(store: store, clock: clock)
        let record = try await follower.follow(id, patience: patience) { word in
            switch word {
            case .event(let event): tell(event)
            case .progress(let share, let note): bar.show(share: share, note: note)
            }
        }
        bar.finish()
        guard let record else {
            throw CommandFailure(
                .unreachable, "no runner took job \(id) within \(HumanFormat.duration(patience))",
                next: "Start one with `headrace up` or `headrace run`, then `headrace jobs watch \(id)`.")
        }
        guard record.state.isTerminal else {
            throw CommandFailure(
                .unreachable, "job \(id) is still \(record.state.rawValue) after \(HumanFormat.duration(patience))",
                next: "Go on with `headrace jobs watch \(id)`; see why with `headrace jobs show \(id)`.")
        }
        return record
    }

    /// Shows a completed job's result, and downloads its outputs when a directory is given.
    func result(_ id: JobID, download: ResultDownload?, directory: String?) async throws(CommandFailure) {
        let record = try await known(id)
        guard record.state.isTerminal else {
            throw CommandFailure(
                .jobFailed, "job \(id) is \(record.state.rawValue) and has no result yet",
                next: "Wait for it with `headrace jobs watch \(id)`.")
        }
        try verdict(on: record)
        var files: [ResultDownload.File] = []
        if let download, let directory { files = try await download.download(record, into: directory) }
        show(record, files: files)
    }

    /// Writes a completed job's result, outputs and downloaded files.
    func show(_ record: JobRecord, files: [ResultDownload.File]) {
        if console.writesJSON {
            var object = record.json.objectValue ?? [:]
            if !files.isEmpty {
                object["files"] = .array(files.map { ["name": .string($0.name), "path": .string($0.path)] })
            }
            return console.json(.object(object))
        }
        if let result = record.result { console.out.line(result.serialized(.pretty)) }
        if !record.outputs.isEmpty {
            console.out.line()
            console.table(JobTables.outputs(of: record))
        }
        for file in files { console.out.line("\(file.path)  \(HumanFormat.bytes(file.sizeBytes))") }
    }

    /// Asks for a job's cancellation.
    func cancel(_ id: JobID, by actor: String) async throws(CommandFailure) {
        let now = clock.now()
        let verdict: CancelVerdict
        do {
            verdict = try await store.change(id) { JobRecord.requestCancel(by: actor, now: now, $0) }
        } catch {
            throw CommandFailure(error)
        }
        let (word, sentence): (String, String)
        switch verdict {
        case .cancelled: (word, sentence) = ("cancelled", "job \(id) is cancelled; it had not started")
        case .requested:
            (word, sentence) = ("requested", "job \(id) runs; its runner stops it within seconds")
        case .tooLate(let state):
            throw CommandFailure(
                .jobFailed, "job \(id) is already \(state.rawValue) and cannot be cancelled",
                next: "See `headrace jobs show \(id)`.")
        case .unknown: throw unknown(id)
        }
        if console.writesJSON {
            console.json(["job_id": .string(id.rawValue), "verdict": .string(word)])
        } else {
            console.out.line(sentence)
        }
    }

    /// Throws when a job ended otherwise than completed.
    func verdict(on record: JobRecord) throws(CommandFailure) {
        guard record.state != .completed else { return }
        let why = record.failure.map { ": \($0.message) [\($0.code)]" } ?? ""
        throw CommandFailure(
            .jobFailed, "job \(record.id) is \(record.state.rawValue)\(why)",
            next: record.failure?.failureClass.nextStep ?? "See `headrace jobs show \(record.id)`.")
    }

    private func known(_ id: JobID) async throws(CommandFailure) -> JobRecord {
        let record: JobRecord?
        do { record = try await store.record(of: id) } catch { throw CommandFailure(error) }
        guard let record else { throw unknown(id) }
        return record
    }

    private func unknown(_ id: JobID) -> CommandFailure {
        CommandFailure(
            .usage, "the database has no job \(id)",
            next: "List jobs with `headrace jobs list`; a job appears when a runner first receives its message.")
    }

    private func title(of record: JobRecord) {
        let state = console.out.styled(record.state.rawValue, JobTables.style(of: record.state))
        console.out.line("\(console.out.styled(record.id.rawValue, .bold))  \(state)")
    }

    private func failure(of record: JobRecord) {
        guard let failure = record.failure else { return }
        console.heading("Error")
        console.facts([
            ("class", failure.failureClass.rawValue), ("code", failure.code), ("what", failure.message),
            ("next", failure.failureClass.nextStep),
        ])
    }

    private func tell(_ event: JobEvent) {
        guard !console.writesJSON else { return console.jsonLine(event.json) }
        console.err.line(Self.line(for: event, on: console.err))
    }

    /// One line about one event, as a follower writes it.
    static func line(for event: JobEvent, on stream: ConsoleStream) -> String {
        let state = event.to.rawValue
        let padded = state + String(repeating: " ", count: max(11 - state.count, 0))
        let padding = String(repeating: " ", count: max(12 - event.kind.count, 2))
        let word = event.kind + (event.detail.map { padding + TextWidth.sanitized($0) } ?? "")
        let time = stream.styled(HumanFormat.timeOfDay(event.at), .dim)
        return "\(time)  \(stream.styled(padded, JobTables.style(of: event.to)))  \(word)"
    }
}
