/// A value under construction; containers that are alive at once share it.
private final class JSONSlot {
    private enum Content {
        case value(JSONValue)
        case array([JSONSlot])
        case object(names: [String], slots: [String: JSONSlot])
    }

    private var content: Content?

    func set(_ value: JSONValue) { content = .value(value) }

    func beginObject() {
        if case .object = content { return }
        content = .object(names: [], slots: [:])
    }

    func beginArray() {
        if case .array = content { return }
        content = .array([])
    }

    var elementCount: Int {
        guard case .array(let slots) = content else { return 0 }
        return slots.count
    }

    func appendElement() -> JSONSlot {
        let slot = JSONSlot()
        if case .array(var slots) = content {
            content = nil
            slots.append(slot)
            content = .array(slots)
        }
        return slot
    }

    func member(_ name: String) -> JSONSlot {
        guard case .object(var names, var slots) = content else { return JSONSlot() }
        if let known = slots[name] { return known }
        content = nil
        let slot = JSONSlot()
        names.append(name)
        slots[name] = slot
        content = .object(names: names, slots: slots)
        return slot
    }

    /// The finished value; a type that encoded nothing is an empty object.
    var value: JSONValue {
        switch content {
        case .value(let value): return value
        case .array(let slots): return .array(slots.map(\.value))
        case .object(let names, let slots):
            var object = JSONObject()
            for name in names { object[name] = slots[name]?.value }
            return .object(object)
        case nil: return .object(JSONObject())
        }
    }
}

/// Marks collections whose order differs from run to run.
private protocol UnorderedMembers {}
extension Dictionary: UnorderedMembers {}

/// Builds one JSON value on behalf of `Encodable`.
struct JSONValueEncoder: Encoder {
    private let slot: JSONSlot
    let codingPath: [any CodingKey]
    var userInfo: [CodingUserInfoKey: Any] { [:] }

    fileprivate init(slot: JSONSlot, codingPath: [any CodingKey]) {
        self.slot = slot
        self.codingPath = codingPath
    }

    static func box(_ value: some Encodable, at path: [any CodingKey]) throws -> JSONValue {
        if let json = value as? JSONValue { return try checked(json, at: path) }
        let slot = JSONSlot()
        try value.encode(to: JSONValueEncoder(slot: slot, codingPath: path))
        let result = slot.value
        guard value is any UnorderedMembers, case .object(let object) = result else { return result }
        var sorted = JSONObject()
        for (key, member) in object.members.sorted(by: { $0.key < $1.key }) { sorted[key] = member }
        return .object(sorted)
    }

    static func number(_ value: Double, at path: [any CodingKey]) throws -> JSONValue {
        guard value.isFinite else { throw invalid(value, "a finite number", at: path) }
        return .number(value)
    }

    static func integer(_ value: some FixedWidthInteger, at path: [any CodingKey]) throws -> JSONValue {
        guard let number = Int64(exactly: value) else {
            throw invalid(value, "an integer in \(Int64.min)...\(Int64.max)", at: path)
        }
        return .integer(number)
    }

    private static func invalid(_ value: Any, _ expected: String, at path: [any CodingKey]) -> EncodingError {
        .invalidValue(value, EncodingError.Context(codingPath: path, debugDescription: expected))
    }

    private static func checked(_ value: JSONValue, at path: [any CodingKey]) throws -> JSONValue {
        switch value {
        case .number(let number): return try Self.number(number, at: path)
        case .array(let elements):
            for (index, element) in elements.enumerated() {
                _ = try checked(element, at: path + [JSONCodingKey(index: index)])
            }
        case .object(let object):
            for (key, member) in object { _ = try checked(member, at: path + [JSONCodingKey(key)]) }
        default: break
        }
        return value
    }

    func container<Key: CodingKey>(keyedBy type: Key.Type) -> KeyedEncodingContainer<Key> {
        slot.beginObject()
        return KeyedEncodingContainer(JSONKeyedEncoding<Key>(slot: slot, codingPath: codingPath))
    }

    func unkeyedContainer() -> any UnkeyedEncodingContainer {
        slot.beginArray()
        return JSONUnkeyedEncoding(slot: slot, codingPath: codingPath)
    }

