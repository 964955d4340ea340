internal import AWSWire
internal import HTTPTypes
internal import JobCore

/// One request on its way through the cloud, as the laboratory follows it.
struct Visit: Sendable {
    let call: CloudCall
    /// What becomes of it; `nil` when no fault hits it.
    let plan: FaultPlan?
    private let time: Timestamp
    private let startedAt: Duration
    private let requestBytes: Int

    init(_ call: CloudCall, head: HTTPRequest, in laboratory: Laboratory) {
        self.call = call
        plan = laboratory.plan(for: call)
        time = laboratory.clock.now()
        startedAt = laboratory.clock.base.uptime()
        requestBytes = head.headerFields[.contentLength].flatMap { Int($0) } ?? 0
    }

    /// Notes in the journal how it ended; without an answer when the connection ended.
    func end(with answer: HTTPAnswer?, in laboratory: Laboratory) {
        laboratory.note(
            JournalEntry(
                time: time, call: call, status: answer?.head.status.code ?? 0, errorCode: answer?.errorCode,
                requestBytes: requestBytes, responseBytes: answer?.sizeBytes ?? 0,
                duration: laboratory.clock.base.uptime() - startedAt, faults: plan?.names ?? []))
    }
}

extension HTTPAnswer {
    /// The length of the body.
    var sizeBytes: Int {
        switch body {
        case .none, .lines: 0
        case .bytes(let bytes): bytes.count
        case .file(let stream): Int(stream.sizeBytes)
        }
    }

    /// The code of a refusal in either of SQS's protocols or in S3's.
    var errorCode: String? {
        guard head.status.code >= 400, case .bytes(let bytes) = body else { return nil }
        let start = bytes.prefix(2_048)
        if let code = start.text(between: "<Code>", and: "<") { return code }
        let type = start.text(between: "\"__type\":\"", and: "\"")
        return type?.split(separator: "#").last.map(String.init)
    }

    /// The handles of the messages in an answer to ReceiveMessage, of either protocol.
    var receiptHandles: [String] {
        guard case .bytes(let bytes) = body else { return [] }
        var rest = String(decoding: bytes, as: UTF8.self)[...]
        var handles: [String] = []
        while let mark = rest.firstRange(of: "ReceiptHandle") {
            rest = rest[mark.upperBound...]
            guard let start = ["\":\"", ">"].first(where: { rest.hasPrefix($0) }) else { continue }
            let handle = rest.dropFirst(start.count).prefix { $0 != "\"" && $0 != "<" }
            if !handle.isEmpty { handles.append(String(handle)) }
        }
        return handles
    }
}
