extension Grammar {
    static let patternFields = [
        Field("job", .text, computed: .during, "The job that it is about."),
        Field("message", .text, computed: .during, "The message that it is about, by the name of its `as`."),
        Field("runner", .text, computed: .during, "The runner that it is about."),
        Field("queue", .text, computed: .during, "The queue that it is about."),
        Field("to", .text, computed: .during, "The queue that a message has gone to."),
        Field("op", .text, computed: .during, "The call, by service and API name, with * for any characters."),
        Field("key", .text, computed: .during, "The object's key, with * for any characters."),
        Field("fault", .text, computed: .during, "The fault that it is about."),
        Field(
            "where", whereForm, computed: .during,
            "What else must be true: matchers by field of its data, or an expression."),
    ]

    private static let eventHead = Field(
        "event", .word(Vocabulary("event", of: EventType.self)), required: true, "What happens.")

    private static let logFields = [
        runnerReference,
        Field("level", .word(Vocabulary("level", of: LogLevelWord.self)), "Its level."),
        Field("line", .matcher(.text), computed: .during, "The whole line as text."),
        Field("has", .list(.text, atLeast: 1), "Fields that it has."),
    ]

    private static let logHead = Field(
        "log", .matcher(.text), required: true, computed: .during,
        "The event's name in the log, with * for any characters.")

    /// Ways to say what holds now, told by what they are about.
    static let checks = [
        Variant(
            Field(
                "message", .either([.record("message_of"), .text]), required: true, computed: .during,
                "A message by the name of its `as`, or by its job."),
            fields(of: MessageProperty.self), example: "{message: bad, in: jobs-dlq}"),
        Variant(
            Field("job", .text, required: true, computed: .during, "A job."), fields(of: JobProperty.self),
            example: "{job: j1, state: COMPLETED, attempts: {lte: 2}}"),
        Variant(
            Field("jobs", .spelled(.jobPattern), required: true, "All jobs whose names fit; at least one must."),
            fields(of: JobProperty.self), example: "{jobs: \"ok-*\", state: COMPLETED}"),
        Variant(
            Field("queue", .text, required: true, computed: .during, "A queue."), fields(of: QueueProperty.self),
            example: "{queue: jobs, visible: 0, in_flight: 0}"),
        Variant(
            Field("object", .text, required: true, computed: .during, "An object by its key."),
            fields(of: ObjectProperty.self),
            example: "{object: results/j1.csv, versions: 1}"),
        Variant(
            Field(
                "objects", .text, required: true, computed: .during,
                "All objects whose keys fit, with * for any characters."),
            [Field("count", .matcher(.count), required: true, computed: .during, "How many there are.")],
            example: "{objects: \"tmp/*\", count: 0}"),
        Variant(
            logHead,
            logFields + [
                Field("count", .matcher(.count), computed: .during, standard: "{gte: 1}", "How many there are.")
            ],
            example: "{log: message_validation_failed, level: warning, count: {gte: 1}}"),
        Variant(
            Field("metric", .text, required: true, "A counter or gauge."),
            [
                runnerReference,
                Field("is", .matcher(.number), required: true, computed: .during, "Its value; the sum over runners."),
            ],
            example: "{metric: jobs_rejected_total, is: {gte: 1}}"),
        Variant(
            Field("runner", .text, required: true, computed: .during, "A runner's process."),
            fields(of: RunnerProperty.self),
            example: "{runner: r1, exit_code: 0}"),
        Variant(
            Field("runners", .word(Vocabulary("phase", of: RunnerPhase.self)), required: true, "Runners in a phase."),
            [Field("count", .matcher(.count), required: true, computed: .during, "How many there are.")],
            example: "{runners: ready, count: {gte: 1}}"),
        Variant(
            Field("alarm", .text, required: true, "An alarm."),
            [Field("is", .matcher(.alarmState), required: true, computed: .during, "Its state.")],
            example: "{alarm: dlq_depth_high, is: firing}"),
        Variant(
            Field("sql", .text, required: true, "A query of the runners' database."),
            [
                Field(
                    "rows", .list(.list(.value, atLeast: 0), atLeast: 0), required: true, computed: .during,
                    "The rows that it gives.")
            ],
            example: "{sql: pragma integrity_check, rows: [[ok]]}"),
    ]

