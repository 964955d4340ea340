extension DiagnosticCode {
    /// What the mistake is, in a few words.
    package var title: String { text.title }

    /// Why it matters and what to do, in a few sentences.
    package var explanation: String { text.explanation }

    private var text: (title: String, explanation: String) {
        switch rawValue.dropFirst(3).first {
        case "0": yamlText
        case "1": formText
        case "2": meaningText
        default: lintText
        }
    }

    private var yamlText: (title: String, explanation: String) {
        switch self {
        case .notText:
            ("not a text", "A scenario file is UTF-8 of at most 256 KiB. Save it as UTF-8 and without zero bytes.")
        case .notYAML:
            (
                "not YAML",
                "The text breaks a rule of YAML 1.2 at this place. Often a quote, a bracket or a colon is missing, or a text that starts with a sign such as * or % needs quotes."
            )
        case .duplicateKey:
            (
                "a key twice",
                "A mapping may have each key once; readers differ in which of the two they take. Delete one of them."
            )
        case .misleadingYAML:
            (
                "YAML that misleads",
                "Merge keys, keys that are no texts, more than 16 aliases, and more than 64 levels or 20,000 values are refused. Write the value out, or put a key that looks like a boolean into quotes."
            )
        default: ("an empty file", "There is no scenario in the file. `lab explain scenario` lists what it may hold.")
        }
    }

    private var formText: (title: String, explanation: String) {
        switch self {
        case .unknownKey:
            (
                "an unknown key",
                "The mapping has no key of this name, so that it would have no effect. The message lists what is known, or names the key that was most likely meant."
            )
        case .unknownVerb:
            (
                "an unknown verb or assertion",
                "Each step is one verb, each expectation one assertion. `lab explain step` and `lab explain expectation` list them."
            )
        case .missingKey:
            ("a missing key", "The mapping needs this key; `lab explain` with the mapping's name says what it means.")
        case .wrongType:
            (
                "a value of the wrong kind",
                "A text where a list was expected, or the like. Texts that look like numbers need quotes; numbers must have none."
            )
        case .unknownWord:
            ("an unknown word", "Only the listed words are possible here. The message names the nearest one.")
        case .outOfRange: ("a number out of range", "The number is smaller or larger than what makes sense here.")
        case .wrongSpelling:
            (
                "a text that is spelled wrong",
                "Durations are numbers with ms, s, m, h or d (1h30m). Sizes are whole numbers with B, KiB, MiB or GiB. Shares end in %, rates in /s, /m or /h."
            )
        case .conflictingKeys:
            (
                "keys that exclude each other",
                "Each of these keys says what the mapping is; only one can. Make two mappings of it."
            )
        default: ("a list that is too short", "The list needs at least so many elements.")
        }
    }

    private var meaningText: (title: String, explanation: String) {
        switch self {
        case .expressionSyntax:
            (
                "an expression that cannot be read",
                "Expressions know texts in quotes, numbers, true, false, null, lists, names, the signs ! - * / % + < <= > >= == != in && || ?? and parentheses. A minus between two names needs spaces. Write $${ for the characters ${."
            )
        case .unknownName:
            (
                "an unknown name",
                "Nothing of this name is declared. Known are matrix, vars, data, seed, event after a `wait`, oracle in `expect`, the names of `as`, and the counters of loops."
            )
        case .wrongExpressionType:
            (
                "values that do not go together",
                "An operator or a condition got values that it cannot work with. Conditions must be true or false; + joins two numbers or two texts."
            )
        case .knownTooLate:
            (
                "known only in the run",
                "This value must be known before the run starts, and depends on something that only the run brings: an event, a capture, a random number. Use the matrix or a variable."
            )
        case .usedTooEarly:
            (
                "used before it is known",
                "The name is declared by a later step. Move the step that declares it before the one that uses it."
            )
        case .badPattern:
            (
                "a regular expression that cannot be read",
                "`matches` takes a regular expression as Swift's Regex reads it."
            )
        case .reversedRange:
            ("a range that runs backwards", "The first number of a range must not be larger than the second.")
        case .badName:
            (
                "a name that expressions cannot use",
                "Names of variables, dimensions, data and inputs are letters, digits, _ and -, and begin with a letter or _."
            )
        case .unknownHandler:
            (
                "a handler that no runner has",
                "No runner of `setup.runners` lists this handler, so that the job would end in the dead-letter queue."
            )
        case .unknownQueue: ("an unknown queue", "`setup` declares no queue or dead-letter queue of this name.")
        case .unknownRunner:
            (
                "an unknown runner",
                "No runner of this name is set up or started before. Runners of a fleet are r1, r2 and so on."
            )
        case .unknownData: ("unknown data", "`setup.data` has no entry of this name.")
        case .unknownFault: ("an unknown fault", "No fault has this `id`.")
        case .unknownJob:
            (
                "a job that nobody sends",
                "No step sends a job whose name can be this one, so that the assertion is about nothing."
            )
        case .unknownMessage: ("an unknown message", "No `send` gives its message this name with `as`.")
        case .unknownStep: ("an unknown step", "No step has this `id`.")
        case .nameTwice:
            ("a name twice", "Two things of one kind have the same name; it would not be clear which one is meant.")
        case .unsuitable: ("settings that do not go together", "Two settings exclude or need each other.")
        case .tooManyCells:
            (
                "too many cells",
                "The matrix has more than 1,000 combinations. Leave some out with `exclude`, or split the scenario."
            )
        case .noCells: ("no cells", "`exclude` leaves no combination of the matrix over.")
        case .sameCellTwice:
            (
                "two cells of one name",
                "Two values of a dimension have the same name in reports. Give mappings in the matrix an `id` of their own."
            )
        default: ("an unknown dimension", "`exclude` names a dimension that the matrix does not have.")
        }
    }

    private var lintText: (title: String, explanation: String) {
        switch self {
        case .missingWhy:
            ("no why", "Whoever sees the scenario fail wants to know why it matters. One sentence is enough.")
        case .missingSeeds:
            (
                "randomness without seeds",
                "The scenario draws random numbers and tries one seed only. Add `seeds: 5` or the like."
            )
        case .unusedName:
            (
                "a name that nothing uses",
                "Data, a variable or a capture is declared and never used. Delete it, or find the place where its name is misspelled."
            )
        case .unusedDimension:
            (
                "a dimension that nothing uses",
                "All cells along this dimension are the same run. Use `${matrix.NAME}`, or delete the dimension."
            )
        case .deadlineTooShort:
            (
                "a deadline shorter than what it waits for",
                "The time given is shorter than the mechanism that must come first, such as the visibility timeout before a redelivery."
            )
        case .faultNeverFires:
            (
                "a fault that can never fire",
                "No step makes a call that the fault hits, so that the run would be inconclusive. Check `op` and `nth`, or set `must_fire: false`."
            )
        case .neverFails:
            ("an assertion that can never fail", "Every possible history satisfies it. Tighten it or delete it.")
        case .unreachable:
            ("steps that are never done", "The condition is false in every cell, or the loop runs zero times.")
        case .realWithoutSlow:
            (
                "real time without the tag slow",
                "A scenario in real time takes as long as it says; the tag keeps it out of quick suites."
            )
        case .nothingExpected:
            (
                "nothing is expected",
                "The scenario has neither `expect` nor `invariants` nor a check among its steps; it cannot fail."
            )
        case .excludesNothing:
            ("an exclude that fits no cell", "No combination of the matrix fits. A value may be misspelled.")
        default: ("a time limit that is too short", "`time.limit` ends the run before its steps can be over.")
        }
    }
}