    func singleValueContainer() -> any SingleValueEncodingContainer { self }
}

extension JSONValueEncoder: SingleValueEncodingContainer {
    func encodeNil() throws { slot.set(.null) }
    func encode(_ value: Bool) throws { slot.set(.bool(value)) }
    func encode(_ value: String) throws { slot.set(.string(value)) }
    func encode(_ value: Double) throws { slot.set(try Self.number(value, at: codingPath)) }
    func encode(_ value: Float) throws {
        // Through the decimal text: 0.1 as a Float stays 0.1 and does not become 0.10000000149011612.
        slot.set(try Self.number(Double(value.description) ?? Double(value), at: codingPath))
    }
    func encode(_ value: Int) throws { slot.set(try Self.integer(value, at: codingPath)) }
    func encode(_ value: Int8) throws { slot.set(try Self.integer(value, at: codingPath)) }
    func encode(_ value: Int16) throws { slot.set(try Self.integer(value, at: codingPath)) }
    func encode(_ value: Int32) throws { slot.set(try Self.integer(value, at: codingPath)) }
    func encode(_ value: Int64) throws { slot.set(try Self.integer(value, at: codingPath)) }
    func encode(_ value: UInt) throws { slot.set(try Self.integer(value, at: codingPath)) }
    func encode(_ value: UInt8) throws { slot.set(try Self.integer(value, at: codingPath)) }
    func encode(_ value: UInt16) throws { slot.set(try Self.integer(value, at: codingPath)) }
    func encode(_ value: UInt32) throws { slot.set(try Self.integer(value, at: codingPath)) }
    func encode(_ value: UInt64) throws { slot.set(try Self.integer(value, at: codingPath)) }
    func encode<T: Encodable>(_ value: T) throws { slot.set(try Self.box(value, at: codingPath)) }
}

private struct JSONKeyedEncoding<Key: CodingKey>: KeyedEncodingContainerProtocol {
    let slot: JSONSlot
    let codingPath: [any CodingKey]

    mutating func encodeNil(forKey key: Key) throws { slot.member(key.stringValue).set(.null) }

    mutating func encode<T: Encodable>(_ value: T, forKey key: Key) throws {
        slot.member(key.stringValue).set(try JSONValueEncoder.box(value, at: codingPath + [key]))
    }

    mutating func nestedContainer<NestedKey: CodingKey>(
        keyedBy keyType: NestedKey.Type, forKey key: Key
    ) -> KeyedEncodingContainer<NestedKey> {
        encoder(key).container(keyedBy: keyType)
    }

    mutating func nestedUnkeyedContainer(forKey key: Key) -> any UnkeyedEncodingContainer {
        encoder(key).unkeyedContainer()
    }

    mutating func superEncoder() -> any Encoder { encoder(JSONCodingKey("super")) }

    mutating func superEncoder(forKey key: Key) -> any Encoder { encoder(key) }

    private func encoder(_ key: any CodingKey) -> JSONValueEncoder {
        JSONValueEncoder(slot: slot.member(key.stringValue), codingPath: codingPath + [key])
    }
}

private struct JSONUnkeyedEncoding: UnkeyedEncodingContainer {
    let slot: JSONSlot
    let codingPath: [any CodingKey]

    var count: Int { slot.elementCount }

    mutating func encodeNil() throws { slot.appendElement().set(.null) }

    mutating func encode<T: Encodable>(_ value: T) throws {
        let path = codingPath + [JSONCodingKey(index: count)]
        slot.appendElement().set(try JSONValueEncoder.box(value, at: path))
    }

    mutating func nestedContainer<NestedKey: CodingKey>(
        keyedBy keyType: NestedKey.Type
    ) -> KeyedEncodingContainer<NestedKey> {
        encoder().container(keyedBy: keyType)
    }

    mutating func nestedUnkeyedContainer() -> any UnkeyedEncodingContainer { encoder().unkeyedContainer() }

    mutating func superEncoder() -> any Encoder { encoder() }

    private func encoder() -> JSONValueEncoder {
        let path = codingPath + [JSONCodingKey(index: count)]
        return JSONValueEncoder(slot: slot.appendElement(), codingPath: path)
    }
}
