package import PureJSON

/// A value of a scenario file, and where it stands.
package struct SourceNode: Sendable, Hashable {
    /// A name and its value.
    package struct Member: Sendable, Hashable {
        /// The name.
        package var name: String
        /// Where the name stands.
        package var place: SourcePlace
        /// The value.
        package var value: SourceNode
    }

    /// What a value is made of.
    package enum Content: Sendable, Hashable {
        /// A text, number, truth value or null.
        case scalar(JSONValue)
        /// Values in order.
        case list([SourceNode])
        /// Names and values in order, each name once.
        case mapping([Member])
    }

    /// What it is made of.
    package var content: Content
    /// Where it starts.
    package var place: SourcePlace
    /// How many characters of the file come before the first character of a text: 1 for a quote.
    ///
    /// `nil` where places inside the text cannot be told, because it has escapes or runs over lines.
    package var textOffset: Int?

    /// Makes a value.
    package init(_ content: Content, at place: SourcePlace, textOffset: Int? = nil) {
        self.content = content
        self.place = place
        self.textOffset = textOffset
    }

    /// The text, when it is one.
    package var text: String? { scalar?.stringValue }

    /// The scalar, when it is one.
    package var scalar: JSONValue? {
        guard case .scalar(let value) = content else { return nil }
        return value
    }

    /// The members, when it is a mapping.
    package var members: [Member]? {
        guard case .mapping(let members) = content else { return nil }
        return members
    }

    /// The elements, when it is a list.
    package var elements: [SourceNode]? {
        guard case .list(let elements) = content else { return nil }
        return elements
    }

    /// Whether it is the scalar null.
    package var isNull: Bool { scalar?.isNull ?? false }

    /// Whether it is a text with a `${…}` in it.
    var isComputed: Bool { text?.contains("${") ?? false }

    /// The member of that name, when it is a mapping that has it.
    package subscript(name: String) -> SourceNode? { members?.first { $0.name == name }?.value }

    /// The value without its place.
    package var json: JSONValue {
        switch content {
        case .scalar(let value): return value
        case .list(let elements): return .array(elements.map(\.json))
        case .mapping(let members):
            var object = JSONObject()
            for member in members { object[member.name] = member.value.json }
            return .object(object)
        }
    }

    /// A value that stands as a whole at one place.
    init(_ value: JSONValue, at place: SourcePlace) {
        switch value {
        case .array(let elements): self.init(.list(elements.map { SourceNode($0, at: place) }), at: place)
        case .object(let object):
            let members = object.map { Member(name: $0.key, place: place, value: SourceNode($0.value, at: place)) }
            self.init(.mapping(members), at: place)
        default: self.init(.scalar(value), at: place)
        }
    }

    /// What it is, as messages spell it.
    var summary: String {
        switch content {
        case .list(let elements): "a list of \(elements.count)"
        case .mapping: "a mapping"
        case .scalar(.string(let text)):
            text.isEmpty ? "an empty text" : "the text \"\(text.prefix(40))\(text.count > 40 ? "…" : "")\""
        case .scalar(.null): "nothing"
        case .scalar(let value): value.serialized()
        }
    }
}
