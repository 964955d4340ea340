extension Grammar {
    static let faultRecords = [
        Record(
            name: "fault", meaning: "A fault: what it hits, what it does, and how long it waits.",
            fields: [
                Field("id", .spelled(.name), "Its name in reports and for `clear`."),
                Field("match", .record("match"), required: true, "What it hits."),
                Field("do", .record("action"), required: true, "What becomes of what is hit."),
                Field("for", .spelled(.duration), "How long it waits from when it is armed; for ever otherwise."),
                Field("times", .integer(1...1_000_000), "How often it hits at most."),
                Field("rate", .spelled(.share), standard: "100%", "The share of what fits that it hits."),
                Field("from", .spelled(.duration), standard: "0s", "How much later than the start it is armed."),
                Field("must_fire", .flag, standard: "true", "Whether a run in which it never hits is inconclusive."),
            ], example: "{match: {op: s3.GetObject}, do: {latency: 90s}, times: 2}"),
        Record(
            name: "match", meaning: "What a fault hits: calls to the cloud, or accesses to the database.",
            variants: [
                Variant(
                    Field(
                        "db", .word(Vocabulary("access", of: DatabaseAccess.self)), required: true,
                        "Accesses to the database."),
                    [nth, runnerReference], example: "{db: commit, nth: 2}"),
                Variant(
                    Field("op", .text, required: true, "Calls by service and API name, with * for any characters."),
                    [
                        Field("key", .text, computed: .during, "The object's key, with * for any characters."),
                        Field("queue", .text, computed: .during, "The queue's name."),
                        Field("job", .text, computed: .during, "The job that the call is about."),
                        runnerReference, nth,
                        Field("phase", .word(Vocabulary("phase", of: CallPhase.self)), "Which part of the call."),
                        Field("where", whereForm, computed: .during, "What else must be true of the call."),
                    ], example: "{op: \"s3.*\", key: \"in/*\"}"),
            ], headTitle: "key"),
        Record(
            name: "action", meaning: "What becomes of what a fault hits.",
            fields: [Field("then", .record("afterwards"), "What is done right afterwards.")], variants: actions,
            headTitle: "action"),
        Record(
            name: "afterwards", meaning: "What is done right after a fault has hit.",
            fields: [Field("signal", signalForm, required: true, "A signal to the runner that was hit.")],
            example: "{signal: KILL}"),
        Record(
            name: "error", meaning: "An answer of the service.",
            fields: [
                Field("status", .integer(300...599), required: true, "The HTTP status."),
                Field("code", .text, "The error's code, as the service names it."),
                Field("retry_after", .spelled(.duration), "What the answer says about the next try."),
            ], example: "{status: 503, code: ServiceUnavailable}"),
        Record(
            name: "place", meaning: "A place in a body.",
            fields: [Field("after", offsetForm, standard: "0B", "So many bytes, or such a share of the body.")],
            example: "{after: 10KiB}"),
        Record(
            name: "bit", meaning: "A bit in a body.",
            fields: [
                Field(
                    "at", .either([offsetForm, .word(Vocabulary("place", of: BitPlace.self))]), standard: "random",
                    "The byte that it is in.")
            ], example: "{at: random}"),
        Record(
            name: "torn", meaning: "A write of which only the first bytes arrive.",
            fields: [Field("keep", sizeForm, required: true, "How many.")], example: "{keep: 512}"),
        Record(name: "nothing", meaning: "An action without settings.", example: "{}"),
    ]

    static let signalForm = ValueForm.word(Vocabulary("signal", of: SignalWord.self))
    static let whereForm = ValueForm.either([.table(.matcher(.value)), .text])
    static let runnerReference = Field("runner", .text, computed: .during, "The runner's name.")
    private static let offsetForm = ValueForm.either([.integer(0...Int64.max), .spelled(.size), .spelled(.share)])
    private static let nth = Field(
        "nth", .either([.integer(1...999_999_999), .spelled(.ordinals)]), "Which of those that fit, from 1.")

    private static func plain(_ name: String, _ meaning: String) -> Variant {
        Variant(Field(name, .record("nothing"), required: true, meaning), example: "{\(name): {}}")
    }

    private static let actions = [
        Variant(
            Field("error", .record("error"), required: true, "Nothing is done; this is the answer."),
            example: "{error: {status: 503, code: SlowDown}}"),
        Variant(
            Field("latency", .spelled(.duration), required: true, "The call is done that much later."),
            [Field("jitter", .spelled(.duration), standard: "0s", "Up to so much more, drawn for each call.")],
            example: "{latency: 90s, jitter: 5s}"),
        Variant(
            Field("reset", .record("place"), required: true, "The connection ends inside the request's body."),
            example: "{reset: {after: 4KiB}}"),
        Variant(
            Field("truncate", .record("place"), required: true, "The answer's body ends early, and the connection."),
            example: "{truncate: {after: 10KiB}}"),
        Variant(
            Field("stall", .record("place"), required: true, "The answer's body stops coming; the connection stays."),
            example: "{stall: {after: 50%}}"),
        Variant(
            Field("flip_bit", .record("bit"), required: true, "One bit of the answer's body is wrong."),
            example: "{flip_bit: {at: random}}"),
        Variant(
            Field(
                "apply_then", .word(Vocabulary("aftermath", of: Aftermath.self)), required: true,
                "The call is done, and the client cannot know."), example: "{apply_then: reset}"),
        plain("duplicate", "Messages that are received stay visible and are delivered again."),
        plain("reorder", "Messages are received in another order."),
        plain("drop", "The service says yes and does nothing."),
        plain("busy", "The database is locked by somebody else."),
        plain("full", "The disk of the database is full."),
        plain("ioerr", "The disk of the database fails."),
        Variant(
            Field("torn", .record("torn"), required: true, "A write arrives in part; end the process with `then`."),
            example: "{torn: {keep: 512}, then: {signal: KILL}}"),
    ]
}
