import PureJSON

/// Typed access to a message's members; a fault names its JSON Pointer.
struct MessageFields {
    let object: JSONObject
    let pointer: String

    init(_ object: JSONObject, at pointer: String = "") {
        self.object = object
        self.pointer = pointer
    }

    func pointer(to name: String) -> String { "\(pointer)/\(name)" }

    func string(_ name: String) throws(MessageRejection) -> String {
        guard let text = try optionalString(name) else {
            throw MessageRejection(.missingField, at: pointer(to: name), "\"\(name)\" is missing")
        }
        return text
    }

    func optionalString(_ name: String) throws(MessageRejection) -> String? {
        guard let value = object[name], !value.isNull else { return nil }
        guard let text = value.stringValue else { throw wrongType(name, expected: "a string", value) }
        return text
    }

    func optionalObject(_ name: String) throws(MessageRejection) -> JSONObject? {
        guard let value = object[name], !value.isNull else { return nil }
        guard let members = value.objectValue else { throw wrongType(name, expected: "an object", value) }
        return members
    }

    func timestamp(_ name: String, assumingUTC: Bool = false) throws(MessageRejection) -> Timestamp {
        let text = try string(name)
        guard let time = Timestamp(rfc3339: text) ?? (assumingUTC ? Timestamp(rfc3339: text + "Z") : nil) else {
            throw MessageRejection(
                .badTimestamp, at: pointer(to: name),
                "expected an RFC 3339 time such as 2026-11-21T05:47:25Z, found \"\(text.prefix(64))\"")
        }
        return time
    }

    func location(_ name: String) throws(MessageRejection) -> ObjectLocation {
        let text = try string(name)
        do {
            return try ObjectLocation(uri: text)
        } catch {
            throw MessageRejection(.badInput, at: pointer(to: name), "\(error), found \"\(text.prefix(128))\"")
        }
    }

    private func wrongType(_ name: String, expected: String, _ value: JSONValue) -> MessageRejection {
        MessageRejection(
            .wrongType, at: pointer(to: name), "expected \(expected) for \"\(name)\", found \(value.typeName)")
    }
}
