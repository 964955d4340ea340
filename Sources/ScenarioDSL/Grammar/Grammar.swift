/// The whole language: every record that a scenario file may have, as data.
package enum Grammar {
    /// The version of the language, as `lab:` names it.
    package static let version: Int64 = 1

    /// The root of a scenario file.
    package static let root = "scenario"

    /// All records, the root first.
    package static let records: [Record] =
        [scenario, time, cost] + setupRecords + faultRecords + stepRecords + expectationRecords + [background]
        + invariantRecords + exploreRecords + MatchedKind.allCases.map(\.record)

    private static let byName = Dictionary(uniqueKeysWithValues: records.map { ($0.name, $0) })

    /// The record of that name.
    package static func record(_ name: String) -> Record {
        byName[name] ?? Record(name: name, meaning: "")
    }

    static let scenario = Record(
        name: root, meaning: "One scenario: what is set up, what happens, and what must hold.",
        fields: [
            Field("lab", .version, required: true, computed: .never, "The version of the language: 1."),
            Field("name", .text, required: true, computed: .never, "What the scenario shows, in a few words."),
            Field("why", .text, computed: .never, "Why it matters; the report shows it when the scenario fails."),
            Field("tags", .list(.spelled(.name), atLeast: 0), computed: .never, "Words to choose scenarios by."),
            Field(
                "seeds", .either([.integer(1...100_000), .list(.integer(0...Int64.max), atLeast: 1)]), computed: .never,
                standard: "1",
                "How many orders of events are tried, or the seeds themselves; a seed and a cell give one run."),
            Field("vars", .table(.value), computed: .never, "Values that `${vars.NAME}` stands for."),
            Field("time", .record("time"), "How time passes."),
            Field(
                "matrix", .table(.list(.value, atLeast: 1)), computed: .never,
                "Dimensions and their values; each combination is a cell, and `${matrix.NAME}` its value there."),
            Field(
                "exclude", .list(.table(.value), atLeast: 0), computed: .never,
                "Combinations that are left out; a mapping in the matrix is named by its `id`."),
            Field("setup", .record("setup"), required: true, "What is there at the start."),
            Field("faults", .list(.record("fault"), atLeast: 0), "Faults that wait from the start."),
            Field("background", .list(.record("background"), atLeast: 0), "What goes on beside the steps."),
            Field("steps", .list(.record("step"), atLeast: 0), "What is done, in order."),
            Field(
                "expect", .list(.record("expectation"), atLeast: 0), "What holds at the end, over the whole history."),
            Field("invariants", .list(invariantForm, atLeast: 0), "What holds after every event."),
            Field("explore", .record("explore"), "What `lab explore` may do to the system."),
        ])

    static let time = Record(
        name: "time", meaning: "How time passes.",
        fields: [
            Field("mode", .word(Vocabulary("mode", of: TimeMode.self)), standard: "virtual", "Whose time it is."),
            Field("scale", .number(atLeast: 0.001), standard: "1", "How much faster than real time `scaled` is."),
            Field("limit", .spelled(.duration), standard: "24h", "The most time that a run may take."),
            Field("start", .spelled(.timestamp), standard: "2026-01-01T00:00:00Z", "The time of day at the start."),
            Field(
                "stall_after", .spelled(.duration), standard: "10s", "Real time without any progress that ends a run."),
            Field("cost", .record("cost"), "Time that work is taken to need; it needs none otherwise."),
        ], example: "{mode: virtual, limit: 2h}")

    static let cost = Record(
        name: "cost", meaning: "Virtual time that work is taken to need.",
        fields: [Field("handler", .spelled(.duration), standard: "0s", "For one run of a handler.")],
        example: "{handler: 45s}")

    static let background = Record(
        name: "background", meaning: "Steps that are done again and again beside the others; `${tick}` counts from 1.",
        fields: [
            Field("every", .spelled(.duration), required: true, "The time between two rounds."),
            Field("until", .spelled(.duration), "When it ends, from the start; with the last step otherwise."),
            Field("do", .list(.record("step"), atLeast: 1), required: true, "What is done."),
            Field("when", .text, computed: .during, "Whether it is done at all."),
        ], example: "{every: 10s, until: 30m, do: [{send: {job: \"load-${tick}\", handler: csv-validate}}]}")

    /// A sub-mapping with a field for each property.
    static func fields<Property: CheckedProperty>(of type: Property.Type) -> [Field] {
        type.allCases.map { Field($0.rawValue, .matcher($0.kind), computed: .during, $0.meaning) }
    }
}
