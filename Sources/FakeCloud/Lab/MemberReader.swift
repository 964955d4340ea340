internal import PureJSON

/// Reads the members of an object that a tester wrote, and refuses those that nobody knows.
struct MemberReader: Sendable {
    private let object: JSONObject
    private let place: String

    init(_ json: JSONValue, of place: String, known: [String]) throws(LabRefusal) {
        guard let object = json.objectValue else { throw .malformed("\(place) must be a JSON object") }
        if let unknown = object.keys.first(where: { !known.contains($0) }) {
            throw .malformed("\(place) has no member \"\(unknown)\"; it has \(known.joined(separator: ", "))")
        }
        self.object = object
        self.place = place
    }

    /// A text; `nil` when it is not there.
    func text(_ name: String) throws(LabRefusal) -> String? {
        guard let value = object[name], !value.isNull else { return nil }
        guard let text = value.stringValue else { throw .malformed("\"\(name)\" of \(place) must be text") }
        return text
    }

    /// A whole number; `nil` when it is not there.
    func integer(_ name: String, in range: ClosedRange<Int>) throws(LabRefusal) -> Int? {
        guard let value = object[name], !value.isNull else { return nil }
        guard let number = value.integerValue.flatMap({ Int(exactly: $0) }), range.contains(number) else {
            throw .malformed("\"\(name)\" of \(place) must be a whole number from \(range.lowerBound)")
        }
        return number
    }
}
