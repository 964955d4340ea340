/// Why the lab's door does not do what it is asked: an HTTP status and a sentence with what to do next.
package struct LabRefusal: Error, Sendable, Hashable, CustomStringConvertible {
    /// The HTTP status.
    package let status: Int
    /// What is wrong.
    package let description: String

    /// Makes a refusal.
    package init(_ status: Int, _ description: String) {
        self.status = status
        self.description = description
    }

    /// A refusal of the request's own words.
    static func malformed(_ description: String) -> LabRefusal { LabRefusal(400, description) }
}
