internal import AWSWire
internal import HTTPTypes

/// The SQS JSON protocol on top of the queues.
struct SQSRoutes: Sendable {
    private let queues: QueueHost
    private let gate: SignatureGate

    /// The largest body: ten messages that fill a batch of 1 MiB, each byte of them escaped.
    static let bodyLimitBytes = 8 * 1_024 * 1_024

    init(queues: QueueHost, gate: SignatureGate) {
        self.queues = queues
        self.gate = gate
    }

    /// Whether a request is for SQS.
    static func accepts(_ head: HTTPRequest) -> Bool {
        if let target = head.headerFields[.amzTarget] { return target.hasPrefix("AmazonSQS.") }
        return isQueryProtocol(head)
    }

    /// Answers a request whose body has been read.
    func answer(
        _ head: HTTPRequest, body: [UInt8], requestID: String, connection: @Sendable () async -> ConnectionWatch?
    ) async -> HTTPAnswer {
        do throws(SQSError) {
            guard !Self.isQueryProtocol(head) else {
                throw SQSError(
                    shape: "InvalidAction", queryCode: "InvalidAction",
                    message: "This service speaks the JSON protocol of SQS and not the query protocol; "
                        + "use an SDK of 2024 or later.", isSenderFault: true, status: 501)
            }
            try authenticate(head, body)
            guard let operation = SQSWire.operation(of: head) else {
                throw SQSError("UnknownOperationException", "The operation is not one of Amazon SQS.")
            }
            let endpoint = "http://" + (head.authority ?? "localhost")
            return try await answer(operation, body, endpoint, requestID, connection)
        } catch {
            return HTTPAnswer(SQSWire.responseHead(refusing: error, requestID: requestID), .bytes(error.jsonBody))
        }
    }

    private static func isQueryProtocol(_ head: HTTPRequest) -> Bool {
        guard head.headerFields[.amzTarget] == nil else { return false }
        let isForm = head.headerFields[.contentType]?.hasPrefix("application/x-www-form-urlencoded") ?? false
        let isSigned = head.headerFields[.authorization]?.contains("/sqs/aws4_request") ?? false
        return isSigned || (isForm && head.method == .post)
    }

    private func authenticate(_ head: HTTPRequest, _ body: [UInt8]) throws(SQSError) {
        do throws(SigV4Rejection) {
            let hash = PayloadHash(of: body)
            let pass = try gate.check(head, payload: hash)
            guard let identity = pass.identity, identity.payload != hash else { return }
        } catch {
            throw SQSError(error)
        }
        throw SQSError("InvalidSignatureException", "The body is not the one that was signed.")
    }

    private func answer(
        _ operation: SQSOperation, _ body: [UInt8], _ endpoint: String, _ requestID: String,
        _ connection: () async -> ConnectionWatch?
    ) async throws(SQSError) -> HTTPAnswer {
        guard let request = try QueueRequest(operation, body: body) else {
            return try await receive(try QueueRequest.read(body), endpoint, requestID, connection)
        }
        return accepted(try await queues.call(request, endpoint: endpoint), requestID)
    }

    private func receive(
        _ request: ReceiveMessageRequest, _ endpoint: String, _ requestID: String,
        _ connection: () async -> ConnectionWatch?
    ) async throws(SQSError) -> HTTPAnswer {
        let watch = request.waitTimeSeconds == 0 ? nil : await connection()
        var response = try await queues.receive(request, endpoint: endpoint, connection: watch)
        if let watch, watch.isLost {
            try await queues.returnUndelivered(response)
            response = ReceiveMessageResponse()
        }
        var answer = accepted(response, requestID)
        answer.onLoss = { [queues, response] in try await queues.returnUndelivered(response) }
        return answer
    }

    private func accepted(_ response: any SQSPayload, _ requestID: String) -> HTTPAnswer {
        HTTPAnswer(SQSWire.responseHead(requestID: requestID), .bytes(SQSWire.bytes(of: response)))
    }
}
