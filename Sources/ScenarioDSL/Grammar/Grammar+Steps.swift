extension Grammar {
    static let stepRecords =
        [
            Record(
                name: "step", meaning: "One thing that is done: a verb and its values.",
                fields: [
                    Field("when", .text, computed: .during, "An expression; the step is left out when it is false."),
                    Field("id", .spelled(.name), computed: .never, "Its name in reports, and for `always … during`."),
                ], variants: verbs, headTitle: "verb")
        ] + sendRecords + verbRecords

    static let verbs = [
        verb(
            "send", .record("send"), "Puts a job's message, or any bytes, into a queue.",
            "{send: {job: j1, handler: csv-validate, input: \"${data.small}\"}}"),
        verb(
            "upload", .record("upload"), "Puts an object into the bucket of inputs.",
            "{upload: {key: in/a.csv, input: \"${data.small}\"}}"),
        verb(
            "wait", .record("wait"), "Goes on at an event, with everything frozen at it.",
            "{wait: {event: job.claimed, job: j1}}"),
        verb(
            "eventually", .record("eventual"),
            "Goes on as soon as something holds; the run fails when it does not in time.",
            "{eventually: {job: j1, state: COMPLETED, within: 2m}}"),
        verb(
            "expect", .list(.record("expectation"), atLeast: 1), "What must hold now.",
            "{expect: [{queue: jobs, total: 0}]}"),
        verb("advance", .spelled(.duration), "Lets so much time pass.", "{advance: 35m}"),
        verb("signal", .record("signal"), "Sends a signal to a runner.", "{signal: {runner: r1, sig: TERM}}"),
        verb(
            "pause", .record("pause"), "Freezes a runner: it lives, holds its leases, and is silent.",
            "{pause: {runner: r1}}"),
        verb("resume", .record("resume"), "Lets a frozen runner go on.", "{resume: {runner: r1}}"),
        verb("start", .record("start"), "Starts one more runner, or one that has exited.", "{start: {runner: r2}}"),
        verb(
            "restart", .record("restart_runner"), "Ends a runner and starts it again.",
            "{restart: {runner: r1, sig: KILL}}"),
        verb(
            "rolling", .record("rolling"), "Replaces runners one after the other.",
            "{rolling: {from: [a1, a2], to: {binary: current}, drain: TERM}}"),
        verb(
            "deploy", .record("deploy"), "Puts another version of a handler in place.",
            "{deploy: {handler: csv-validate, version: current}}"),
        verb("revoke", .record("revoke"), "Takes credentials away.", "{revoke: {credentials: current}}"),
        verb(
            "fault", .record("fault"), "Arms a fault from now on.",
            "{fault: {id: slow, match: {op: s3.GetObject}, do: {latency: 90s}}}"),
        verb("clear", .text, "Ends the fault of that name, or `all`.", "{clear: slow}"),
        Variant(
            Field("repeat", .record("repeat"), required: true, computed: .during, "Does steps several times."),
            [Field("do", .list(.record("step"), atLeast: 1), required: true, "What is done.")],
            example: "{repeat: {times: 8, as: i}, do: [{send: {job: \"j${i}\", handler: csv-validate}}]}"),
        verb(
            "parallel", .list(.list(.record("step"), atLeast: 1), atLeast: 1),
            "Does lists of steps side by side; the seed says in which order.",
            "{parallel: [[{advance: 1s}], [{note: two}]]}"),
        verb(
            "capture", .record("capture"), "Keeps what is known about something under a name.",
            "{capture: {object: results/j1.csv, as: before}}"),
        verb(
            "run", .record("run"), "Runs one of the product's own programs.",
            "{run: {cmd: [headrace, dlq, redrive, jobs], exit_code: 0}}"),
        verb("note", .text, "Writes a line into the report.", "{note: the deploy begins}"),
    ]

    private static func verb(_ name: String, _ form: ValueForm, _ meaning: String, _ example: String) -> Variant {
        Variant(Field(name, form, required: true, computed: .during, meaning), example: example)
    }

    private static let label = Field("as", .spelled(.name), computed: .never, "The name that it gets.")
    private static let runner = Field("runner", .text, required: true, computed: .during, "The runner's name.")

    private static let sendRecords = [
        Record(
            name: "send", meaning: "What is put into a queue.", fields: messageFields,
            variants: [
                Variant(
                    Field("raw", .record("raw"), required: true, computed: .during, "Any bytes as a message."),
                    example: "{raw: {body: \"{oops\"}, as: bad}"),
                Variant(
                    Field("job", .text, required: true, computed: .during, "A job's message: the job's identifier."),
                    [
                        Field("handler", .text, required: true, computed: .during, "The handler that is to run."),
                        Field("input", .text, computed: .during, "The input: `${data.NAME}`, or an s3:// address."),
                        Field("inputs", .table(.text), computed: .during, "Several inputs by their names."),
                        Field("params", .table(.value), computed: .during, "The handler's parameters."),
                        Field(
                            "priority", .word(Vocabulary("priority", of: PriorityWord.self)), standard: "normal",
                            "The job's priority."),
                        Field("tenant", .text, computed: .during, "Whom the job is for."),
                    ], example: "{job: j1, handler: csv-validate, input: \"${data.small}\", copies: 2}"),
            ]),
        Record(
            name: "raw", meaning: "The bytes of a message.",
            variants: [
                Variant(
                    Field(
                        "body", .either([.record("repeated"), .text]), required: true, computed: .during,
                        "A text, or one said again and again."),
                    example: "{body: \"{oops\"}"),
                Variant(
                    Field("body_base64", .text, required: true, computed: .during, "Bytes in Base64."),
                    example: "{body_base64: \"/w==\"}"),
            ], headTitle: "kind of body"),
        Record(
            name: "repeated", meaning: "A text said again and again until it is long enough.",
            fields: [
                Field("repeat", .text, required: true, "The text."),
                Field("bytes", sizeForm, required: true, "How long the whole is."),
            ], example: "{repeat: a, bytes: 1MiB}"),
        Record(
            name: "upload", meaning: "An object to put.",
            fields: [
                Field("key", .text, required: true, computed: .during, "Its key."),
                Field("input", .text, required: true, computed: .during, "The input: `${data.NAME}`."), label,
            ], example: "{key: in/a.csv, input: \"${data.small}\"}"),
    ]

    private static let messageFields = [
        Field("queue", .text, computed: .during, "The queue; the first one otherwise."),
        Field("copies", .integer(1...10_000), computed: .during, standard: "1", "How often the same body is sent."),
        Field(
            "delay", .spelled(.duration), standard: "0s",
            "How much later it is there; longer than SQS itself allows if need be."),
        Field("attributes", .table(.text), computed: .during, "Attributes of the message."), label,
    ]

    private static let verbRecords = [
        Record(
            name: "wait", meaning: "An event to wait for.",
            fields: [
                Field("event", .word(Vocabulary("event", of: EventType.self)), required: true, "What happens.")
            ] + patternFields + [
                Field(
                    "within", .spelled(.duration), standard: "1h", "How long is waited before the run is inconclusive."),
                Field("as", .spelled(.name), computed: .never, "A name for the event, beside `event`."),
            ], example: "{event: handler.progress, job: j1, where: {percent: {gte: 50}}, within: 2m}"),
        Record(
            name: "signal", meaning: "A signal to a runner.",
            fields: [
                runner, Field("sig", signalForm, required: true, "Which one."),
            ]),
        Record(name: "pause", meaning: "A runner to freeze.", fields: [runner, label]),
        Record(name: "resume", meaning: "A runner to let go on.", fields: [runner]),
        Record(
            name: "start", meaning: "A runner to start.",
            fields: [
                runner,
                Field("like", .text, computed: .during, "The runner whose settings it takes; the first one otherwise."),
                Field("binary", .word(Vocabulary("binary", of: BinaryWord.self)), "The program."),
            ]),
        Record(
            name: "restart_runner", meaning: "A runner to end and start again.",
            fields: [
                runner, Field("sig", signalForm, standard: "TERM", "How it is ended."),
                Field("after", .spelled(.duration), standard: "0s", "How much later it is started."),
            ]),
        Record(
            name: "rolling", meaning: "Runners to replace one after the other.",
            fields: [
                Field(
                    "from", .either([.list(.text, atLeast: 1), .text]), required: true, "Their names, or \"*\" for all."
                ),
                Field("to", .record("replacement"), required: true, "What comes in their place."),
                Field("drain", signalForm, standard: "TERM", "How each is ended."),
                Field("overlap", .spelled(.duration), standard: "0s", "How long old and new run side by side."),
            ]),
        Record(
            name: "replacement", meaning: "What comes in a runner's place.",
            fields: [Field("binary", .word(Vocabulary("binary", of: BinaryWord.self)), required: true, "The program.")],
            example: "{binary: current}"),
        Record(
            name: "deploy", meaning: "A handler to put in place.",
            fields: [
                Field("handler", .text, required: true, computed: .during, "The handler."),
                Field(
                    "version", .word(Vocabulary("version", of: HandlerVersionWord.self)), standard: "current",
                    "Which version."),
            ]),
        Record(
            name: "revoke", meaning: "Credentials to take away.",
            fields: [
                Field(
                    "credentials", .word(Vocabulary("credentials", of: CredentialSelection.self)), required: true,
                    "Which.")
            ]),
        Record(
            name: "repeat", meaning: "How often steps are done.",
            fields: [
                Field("times", .integer(0...100_000), required: true, computed: .during, "How often."),
                Field("as", .spelled(.name), computed: .never, "The name of the counter, which starts at 1."),
            ], example: "{times: 8, as: i}"),
        Record(
            name: "capture", meaning: "What to keep under a name.",
            fields: [Field("as", .spelled(.name), required: true, computed: .never, "The name that it gets.")],
            variants: [
                Variant(
                    Field(
                        "object", .text, required: true, computed: .during, "An object: key, size, sha256, versions."),
                    example: "{object: results/j1.csv, as: before}"),
                Variant(
                    Field(
                        "job", .text, required: true, computed: .during, "A job: state, attempts, epoch, error, result."
                    ),
                    example: "{job: j1, as: before}"),
            ]),
        Record(
            name: "run", meaning: "A program to run.",
            fields: [
                Field(
                    "cmd", .list(.text, atLeast: 1), required: true, computed: .during, "The program and its arguments."
                ),
                Field("exit_code", .integer(0...255), standard: "0", "The exit code that it must have."),
                Field("as", .spelled(.name), computed: .never, "A name for what it wrote: stdout, stderr, exit_code."),
                Field("within", .spelled(.duration), standard: "1m", "How long it may take."),
            ]),
    ]
}
