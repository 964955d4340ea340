/// The kinds of mistakes in scenario files; a code never changes its meaning.
///
/// 0xx: not YAML that can be used. 1xx: not the form of a scenario, as the JSON Schema says it. 2xx: names, expressions
/// and values that do not go together. 3xx: a scenario that can run, and hardly does what its author wants.
package enum DiagnosticCode: String, Sendable, Hashable, CaseIterable {
    case notText = "LAB001"
    case notYAML = "LAB002"
    case duplicateKey = "LAB003"
    case misleadingYAML = "LAB004"
    case emptyFile = "LAB005"

    case unknownKey = "LAB101"
    case unknownVerb = "LAB102"
    case missingKey = "LAB103"
    case wrongType = "LAB104"
    case unknownWord = "LAB105"
    case outOfRange = "LAB106"
    case wrongSpelling = "LAB107"
    case conflictingKeys = "LAB108"
    case tooFew = "LAB109"

    case expressionSyntax = "LAB201"
    case unknownName = "LAB202"
    case wrongExpressionType = "LAB203"
    case knownTooLate = "LAB204"
    case usedTooEarly = "LAB205"
    case badPattern = "LAB206"
    case reversedRange = "LAB207"
    case badName = "LAB208"
    case unknownHandler = "LAB210"
    case unknownQueue = "LAB211"
    case unknownRunner = "LAB212"
    case unknownData = "LAB213"
    case unknownFault = "LAB214"
    case unknownJob = "LAB215"
    case unknownMessage = "LAB216"
    case unknownStep = "LAB217"
    case nameTwice = "LAB218"
    case unsuitable = "LAB219"
    case tooManyCells = "LAB220"
    case noCells = "LAB221"
    case sameCellTwice = "LAB222"
    case unknownDimension = "LAB223"

    case missingWhy = "LAB301"
    case missingSeeds = "LAB302"
    case unusedName = "LAB303"
    case unusedDimension = "LAB304"
    case deadlineTooShort = "LAB305"
    case faultNeverFires = "LAB306"
    case neverFails = "LAB307"
    case unreachable = "LAB308"
    case realWithoutSlow = "LAB309"
    case nothingExpected = "LAB310"
    case excludesNothing = "LAB311"
    case limitTooShort = "LAB312"

    /// How bad it is.
    package var severity: Diagnostic.Severity { rawValue.hasPrefix("LAB3") ? .warning : .error }

    /// Whether the JSON Schema finds the same mistake.
    package var isStructural: Bool { rawValue.hasPrefix("LAB1") }
}
