import FoundationEssentials
import GRDB
import JobCore
import PureJSON

/// Something in the database that this program did not write.
struct StoredValueFault: Error {
    let table: String
    let column: String
    let job: String
    let reason: String
}

extension Timestamp {
    /// The time as stored: RFC 3339 in UTC with nine decimals, so that nothing is lost and text order is time order.
    var stored: String {
        let belowMillisecond = Int(nanoseconds - Int128(milliseconds) * 1_000_000)
        let digits = String(belowMillisecond)
        return rfc3339.dropLast() + String(repeating: "0", count: 6 - digits.count) + digits + "Z"
    }
}

/// Reads the columns of one row and says which one is unreadable.
struct StoredRow {
    let row: Row
    let table: String
    let job: String

    func fault(_ column: String, _ reason: String) -> StoredValueFault {
        StoredValueFault(table: table, column: column, job: job, reason: reason)
    }

    func required<Value: DatabaseValueConvertible>(_ column: String) throws -> Value {
        guard let value: Value = try optional(column) else { throw fault(column, "is empty") }
        return value
    }

    func optional<Value: DatabaseValueConvertible>(_ column: String) throws -> Value? {
        guard row.hasColumn(column) else { throw fault(column, "does not exist") }
        let stored: DatabaseValue = row[column]
        if stored.isNull { return nil }
        guard let value = Value.fromDatabaseValue(stored) else { throw fault(column, "holds \(stored)") }
        return value
    }

    func blob(_ column: String) throws -> [UInt8] {
        let data: Data = try required(column)
        return Array(data)
    }

    func time(_ column: String) throws -> Timestamp? {
        guard let text: String = try optional(column) else { return nil }
        guard let time = Timestamp(rfc3339: text) else { throw fault(column, "holds \"\(text)\", no RFC 3339 time") }
        return time
    }

    func requiredTime(_ column: String) throws -> Timestamp {
        guard let time = try time(column) else { throw fault(column, "is empty") }
        return time
    }

    func json(_ column: String) throws -> JSONValue? {
        guard let text: String = try optional(column) else { return nil }
        do throws(JSONParseError) {
            return try JSONValue(parsing: text)
        } catch {
            throw fault(column, error.description)
        }
    }

    func requiredJSON(_ column: String) throws -> JSONValue {
        guard let value = try json(column) else { throw fault(column, "is empty") }
        return value
    }

    /// A value of a closed set, or of a checked type, by its text.
    func known<Value>(_ column: String, _ make: (String) -> Value?) throws -> Value {
        guard let value = try knownIfAny(column, make) else { throw fault(column, "is empty") }
        return value
    }

    func knownIfAny<Value>(_ column: String, _ make: (String) -> Value?) throws -> Value? {
        guard let text: String = try optional(column) else { return nil }
        guard let value = make(text) else { throw fault(column, "holds \"\(text)\"") }
        return value
    }

    func failure() throws -> JobFailure? {
        guard let failureClass = try knownIfAny("error_class", FailureClass.init(rawValue:)) else { return nil }
        return JobFailure(failureClass, code: try required("error_code"), message: try required("error_message"))
    }
}

/// The inputs of a job as one JSON text.
enum StoredInputs {
    static func text(_ inputs: [String: InputReference]) -> String {
        var object = JSONObject()
        for (name, input) in inputs.sorted(by: { $0.key < $1.key }) {
            var member: JSONObject = ["uri": .string(input.location.uri)]
            if let version = input.versionID { member["version_id"] = .string(version) }
            if let etag = input.etag { member["etag"] = .string(etag) }
            object[name] = .object(member)
        }
        return JSONValue.object(object).serialized()
    }

    /// - Returns: `nil` when the value has another shape.
    static func inputs(from value: JSONValue) -> [String: InputReference]? {
        guard let object = value.objectValue else { return nil }
        var inputs: [String: InputReference] = [:]
        for (name, member) in object {
            guard let uri = member["uri"]?.stringValue, let location = location(uri) else { return nil }
            inputs[name] = InputReference(
                location: location, versionID: member["version_id"]?.stringValue, etag: member["etag"]?.stringValue)
        }
        return inputs
    }

    /// Splits without judging: what was accepted once stays readable when the rules become stricter.
    private static func location(_ uri: String) -> ObjectLocation? {
        guard uri.hasPrefix("s3://") else { return nil }
        let rest = uri.dropFirst(5)
        guard let slash = rest.firstIndex(of: "/") else { return nil }
        return ObjectLocation(bucket: String(rest[..<slash]), key: String(rest[rest.index(after: slash)...]))
    }
}
