/// What a value of a scenario file may be.
///
/// Parser, JSON Schema, completion and reference page all come from these descriptions.
package indirect enum ValueForm: Sendable {
    /// Any text.
    case text
    /// A text of a spelling of its own, such as a duration.
    case spelled(Spelling)
    /// One of a closed set of words.
    case word(Vocabulary)
    /// `true` or `false`.
    case flag
    /// A whole number.
    case integer(ClosedRange<Int64>)
    /// A number, at least so large.
    case number(atLeast: Double?)
    /// Values of one form in order.
    case list(ValueForm, atLeast: Int)
    /// Exactly two values of one form.
    case pair(ValueForm)
    /// A mapping with the fields of the record of that name.
    case record(String)
    /// A mapping of names that the author chooses to values of one form.
    case table(ValueForm)
    /// The first form that fits what kind of value is there.
    case either([ValueForm])
    /// A value to be equal to, or a mapping of comparisons.
    case matcher(MatchedKind)
    /// Any value.
    case value
    /// The version of the language.
    case version
}

/// A field of a record.
package struct Field: Sendable {
    /// When `${…}` in a field is worked out, if it may have any.
    package enum Computing: Sendable {
        /// Never: the text stands for itself.
        case never
        /// Before the run: from the matrix and the variables.
        case before
        /// In the run: from events, captures and random numbers as well.
        case during
    }

    /// Its name.
    package let name: String
    /// What its value may be.
    package let form: ValueForm
    /// Whether it must be there.
    package var isRequired = false
    /// When `${…}` is worked out.
    package var computing = Computing.before
    /// What it says, in one sentence or two.
    package let meaning: String
    /// What holds when it is not there.
    package var standard: String?

    /// Makes a field.
    init(
        _ name: String, _ form: ValueForm, required: Bool = false, computed computing: Computing = .before,
        standard: String? = nil, _ meaning: String
    ) {
        self.name = name
        self.form = form
        isRequired = required
        self.computing = computing
        self.meaning = meaning
        self.standard = standard
    }
}

/// One of several shapes of a record, told by the field that heads it.
package struct Variant: Sendable {
    /// The field that tells this shape from others; it must be there.
    package let head: Field
    /// Its other fields.
    package var fields: [Field] = []
    /// How it looks in a file.
    package var example: String

    /// Makes a shape.
    init(_ head: Field, _ fields: [Field] = [], example: String) {
        self.head = head
        self.fields = fields
        self.example = example
    }
}

/// A mapping with known fields.
package struct Record: Sendable {
    /// Its name in the grammar.
    package let name: String
    /// What it says.
    package let meaning: String
    /// Fields that all its shapes have.
    package var fields: [Field] = []
    /// Its shapes, the first whose head is there counts; empty when it has one shape only.
    package var variants: [Variant] = []
    /// Field names of which at least one must be there; empty when none need be.
    package var needsOneOf: [String] = []
    /// How it looks in a file.
    package var example: String?
    /// What the heads of its shapes are called in messages, such as `verb`.
    package var headTitle = "key"

    /// The fields of one shape, or of the record when it has no shapes.
    func allFields(of variant: Variant?) -> [Field] { (variant.map { [$0.head] + $0.fields } ?? []) + fields }
}