    private static let judgements = [
        judgement(
            "eventually", .record("eventual"), "Something holds at some time, soon enough after the last step.",
            "{eventually: {queue: jobs, total: 0, within: 1m}}"),
        judgement(
            "always", .record("lasting"), "Something holds after every event.",
            "{always: {runners: ready, count: {gte: 1}}}"),
        judgement("never", .record("forbidden"), "No event or log line fits.", "{never: {event: runner.exited}}"),
        judgement(
            "sometimes", .record("pattern"), "In at least one seed an event fits.",
            "{sometimes: {event: lease.taken_over, job: j1}}"),
        judgement(
            "count", .record("count"), "How many events fit.", "{count: {event: output.published, job: j1, is: 1}}"),
        judgement(
            "order", .list(.record("pattern"), atLeast: 2), "Each event comes after the one before, for every subject.",
            "{order: [{event: message.rejected}, {event: message.moved}]}"),
        judgement(
            "latency", .record("latency"), "How long jobs take from message to final state.",
            "{latency: {jobs: \"ok-*\", p95: {lte: 5m}}}"),
        judgement(
            "retries", .record("retries"), "How calls are tried again.",
            "{retries: {op: \"s3.*\", backoff: exponential}}"),
        judgement(
            "snapshot", .record("snapshot"), "Something is as it was when the snapshot was accepted.",
            "{snapshot: {name: jobs-at-the-end, of: jobs}}"),
    ]

    private static func judgement(_ name: String, _ form: ValueForm, _ meaning: String, _ example: String) -> Variant {
        Variant(Field(name, form, required: true, computed: .during, meaning), example: example)
    }

    private static let jobPattern = Field(
        "jobs", .spelled(.jobPattern), required: true, "The jobs, with * for any characters.")

    /// The same shape with an example that says how soon.
    private static func timed(_ check: Variant) -> Variant {
        Variant(check.head, check.fields, example: check.example.dropLast() + ", within: 1m}")
    }

    static let expectationRecords = [
        Record(
            name: "expectation", meaning: "Something that must hold.",
            fields: [
                Field("when", .text, computed: .during, "An expression; nothing is expected when it is false."),
                Field("id", .spelled(.name), computed: .never, "Its name in reports."),
                Field(
                    "severity", .word(Vocabulary("severity", of: ExpectationSeverity.self)), standard: "error",
                    "What a broken one means."),
                Field("note", .text, computed: .never, "A word to the reader of the report."),
            ], variants: checks + judgements, headTitle: "assertion"),
        Record(name: "check", meaning: "Something that holds now.", variants: checks, headTitle: "assertion"),
        Record(
            name: "eventual", meaning: "Something that holds soon enough.",
            fields: [Field("within", .spelled(.duration), required: true, "How soon.")], variants: checks.map(timed),
            headTitle: "assertion"),
        Record(
            name: "lasting", meaning: "Something that holds after every event, or while something else does.",
            fields: [
                Field("while", .record("check"), "Only while this holds."),
                Field("during", .spelled(.name), computed: .never, "Only during the step of that id."),
            ], variants: checks, headTitle: "assertion"),
        Record(
            name: "message_of", meaning: "A job's message.",
            fields: [Field("job", .text, required: true, computed: .during, "The job.")], example: "{job: j1}"),
        Record(
            name: "pattern", meaning: "Events, or log lines.",
            variants: [
                Variant(eventHead, patternFields, example: "{event: message.moved, to: jobs-dlq}"),
                Variant(logHead, logFields, example: "{log: worker_loop_error}"),
            ]),
        Record(
            name: "forbidden", meaning: "Events, or log lines, that must not be.",
            variants: [
                Variant(
                    eventHead,
                    patternFields + [
                        Field(
                            "rate", .matcher(.rate), computed: .during,
                            "Only when they come at such a rate, over any 10 seconds."
                        )
                    ],
                    example: "{event: request, op: sqs.ReceiveMessage, rate: {gt: 20/s}}"),
                Variant(logHead, logFields, example: "{log: \"*\", line: {matches: \"AKIA[A-Z0-9]{16}\"}}"),
            ]),
        Record(
            name: "count", meaning: "How many events fit.",
            fields: [eventHead] + patternFields + [
                Field("is", .matcher(.count), required: true, computed: .during, "The number.")
            ],
            example: "{event: output.published, job: j1, is: 1}"),
        Record(
            name: "latency", meaning: "How long jobs take.", fields: [jobPattern] + fields(of: LatencyProperty.self),
            needsOneOf: LatencyProperty.allCases.map(\.rawValue), example: "{jobs: \"ok-*\", p95: {lte: 5m}}"),
        Record(
            name: "retries", meaning: "How calls are tried again.",
            fields: [
                Field("op", .text, required: true, "The calls, with * for any characters."),
                Field("backoff", .word(Vocabulary("backoff", of: BackoffWord.self)), "How the pauses grow."),
                Field("jitter", .flag, "Whether pauses differ from run to run."),
                Field("max_rate", .spelled(.rate), "The most tries, over any 10 seconds."),
            ], needsOneOf: ["backoff", "jitter", "max_rate"],
            example: "{op: \"s3.*\", backoff: exponential, max_rate: 5/s}"),
        Record(
            name: "snapshot", meaning: "Something as it was before.",
            fields: [
                Field("name", .spelled(.name), required: true, computed: .never, "Its file's name."),
                Field("of", .word(Vocabulary("subject", of: SnapshotSubject.self)), required: true, "What it holds."),
            ], example: "{name: jobs-at-the-end, of: jobs}"),
    ]
}
