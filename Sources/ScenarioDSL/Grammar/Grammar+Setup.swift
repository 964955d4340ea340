extension Grammar {
    static let setupRecords = [
        Record(
            name: "setup", meaning: "What is there at the start.",
            fields: [
                Field("queue", .record("queue"), "The queue, when there is one only."),
                Field(
                    "queues", .list(.record("queue"), atLeast: 1),
                    "The queues; the first is the one that is meant where none is named."),
                Field(
                    "runners", .either([.record("fleet"), .list(.record("runner"), atLeast: 1)]),
                    "Runners that are all alike, or one by one."),
                Field("db", .record("db"), "Where jobs are kept."),
                Field("data", .table(.record("data")), "Inputs, by the names that `${data.NAME}` uses."),
                Field("credentials", .record("credentials"), "How runners come by credentials."),
                Field("env", .table(.text), "Variables in the environment of all runners."),
            ]),
        Record(
            name: "queue", meaning: "A queue and its dead-letter queue.",
            fields: [
                Field("name", .spelled(.name), required: true, "Its name."),
                Field("visibility", .spelled(.duration), standard: "30s", "How long a received message stays hidden."),
                Field(
                    "max_receives", .integer(1...1_000), standard: "3",
                    "Receives before a message goes to the dead-letter queue."),
                Field("dlq", .spelled(.name), "The name of the dead-letter queue; there is none otherwise."),
                Field("retention", .spelled(.duration), standard: "4d", "How long messages are kept."),
                Field("dlq_retention", .spelled(.duration), standard: "14d", "How long dead letters are kept."),
            ], example: "{name: jobs, visibility: 30s, max_receives: 3, dlq: jobs-dlq}"),
        Record(
            name: "fleet", meaning: "Runners that are all alike, named r1, r2 and so on.",
            fields: [Field("count", .integer(1...64), standard: "1", "How many there are.")] + runnerFields,
            example: "{count: 2, concurrency: 4, handlers: [csv-validate]}"),
        Record(
            name: "runner", meaning: "One runner.",
            fields: [Field("id", .spelled(.name), required: true, "Its name.")] + runnerFields,
            example: "{id: r1, concurrency: 1, handlers: [lab-progress]}"),
        Record(
            name: "handler", meaning: "A handler in a version.",
            fields: [
                Field("name", .text, required: true, "Its name."),
                Field(
                    "version", .word(Vocabulary("version", of: HandlerVersionWord.self)), standard: "current",
                    "Which one."),
            ], example: "{name: csv-validate, version: broken}"),
        Record(
            name: "limits", meaning: "What a job may use.",
            fields: [
                Field("rss", sizeForm, "Memory of its process."),
                Field("wall", .spelled(.duration), "Time."),
                Field("tmp_disk", sizeForm, "Space for scratch files."),
            ], example: "{rss: 512MiB, wall: 2m}"),
        Record(
            name: "restart", meaning: "A runner that exits is started again.",
            fields: [Field("after", .spelled(.duration), required: true, "How much later.")], example: "{after: 5s}"),
        Record(
            name: "clock", meaning: "A runner whose clock is wrong.",
            fields: [
                Field("skew", .spelled(.signedDuration), standard: "0s", "How far it is ahead."),
                Field("drift", .number(atLeast: 0.01), standard: "1", "How fast it goes."),
            ], example: "{skew: +10m, drift: 1.01}"),
        Record(
            name: "db", meaning: "Where jobs are kept.",
            fields: [
                Field(
                    "kind", .word(Vocabulary("kind of database", of: DatabaseKind.self)), standard: "sqlite",
                    "What it is."),
                Field("shared", .flag, standard: "true", "Whether all runners use one."),
            ], example: "{kind: sqlite, shared: true}"),
        Record(
            name: "data", meaning: "One input.",
            variants: [
                Variant(
                    Field(
                        "csv", .word(Vocabulary("table", of: SampleTable.self)), required: true,
                        "Made-up rows of this table."),
                    [
                        Field("rows", .integer(0...1_000_000_000), computed: .during, "How many rows there are."),
                        Field("bytes", sizeForm, "How long it is; rows are made until it is full."),
                        Field("seed", .integer(0...Int64.max), standard: "1", "What the rows are made from."),
                    ], example: "{csv: telco, rows: 50}"),
                Variant(
                    Field("text", .text, required: true, "The text itself."), example: "{text: \"id,name\\n1,a\\n\"}"),
                Variant(
                    Field("file", .text, computed: .never, "A file, from the scenario's folder."),
                    example: "{file: rows.csv}"),
            ], headTitle: "kind of data"),
        Record(
            name: "credentials", meaning: "How runners come by credentials.",
            fields: [
                Field(
                    "source", .word(Vocabulary("source", of: CredentialSource.self)), standard: "static",
                    "Where they come from."),
                Field("lifetime", .spelled(.duration), "How long they are good; for ever otherwise."),
                Field("refresh_fault", .record("refresh_fault"), "What is wrong with the first refreshes."),
            ], example: "{source: imds, lifetime: 15m}"),
        Record(
            name: "refresh_fault", meaning: "What is wrong with the first refreshes of credentials.",
            fields: [
                Field("error", .record("error"), required: true, "The answer."),
                Field("times", .integer(1...1_000), standard: "1", "How often."),
            ], example: "{error: {status: 500}, times: 2}"),
    ]

    static let sizeForm = ValueForm.either([.integer(0...Int64.max), .spelled(.size)])

    private static let runnerFields = [
        Field("concurrency", .integer(1...256), standard: "1", "Jobs at a time."),
        Field(
            "handlers", .list(.either([.text, .record("handler")]), atLeast: 1), required: true,
            "The handlers that it has."),
        Field("grace", .spelled(.duration), standard: "20s", "How long it may drain."),
        Field("isolation", .word(Vocabulary("isolation", of: IsolationWord.self)), "Where handlers run."),
        Field("limits", .record("limits"), "What a job may use."),
        Field("restart", .record("restart"), "Starts it again when it exits."),
        Field("clock", .record("clock"), "What is wrong with its clock."),
        Field("binary", .word(Vocabulary("binary", of: BinaryWord.self)), standard: "current", "The program."),
    ]
}
