internal import JobCore

/// What kind of value a matcher looks at; durations are seconds, sizes are bytes, rates are per second.
package enum MatchedKind: String, Sendable, Hashable, CaseIterable {
    case value, text, count, number, size, duration, rate, flag
    case jobState = "job_state"
    case signal
    case alarmState = "alarm_state"
    case words

    /// What a single value of the kind looks like.
    var form: ValueForm {
        switch self {
        case .value: .value
        case .text: .text
        case .count: .integer(0...Int64(Int32.max))
        case .number: .number(atLeast: nil)
        case .size: .either([.integer(0...Int64.max), .spelled(.size)])
        case .duration: .spelled(.duration)
        case .rate: .spelled(.rate)
        case .flag: .flag
        case .jobState: .word(Vocabulary("state of a job", of: JobState.self))
        case .signal: .word(Vocabulary("signal", of: SignalWord.self))
        case .alarmState: .word(Vocabulary("state of an alarm", of: AlarmState.self))
        case .words: .list(.word(Vocabulary("state of a job", of: JobState.self)), atLeast: 1)
        }
    }
}

extension MatchedKind {
    /// The record of the grammar that holds the comparisons of this kind.
    var recordName: String { "match_" + rawValue }

    /// The comparisons of this kind.
    var operators: [MatcherOperator] {
        switch self {
        case .value: MatcherOperator.allCases
        case .text: [.equal, .notEqual, .in, .has, .matches, .not]
        case .count, .number, .size, .duration, .rate:
            [.equal, .notEqual, .less, .lessOrEqual, .greater, .greaterOrEqual, .in, .between, .not]
        case .flag: [.equal, .notEqual]
        case .jobState, .signal, .alarmState: [.equal, .notEqual, .in, .not]
        case .words: [.equal, .notEqual, .has, .not]
        }
    }

    /// The comparisons as a record of the grammar.
    var record: Record {
        let fields = operators.map { comparison in
            Field(comparison.rawValue, operandForm(of: comparison), computed: .during, comparison.meaning)
        }
        return Record(
            name: recordName, meaning: "Comparisons that must all hold.", fields: fields,
            needsOneOf: operators.map(\.rawValue))
    }

    /// What stands behind a comparison.
    func operandForm(of comparison: MatcherOperator) -> ValueForm {
        switch comparison {
        case .equal, .notEqual, .less, .lessOrEqual, .greater, .greaterOrEqual: form
        case .in: .list(form, atLeast: 1)
        case .between: .pair(form)
        case .has: .value
        case .matches: .text
        case .not: .matcher(self)
        }
    }
}

/// How a value is compared.
package enum MatcherOperator: String, Word {
    case equal = "eq"
    case notEqual = "ne"
    case less = "lt"
    case lessOrEqual = "lte"
    case greater = "gt"
    case greaterOrEqual = "gte"
    case `in`, has, matches, between, not

    package var meaning: String {
        switch self {
        case .equal: "Equal."
        case .notEqual: "Not equal."
        case .less: "Less than."
        case .lessOrEqual: "Less than or equal."
        case .greater: "Greater than."
        case .greaterOrEqual: "Greater than or equal."
        case .in: "One of these."
        case .has: "A text with this part, a list with this element or these, a mapping with this key or these."
        case .matches: "A text in which this regular expression is found."
        case .between: "From the first to the second."
        case .not: "What does not match this."
        }
    }
}
