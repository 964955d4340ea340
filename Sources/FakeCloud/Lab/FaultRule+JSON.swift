internal import JobCore
internal import PureJSON

extension FaultRule {
    /// Reads a rule as testers write it.
    init(json: JSONValue) throws(LabRefusal) {
        let reader = try MemberReader(json, of: "a fault", known: ["name", "match", "action", "times"])
        guard let action = json["action"] else {
            throw .malformed(
                "a fault needs an \"action\", such as {\"error\": {\"status\": 503, \"code\": \"SlowDown\"}}")
        }
        let match = try FaultMatch(json: json["match"] ?? [:])
        let read = try FaultAction(json: action)
        if case .drop = read, match.service != .sqs {
            throw .malformed("\"drop\" is for SQS only; match an operation such as \"sqs.DeleteMessage\"")
        }
        if case .duplicate = read, match.service != .sqs {
            throw .malformed("\"duplicate\" is for SQS only; match the operation \"sqs.ReceiveMessage\"")
        }
        self.init(
            name: try reader.text("name") ?? "fault", match: match, action: read,
            times: try reader.integer("times", in: 1...1_000_000_000))
    }

    /// The rule as testers write it.
    var json: JSONValue {
        var members: JSONObject = ["name": .string(name), "match": match.json, "action": action.json]
        members["times"] = times.map { .integer(Int64($0)) }
        return .object(members)
    }
}

extension FaultMatch {
    init(json: JSONValue) throws(LabRefusal) {
        self.init()
        let reader = try MemberReader(
            json, of: "\"match\"", known: ["service", "operation", "resource", "nth", "probability", "seed"])
        var operation = try reader.text("operation") ?? "*"
        var service = try reader.text("service")
        if let dot = operation.firstIndex(of: ".") {
            service = String(operation[..<dot])
            operation = String(operation[operation.index(after: dot)...])
        }
        if let service, service != "*" {
            guard let known = CloudCall.Service(rawValue: service) else {
                throw .malformed("there is no service \"\(service)\"; the services are s3 and sqs")
            }
            self.service = known
        }
        self.operation = NamePattern(operation)
        resource = NamePattern(try reader.text("resource") ?? "*")
        ordinals = try Self.ordinals(json["nth"])
        if let share = json["probability"] {
            guard let number = share.doubleValue, (0...1).contains(number) else {
                throw .malformed("\"probability\" must be a number from 0 to 1")
            }
            probability = number
        }
        seed = UInt64(try reader.integer("seed", in: 0...Int.max) ?? 0)
    }

    /// Reads `2`, `"2"`, `"2..4"` or `"1,4"`.
    private static func ordinals(_ value: JSONValue?) throws(LabRefusal) -> [ClosedRange<Int>]? {
        guard let value else { return nil }
        let text = value.stringValue ?? value.integerValue.map { String($0) } ?? ""
        var ranges: [ClosedRange<Int>] = []
        for piece in text.split(separator: ",", omittingEmptySubsequences: false) {
            let ends = piece.filter { $0 != " " }.split(separator: ".", omittingEmptySubsequences: false)
            let numbers = ends.compactMap { Int($0) }
            guard let first = numbers.first, let last = numbers.last, first >= 1, first <= last,
                ends.count == 1 || (ends.count == 3 && ends[1].isEmpty && numbers.count == 2)
            else { throw .malformed("\"nth\" must look like \"2\", \"2..4\" or \"1,4\", counted from 1") }
            ranges.append(first...last)
        }
        return ranges
    }

    var json: JSONValue {
        var members: JSONObject = [
            "operation": .string((service.map { $0.rawValue + "." } ?? "") + operation.text),
            "resource": .string(resource.text),
        ]
        members["nth"] = ordinals.map { ranges in
            .string(
                ranges.map { $0.count == 1 ? "\($0.lowerBound)" : "\($0.lowerBound)..\($0.upperBound)" }
                    .joined(separator: ","))
        }
        if let probability {
            members["probability"] = .number(probability)
            members["seed"] = .integer(Int64(clamping: seed))
        }
        return .object(members)
    }
}

