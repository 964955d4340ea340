internal import PureJSON

/// The text between the lab and the processes of its world: one JSON object a line, over a Unix-domain socket.
///
/// A process greets with its name and gets the start. From then on both take turns: the process reports when it
/// stands still, the lab answers with one ``WorldOrder``. The end of the connection is the end of the process.
package enum LabWire {
    /// Names the socket's path and the process, as `PATH#NAME`, in the environment of a process of the world.
    package static let variable = "HEADRACE_LAB"
    /// The header of an HTTP request that the lab holds: `NAME/ID` of a ``PendingEffect``.
    package static let callHeader = "x-lab-call"
    /// The longest line in bytes.
    package static let lineLimitBytes = 16 << 20
    /// The version of this protocol; both sides must have the same.
    package static let version: Int64 = 1

    /// What a line says that cannot be understood.
    package struct Fault: Error, Sendable, Hashable, CustomStringConvertible {
        /// What was expected and what was found.
        package let description: String

        package init(_ description: String) { self.description = description }
    }

    /// How a process introduces itself.
    package struct Greeting: Sendable, Hashable {
        /// The name that the lab gave it.
        package var name: String
        /// Its process identifier.
        package var processID: Int32

        /// Makes a greeting.
        package init(name: String, processID: Int32) {
            self.name = name
            self.processID = processID
        }
    }

    /// What a process gets at the start.
    package struct Start: Sendable, Hashable {
        /// The virtual time in nanoseconds since the Unix epoch.
        package var now: Int64
        /// Where its random numbers start.
        package var seed: UInt64

        /// Makes a start.
        package init(now: Int64, seed: UInt64) {
            self.now = now
            self.seed = seed
        }
    }
}

extension LabWire.Greeting {
    /// The line.
    package var line: String {
        JSONValue.object([
            "version": .integer(LabWire.version), "name": .string(name), "pid": .integer(Int64(processID)),
        ]).serialized()
    }

    /// Reads a line.
    package init(line: String) throws(LabWire.Fault) {
        let members = try LabWire.members(of: line)
        guard members["version"]?.integerValue == LabWire.version else {
            throw LabWire.Fault("expected version \(LabWire.version) of the lab's protocol, found \(line.prefix(80))")
        }
        self.init(
            name: try LabWire.text("name", in: members),
            processID: Int32(clamping: try LabWire.integer("pid", in: members)))
    }
}

extension LabWire.Start {
    /// The line.
    package var line: String {
        JSONValue.object(["now": .integer(now), "seed": .integer(Int64(bitPattern: seed))]).serialized()
    }

    /// Reads a line.
    package init(line: String) throws(LabWire.Fault) {
        let members = try LabWire.members(of: line)
        self.init(
            now: try LabWire.integer("now", in: members),
            seed: UInt64(bitPattern: try LabWire.integer("seed", in: members)))
    }
}

extension WorldOrder {
    /// The line.
    package var line: String {
        var members: JSONObject = ["now": .integer(now)]
        switch happening {
        case .effect(let id): members["effect"] = .integer(Int64(id))
        case .signal(let number): members["signal"] = .integer(Int64(number))
        }
        return JSONValue.object(members).serialized()
    }

    /// Reads a line.
    package init(line: String) throws(LabWire.Fault) {
        let members = try LabWire.members(of: line)
        let happening: Happening
        if let number = members["signal"]?.integerValue {
            happening = .signal(Int32(clamping: number))
        } else {
            happening = .effect(UInt64(try LabWire.integer("effect", in: members)))
        }
        self.init(now: try LabWire.integer("now", in: members), happening: happening)
    }
}

extension StandstillReport {
    /// The line.
    package var line: String {
        JSONValue.object([
            "turn": .integer(Int64(turn)), "events": .array(events.map(\.json)),
            "added": .array(added.map(\.json)), "withdrawn": .array(withdrawn.map { .integer(Int64($0)) }),
        ]).serialized()
    }

    /// Reads a line.
    package init(line: String) throws(LabWire.Fault) {
        let members = try LabWire.members(of: line)
        var events: [WorldEvent] = []
        for value in members["events"]?.arrayValue ?? [] { events.append(try WorldEvent(json: value)) }
        var added: [PendingEffect] = []
        for value in members["added"]?.arrayValue ?? [] { added.append(try PendingEffect(json: value)) }
        self.init(
            turn: UInt64(try LabWire.integer("turn", in: members)), events: events, added: added,
            withdrawn: (members["withdrawn"]?.arrayValue ?? []).compactMap { $0.integerValue.map(UInt64.init) })
    }
}

extension WorldEvent {
    var json: JSONValue {
        .object(["type": .string(type), "subject": .string(subject), "data": .object(data)])
    }

    init(json: JSONValue) throws(LabWire.Fault) {
        guard let members = json.objectValue else { throw LabWire.Fault("expected an event, found \(json)") }
        self.init(
            try LabWire.text("type", in: members), subject: try LabWire.text("subject", in: members),
            data: members["data"]?.objectValue ?? [:])
    }
}

extension PendingEffect {
    var json: JSONValue {
        var members: JSONObject = ["id": .integer(Int64(id))]
        switch kind {
        case .sleep(let until): members["until"] = .integer(until)
        case .call: members["kind"] = "call"
        case .hold: members["kind"] = "hold"
        }
        return .object(members)
    }

    init(json: JSONValue) throws(LabWire.Fault) {
        guard let members = json.objectValue else { throw LabWire.Fault("expected an effect, found \(json)") }
        let kind: Kind
        if let until = members["until"]?.integerValue {
            kind = .sleep(until: until)
        } else {
            switch try LabWire.text("kind", in: members) {
            case "call": kind = .call
            case "hold": kind = .hold
            case let other: throw LabWire.Fault("expected the kind call or hold, found \(other)")
            }
        }
        self.init(id: UInt64(try LabWire.integer("id", in: members)), kind: kind)
    }
}

extension LabWire {
    static func members(of line: String) throws(Fault) -> JSONObject {
        let value: JSONValue
        do {
            value = try JSONValue(parsing: line)
        } catch {
            throw Fault("expected a JSON object, found \(line.prefix(80)): \(error)")
        }
        guard let members = value.objectValue else { throw Fault("expected a JSON object, found \(line.prefix(80))") }
        return members
    }

    static func integer(_ name: String, in members: JSONObject) throws(Fault) -> Int64 {
        guard let value = members[name]?.integerValue else { throw Fault("expected an integer as \(name)") }
        return value
    }

    static func text(_ name: String, in members: JSONObject) throws(Fault) -> String {
        guard let value = members[name]?.stringValue else { throw Fault("expected a text as \(name)") }
        return value
    }
}
