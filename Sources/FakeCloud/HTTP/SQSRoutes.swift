internal import AWSWire
internal import HTTPTypes

/// The protocols of SQS on top of the queues.
struct SQSRoutes: Sendable {
    private let queues: QueueHost
    private let gate: SignatureGate

    /// The largest body: ten messages that fill a batch of 1 MiB, each byte of them escaped.
    static let bodyLimitBytes = 8 * 1_024 * 1_024

    init(queues: QueueHost, gate: SignatureGate) {
        self.queues = queues
        self.gate = gate
    }

    /// The same protocols on top of other queues.
    func answering(from queues: QueueHost) -> SQSRoutes { SQSRoutes(queues: queues, gate: gate) }

    /// Whether a request is for SQS.
    static func accepts(_ head: HTTPRequest) -> Bool { SQSDialect.of(head) != nil }

    /// Answers a request whose body has been read.
    func answer(
        _ head: HTTPRequest, body: [UInt8], requestID: String, connection: @Sendable () async -> ConnectionWatch?
    ) async -> HTTPAnswer {
        let dialect = SQSDialect.of(head) ?? .json
        do throws(SQSError) {
            try authenticate(head, body)
            let (operation, document) = try dialect.read(head, body)
            let endpoint = "http://" + (head.authority ?? "localhost")
            guard let request = try QueueRequest(operation, document) else {
                return try await receive(
                    try QueueRequest.read(document), endpoint, connection
                ) { dialect.accepting(operation, with: $0, requestID: requestID) }
            }
            let response = try await queues.call(request, endpoint: endpoint)
            return dialect.accepting(operation, with: response, requestID: requestID)
        } catch {
            return dialect.refusing(error, requestID: requestID)
        }
    }

    private func authenticate(_ head: HTTPRequest, _ body: [UInt8]) throws(SQSError) {
        do throws(SigV4Rejection) {
            let hash = PayloadHash(of: body)
            let pass = try gate.check(head, payload: hash, service: "sqs")
            guard let identity = pass.identity, identity.payload != hash else { return }
        } catch {
            throw SQSError(error)
        }
        throw SQSError("InvalidSignatureException", "The body is not the one that was signed.")
    }

    private func receive(
        _ request: ReceiveMessageRequest, _ endpoint: String, _ connection: () async -> ConnectionWatch?,
        _ accepting: (ReceiveMessageResponse) -> HTTPAnswer
    ) async throws(SQSError) -> HTTPAnswer {
        let watch = request.waitTimeSeconds == 0 ? nil : await connection()
        var response = try await queues.receive(
            request, endpoint: endpoint, gated: GatedCall.current, connection: watch)
        if let watch, watch.isLost {
            try await queues.returnUndelivered(response)
            response = ReceiveMessageResponse()
        }
        var answer = accepting(response)
        answer.onLoss = { [queues, response] in try await queues.returnUndelivered(response) }
        return answer
    }
}
