extension Grammar {
    static let invariantForm = ValueForm.either([
        .record("invariant"), .word(Vocabulary("invariant", of: InvariantName.self)),
    ])

    static let invariantRecords = [
        Record(
            name: "invariant", meaning: "An invariant with settings, or a rule of one's own.",
            variants: [
                Variant(
                    Field(
                        "rule", .text, required: true, computed: .never,
                        "`for each job: …` and an expression with `count(EVENT)`."),
                    [Field("name", .spelled(.name), required: true, computed: .never, "Its name in reports.")],
                    example:
                        "{rule: \"for each job: count(output.published) <= count(handler.started)\", name: published_once}"
                ),
                Variant(
                    Field("no_stuck", .record("no_stuck"), required: true, "`no_stuck` with a time."),
                    example: "{no_stuck: {within: 1h}}"),
                Variant(
                    Field(
                        "bounded_memory", .record("bounded_memory"), required: true, "No runner ever has more memory."),
                    example: "{bounded_memory: {peak_rss: 300MiB}}"),
            ], headTitle: "invariant"),
        Record(
            name: "no_stuck", meaning: "How soon everything comes to an end.",
            fields: [Field("within", .spelled(.duration), required: true, "So soon after the last fault.")]),
        Record(
            name: "bounded_memory", meaning: "How much memory a runner may have.",
            fields: [Field("peak_rss", sizeForm, required: true, "So much.")]),
    ]

    static let exploreRecords = [
        Record(
            name: "explore", meaning: "What `lab explore` may do to the system.",
            fields: [
                Field(
                    "swarm", .flag, standard: "true",
                    "Whether each run has some kinds of faults only, drawn from its seed."),
                Field("max_faults", .integer(1...10_000), standard: "12", "The most faults in one run."),
                Field("kinds", .record("kinds"), required: true, "What can go wrong."),
                Field("heal", .record("heal"), "When all faults end, and what must hold afterwards."),
                Field("budget", .spelled(.duration), standard: "10m", "How long is explored, in real time."),
                Field("pin", .list(.record("decision"), atLeast: 0), "Decisions that are not drawn."),
            ]),
        Record(
            name: "kinds", meaning: "What can go wrong.",
            fields: [
                Field("http", .record("http_kind"), "Calls to the cloud."),
                Field("process", .record("process_kind"), "Runners."),
                Field("db", .record("db_kind"), "The database."),
                Field("clock", .record("clock_kind"), "Clocks of runners."),
                Field("schedule", .record("schedule_kind"), "The order in which things happen."),
            ], needsOneOf: ["http", "process", "db", "clock", "schedule"]),
        Record(
            name: "http_kind", meaning: "What can go wrong with calls.",
            fields: [
                Field("ops", .list(.text, atLeast: 1), required: true, "The calls, with * for any characters."),
                Field(
                    "do", .list(.word(Vocabulary("fault", of: CallTrouble.self)), atLeast: 1), required: true,
                    "The faults."),
            ], example: "{ops: [\"s3.*\"], do: [error, latency]}"),
        Record(
            name: "process_kind", meaning: "What can happen to runners.",
            fields: [
                Field(
                    "do", .list(.word(Vocabulary("fault", of: ProcessTrouble.self)), atLeast: 1), required: true,
                    "The faults."),
                Field("pause", .spelled(.durationRange), standard: "1s..10m", "How long a pause lasts."),
            ], example: "{do: [KILL, pause], pause: 1s..10m}"),
        Record(
            name: "db_kind", meaning: "What can go wrong with the database.",
            fields: [
                Field(
                    "do", .list(.word(Vocabulary("fault", of: DatabaseTrouble.self)), atLeast: 1), required: true,
                    "The faults.")
            ], example: "{do: [busy, full]}"),
        Record(
            name: "clock_kind", meaning: "How wrong clocks can be.",
            fields: [
                Field("skew", .spelled(.durationRange), "How far ahead."),
                Field("drift", .spelled(.numberRange), "How fast."),
            ], needsOneOf: ["skew", "drift"], example: "{skew: -10m..+10m, drift: 0.9..1.1}"),
        Record(
            name: "schedule_kind", meaning: "How the order of things is drawn.",
            fields: [
                Field(
                    "do", .list(.word(Vocabulary("order", of: ScheduleTrouble.self)), atLeast: 1), required: true,
                    "The orders.")
            ], example: "{do: [shuffle]}"),
        Record(
            name: "heal", meaning: "When all faults end, and what must hold afterwards.",
            fields: [
                Field("at", .spelled(.duration), required: true, "When, from the start."),
                Field(
                    "then_converge_within", .spelled(.duration), required: true,
                    "How soon everything must come to an end."),
            ], example: "{at: 30m, then_converge_within: 2h}"),
        Record(
            name: "decision", meaning: "A decision that is not drawn.",
            fields: [
                Field(
                    "key", .text, required: true, computed: .never,
                    "What is decided: actor, operation, subject and number."),
                Field(
                    "choice", .integer(0...Int64.max), required: true, computed: .never,
                    "Which of the possibilities, from 0."),
            ], example: "{key: \"r1/sqs.ReceiveMessage/jobs/3\", choice: 1}"),
    ]
}