extension FaultAction {
    init(json: JSONValue) throws(LabRefusal) {
        guard let object = json.objectValue, object.count == 1, let (kind, value) = object.members.first else {
            throw .malformed("\"action\" must be an object with one member; \(Self.hint)")
        }
        switch kind {
        case "error":
            let reader = try MemberReader(value, of: "\"error\"", known: ["status", "code", "message"])
            let status = try reader.integer("status", in: 300...599) ?? 500
            self = .error(
                status: status,
                code: try reader.text("code") ?? (status == 503 ? "ServiceUnavailable" : "InternalError"),
                message: try reader.text("message") ?? "A fault of the lab.")
        case "latency": self = .latency(try Self.duration(value, kind))
        case "stall":
            self = .stall(try Self.duration(value["for"] ?? value, kind))
        case "reset":
            guard let point = ResetPoint(rawValue: value.stringValue ?? "") else {
                throw .malformed("\"reset\" must be \"before\" or \"headers\"")
            }
            self = .reset(point)
        case "truncate":
            let reader = try MemberReader(value, of: "\"truncate\"", known: ["after"])
            self = .truncate(afterBytes: try reader.integer("after", in: 0...Int.max) ?? 0)
        case "slowBody":
            let reader = try MemberReader(value, of: "\"slowBody\"", known: ["bytesPerSecond"])
            guard let rate = try reader.integer("bytesPerSecond", in: 1...1_000_000_000) else {
                throw .malformed("\"slowBody\" needs \"bytesPerSecond\"")
            }
            self = .slowBody(bytesPerSecond: rate)
        case "applyThen":
            guard let aftermath = Aftermath(rawValue: value.stringValue ?? "") else {
                throw .malformed("\"applyThen\" must be \"reset\", \"timeout\" or \"error\"")
            }
            self = .applyThen(aftermath)
        case "corrupt", "duplicate", "drop":
            guard value.boolValue == true else { throw .malformed("\"\(kind)\" must be true") }
            self = kind == "corrupt" ? .corrupt : kind == "drop" ? .drop : .duplicate
        default: throw .malformed("there is no action \"\(kind)\"; \(Self.hint)")
        }
    }

    private static let hint =
        "the actions are error, latency, reset, truncate, stall, slowBody, corrupt, duplicate, drop and applyThen"

    private static func duration(_ value: JSONValue, _ kind: String) throws(LabRefusal) -> Duration {
        guard let duration = LabDuration.read(value), duration >= .zero else {
            throw .malformed("\"\(kind)\" must be \(LabDuration.hint)")
        }
        return duration
    }

    var json: JSONValue {
        switch self {
        case .error(let status, let code, let message):
            ["error": ["status": .integer(Int64(status)), "code": .string(code), "message": .string(message)]]
        case .latency(let duration): ["latency": .number(duration.fractionalSeconds)]
        case .reset(let point): ["reset": .string(point.rawValue)]
        case .truncate(let bytes): ["truncate": ["after": .integer(Int64(bytes))]]
        case .stall(let duration): ["stall": ["for": .number(duration.fractionalSeconds)]]
        case .slowBody(let rate): ["slowBody": ["bytesPerSecond": .integer(Int64(rate))]]
        case .corrupt: ["corrupt": true]
        case .duplicate: ["duplicate": true]
        case .drop: ["drop": true]
        case .applyThen(let aftermath): ["applyThen": .string(aftermath.rawValue)]
        }
    }
}

extension FaultBook.Entry {
    /// The rule with its counts.
    var json: JSONValue {
        var members = rule.json.objectValue ?? [:]
        members["id"] = .integer(Int64(id))
        members["matched"] = .integer(Int64(matched))
        members["fired"] = .integer(Int64(fired))
        return .object(members)
    }
}
