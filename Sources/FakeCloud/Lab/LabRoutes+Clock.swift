internal import AWSWire
internal import HTTPTypes
internal import JobCore
internal import PureJSON

extension LabRoutes {
    /// `GET` and `PUT /_lab/clock`, `POST /_lab/clock/advance`.
    func answerClock(_ visitor: Visitor) async throws(LabRefusal) -> HTTPAnswer {
        switch (visitor.method, visitor.path.count) {
        case (.get, 1): break
        case (.put, 1): try await setClock(try visitor.document())
        case (.post, 2) where visitor.path[1] == "advance":
            let document = try visitor.document()
            _ = try MemberReader(document, of: "the body", known: ["by"])
            guard let duration = LabDuration.read(document["by"]), duration >= .zero else {
                throw .malformed("\"by\" must be \(LabDuration.hint), and not negative")
            }
            do throws(SQSError) {
                try await laboratory.advance(by: duration)
            } catch {
                throw LabRefusal(500, error.message)
            }
        default: throw LabRefusal(405, "the clock knows GET and PUT /_lab/clock, and POST /_lab/clock/advance")
        }
        return Self.answer(clockDocument)
    }

    private func setClock(_ document: JSONValue) async throws(LabRefusal) {
        let reader = try MemberReader(document, of: "the body", known: ["mode", "by", "at"])
        switch try reader.text("mode") {
        case "real": laboratory.clock.set(.real)
        case "offset":
            guard let duration = LabDuration.read(document["by"]) else {
                throw .malformed("\"by\" must be \(LabDuration.hint), with a sign or not")
            }
            laboratory.clock.set(.offset(duration))
        case "frozen":
            guard let text = try reader.text("at") else {
                laboratory.clock.freeze()
                break
            }
            guard let time = Timestamp(rfc3339: text) else {
                throw .malformed("\"at\" must be a time such as \"2026-11-21T08:00:00Z\"")
            }
            laboratory.clock.set(.frozen(at: time))
        default: throw .malformed("\"mode\" must be \"real\", \"offset\" or \"frozen\"")
        }
        do throws(SQSError) {
            try await laboratory.queues.settle()
        } catch {
            throw LabRefusal(500, error.message)
        }
    }

    private var clockDocument: JSONValue {
        let clock = laboratory.clock
        var members: JSONObject = ["now": .string(clock.now().rfc3339)]
        switch clock.mode {
        case .real: members["mode"] = "real"
        case .offset: members["mode"] = "offset"
        case .frozen: members["mode"] = "frozen"
        }
        members["ahead_seconds"] = .number((clock.now() - clock.base.now()).fractionalSeconds)
        members["machine_time"] = .string(clock.base.now().rfc3339)
        return .object(members)
    }
}
