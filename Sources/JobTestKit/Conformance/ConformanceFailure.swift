/// A rule of a port that an adapter breaks.
package struct ConformanceFailure: Error, CustomStringConvertible {
    /// What was expected and what was found.
    package let description: String

    /// Makes a failure.
    package init(_ description: String) { self.description = description }
}

/// Throws unless the condition holds.
func require(_ condition: Bool, _ message: @autoclosure () -> String) throws(ConformanceFailure) {
    guard condition else { throw ConformanceFailure(message()) }
}

/// Throws unless both are equal.
func requireEqual<T: Equatable>(_ found: T, _ expected: T, _ what: String) throws(ConformanceFailure) {
    guard found == expected else { throw ConformanceFailure("\(what): expected \(expected), found \(found)") }
}
