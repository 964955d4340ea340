internal import AWSWire
internal import HTTPTransport
internal import HTTPTypes
internal import JobCore

/// Typed calls of the SQS JSON protocol over a client.
struct SQSCaller: Sendable {
    let client: AWSClient

    /// How long a call may take that does not wait for messages.
    private static let patience = Duration.seconds(20)

    /// Calls an operation; `waiting` is how long the service itself may wait.
    ///
    /// The request goes to the configured endpoint, whatever host the queue's URL names.
    func call<Request: SQSRequest>(
        _ request: Request, about subject: String, waiting: Duration = .zero
    ) async throws(DependencyError) -> Request.Response {
        let operation = "sqs.\(Request.operation.rawValue) \(subject)"
        let (head, body) = SQSWire.httpRequest(
            request, scheme: client.endpoint.scheme, authority: client.endpoint.authority)
        let timeouts = TransportTimeouts(total: waiting + Self.patience)
        let response = try await client.send(
            AWSClient.Call(
                operation: operation, request: TransportRequest(head: head, body: .bytes(body), timeouts: timeouts),
                payload: PayloadHash(of: body),
                failure: { $0.head.status == .ok ? nil : AWSFailure(sqs: $0) }))
        do throws(SQSCodecError) {
            return try SQSWire.read(Request.Response.self, from: response.body)
        } catch {
            throw DependencyError(
                .unavailable, operation: operation, code: "UnreadableAnswer",
                message: "\(client.endpoint) answered what is not SQS's protocol (\(error)); check the endpoint")
        }
    }
}
