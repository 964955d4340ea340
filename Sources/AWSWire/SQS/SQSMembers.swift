internal import PureJSON

/// Reads the members of a document by name and type.
struct SQSMembers {
    private let object: JSONObject

    init(_ json: JSONValue) throws(SQSCodecError) {
        guard let object = json.objectValue else { throw .notAnObject(found: json.typeName) }
        self.object = object
    }

    func string(_ member: String) throws(SQSCodecError) -> String? {
        guard let value = present(member) else { return nil }
        guard let text = value.stringValue else { throw wrongType(member, "a string", value) }
        return text
    }

    func requiredString(_ member: String) throws(SQSCodecError) -> String {
        guard let text = try string(member) else { throw .missing(member: member) }
        return text
    }

    func integer(_ member: String) throws(SQSCodecError) -> Int? {
        guard let value = present(member) else { return nil }
        guard let number = value.integerValue else { throw wrongType(member, "an integer", value) }
        return Int(number)
    }

    func requiredInteger(_ member: String) throws(SQSCodecError) -> Int {
        guard let number = try integer(member) else { throw .missing(member: member) }
        return number
    }

    func bool(_ member: String) throws(SQSCodecError) -> Bool? {
        guard let value = present(member) else { return nil }
        guard let truth = value.boolValue else { throw wrongType(member, "true or false", value) }
        return truth
    }

    func bytes(_ member: String) throws(SQSCodecError) -> [UInt8]? {
        guard let text = try string(member) else { return nil }
        guard let bytes = Base64.decode(text) else { throw .notBase64(member: member) }
        return bytes
    }

    func strings(_ member: String) throws(SQSCodecError) -> [String] {
        guard let value = present(member) else { return [] }
        guard let elements = value.arrayValue else { throw wrongType(member, "a list", value) }
        var texts: [String] = []
        for element in elements {
            guard let text = element.stringValue else { throw wrongType(member, "a list of strings", element) }
            texts.append(text)
        }
        return texts
    }

    func stringMap(_ member: String) throws(SQSCodecError) -> [String: String] {
        guard let value = present(member) else { return [:] }
        guard let members = value.objectValue else { throw wrongType(member, "an object", value) }
        var map: [String: String] = [:]
        for (name, value) in members {
            guard let text = value.stringValue else { throw wrongType(member + "." + name, "a string", value) }
            map[name] = text
        }
        return map
    }

    func list<Element: SQSPayload>(_ member: String, of type: Element.Type) throws(SQSCodecError) -> [Element] {
        guard let value = present(member) else { return [] }
        guard let elements = value.arrayValue else { throw wrongType(member, "a list", value) }
        var list: [Element] = []
        list.reserveCapacity(elements.count)
        for element in elements { list.append(try Element(json: element)) }
        return list
    }

    func map<Element: SQSPayload>(_ member: String, of type: Element.Type) throws(SQSCodecError) -> [String: Element] {
        guard let value = present(member) else { return [:] }
        guard let members = value.objectValue else { throw wrongType(member, "an object", value) }
        var map: [String: Element] = [:]
        for (name, value) in members { map[name] = try Element(json: value) }
        return map
    }

    private func present(_ member: String) -> JSONValue? {
        guard let value = object[member], !value.isNull else { return nil }
        return value
    }

    private func wrongType(_ member: String, _ expected: String, _ found: JSONValue) -> SQSCodecError {
        .wrongType(member: member, expected: expected, found: found.typeName)
    }
}

/// Collects members; absent and empty ones are left out.
struct SQSMemberWriter {
    private var object = JSONObject()

    var json: JSONValue { .object(object) }

    mutating func set(_ member: String, _ text: String?) {
        object[member] = text.map { .string($0) }
    }

    mutating func set(_ member: String, _ number: Int?) {
        object[member] = number.map { .integer(Int64($0)) }
    }

    mutating func set(_ member: String, _ truth: Bool?) {
        object[member] = truth.map { .bool($0) }
    }

    mutating func set(_ member: String, _ bytes: [UInt8]?) {
        object[member] = bytes.map { .string(Base64.encode($0)) }
    }

    mutating func set(_ member: String, _ texts: [String], always: Bool = false) {
        guard always || !texts.isEmpty else { return }
        object[member] = .array(texts.map { .string($0) })
    }

    mutating func set(_ member: String, _ map: [String: String]) {
        guard !map.isEmpty else { return }
        var members = JSONObject()
        for (name, value) in map.sorted(by: { $0.key < $1.key }) { members[name] = .string(value) }
        object[member] = .object(members)
    }

    mutating func set<Element: SQSPayload>(_ member: String, _ list: [Element], always: Bool = false) {
        guard always || !list.isEmpty else { return }
        object[member] = .array(list.map(\.json))
    }

    mutating func set<Element: SQSPayload>(_ member: String, _ map: [String: Element]) {
        guard !map.isEmpty else { return }
        var members = JSONObject()
        for (name, value) in map.sorted(by: { $0.key < $1.key }) { members[name] = value.json }
        object[member] = .object(members)
    }
}
