import AWSAdapters
import AWSWire
import HTTPTransport
import HTTPTypes
import JobCore
import Testing

@Suite("Retries of calls to AWS")
struct RetryTests {
    private let clock = InstantClock()
    private let found = ScriptedTransport.answer(200, #"{"QueueUrl":"http://q/1/jobs"}"#)

    private func client(
        _ transport: ScriptedTransport, credentials: any CredentialProvider = RotatingCredentials(),
        maxAttempts: Int = 4
    ) throws -> AWSClient {
        AWSClient(
            service: "sqs", region: "eu-central-1", endpoint: try AWSEndpoint(url: "http://fake:1"),
            credentials: credentials, transport: transport, clock: clock,
            retry: AWSRetryPolicy(maxAttempts: maxAttempts), randomness: { 0 })
    }

    private func failure(_ client: AWSClient) async throws -> DependencyError? {
        do throws(DependencyError) {
            _ = try await SQSAdmin(client: client).queueURL(named: "jobs")
            return nil
        } catch {
            return error
        }
    }

    @Test(
        "Throttling is repeated with longer waits",
        arguments: ["RequestThrottled", "ThrottlingException", "SlowDown", "KmsThrottled"])
    func throttling(_ shape: String) async throws {
        let refusal = ScriptedTransport.refusal(400, shape)
        let transport = ScriptedTransport([refusal, refusal, found])
        #expect(try await failure(client(transport)) == nil)
        #expect(clock.sleeps == [.milliseconds(500), .seconds(1)])
    }

    @Test("A server's fault is repeated", arguments: [500, 502, 503, 504])
    func serverFault(_ status: Int) async throws {
        let transport = ScriptedTransport([ScriptedTransport.answer(status, "oops"), found])
        #expect(try await failure(client(transport)) == nil)
        #expect(clock.sleeps == [.milliseconds(100)])
    }

    @Test(
        "A fault of the network is repeated",
        arguments: [
            TransportError.connectionRefused(host: "fake:1"), .connectionLost(host: "fake:1", detail: "reset"),
            .timedOut(host: "fake:1", phase: .total), .truncated(host: "fake:1", receivedBytes: 3),
            .hostNotFound(host: "fake:1"),
        ])
    func networkFault(_ error: TransportError) async throws {
        let transport = ScriptedTransport([.failure(error), found])
        #expect(try await failure(client(transport)) == nil)
        #expect(transport.requests.count == 2)
    }

    @Test(
        "What will not pass is told at once, with its kind",
        arguments: [
            (400, "QueueDoesNotExist", DependencyError.Kind.notFound), (403, "AccessDeniedException", .denied),
            (400, "InvalidAttributeValue", .invalid), (400, "KmsDisabled", .denied),
            (404, "ReceiptHandleIsInvalid", .stale), (403, "OverLimit", .unavailable),
        ])
    func permanent(_ status: Int, _ shape: String, _ kind: DependencyError.Kind) async throws {
        let transport = ScriptedTransport([ScriptedTransport.refusal(status, shape)])
        let error = try #require(try await failure(client(transport)))
        #expect(error.kind == kind)
        #expect(error.operation == "sqs.GetQueueUrl jobs")
        #expect(transport.requests.count == 1)
    }

    @Test("The attempts of one call are counted")
    func attempts() async throws {
        let transport = ScriptedTransport([ScriptedTransport.refusal(503, "ServiceUnavailable")])
        let error = try #require(try await failure(client(transport)))
        #expect(error.kind == .unavailable)
        #expect(transport.requests.count == 4)
        #expect(clock.sleeps == [.milliseconds(100), .milliseconds(200), .milliseconds(400)])
    }

    @Test(
        "The service's wish to wait is honoured, up to the longest wait",
        arguments: [
            (HTTPField.Name.amzRetryAfter, "1500", Duration.milliseconds(1500)), (.retryAfter, "3", .seconds(3)),
            (.retryAfter, "9999", .seconds(20)),
        ])
    func retryAfter(_ header: HTTPField.Name, _ value: String, _ wait: Duration) async throws {
        let refusal = ScriptedTransport.refusal(503, "ServiceUnavailable", [header: value])
        #expect(try await failure(client(ScriptedTransport([refusal, found]))) == nil)
        #expect(clock.sleeps == [wait])
    }

    @Test("The budget of retries ends them when everything fails, and successes fill it")
    func quota() async throws {
        let transport = ScriptedTransport([ScriptedTransport.refusal(503, "ServiceUnavailable")])
        let client = try client(transport)
        for _ in 0..<40 { _ = try await failure(client) }
        // 500 tokens at 5 a retry are 100 retries; 40 calls without a budget would have made 160 requests.
        #expect(transport.requests.count == 140)
    }

    @Test("Expired credentials are renewed once, at once")
    func expiredToken() async throws {
        let refusal = ScriptedTransport.refusal(403, "ExpiredTokenException")
        let transport = ScriptedTransport([refusal, found])
        #expect(try await failure(client(transport)) == nil)
        let keys = transport.requests.map { $0.head.headerFields[.authorization]?.contains("KEY1/") }
        #expect(keys == [false, true])
        #expect(clock.sleeps.isEmpty)
    }

    @Test("Credentials that stay expired are denied after one renewal")
    func stillExpired() async throws {
        let transport = ScriptedTransport([ScriptedTransport.refusal(403, "ExpiredTokenException")])
        #expect(try await failure(client(transport))?.kind == .denied)
        #expect(transport.requests.count == 2)
    }

    @Test("A wrong clock is corrected by the service's, for this call and the next")
    func skew() async throws {
        let serverTime = clock.now() + .seconds(3600)
        let refusal = ScriptedTransport.refusal(
            403, "InvalidSignatureException", [.date: serverTime.httpDate])
        let transport = ScriptedTransport([refusal, found])
        let client = try client(transport)
        #expect(try await failure(client) == nil)
        #expect(try await failure(client) == nil)
        #expect(client.clockOffset == .seconds(3600))
        let dates = transport.requests.map { $0.head.headerFields[.amzDate] }
        #expect(dates == [clock.now().amzDate, serverTime.amzDate, serverTime.amzDate])
    }

    @Test("A refused signature with a right clock is denied at once")
    func noSkew() async throws {
        let refusal = ScriptedTransport.refusal(
            403, "InvalidSignatureException", [.date: clock.now().httpDate])
        let transport = ScriptedTransport([refusal])
        #expect(try await failure(client(transport))?.kind == .denied)
        #expect(transport.requests.count == 1)
    }

    @Test("A cancelled call is told as cancelled and not repeated")
    func cancelled() async throws {
        let transport = ScriptedTransport([.failure(.cancelled(host: "fake:1"))])
        #expect(try await failure(client(transport))?.kind == .cancelled)
        #expect(transport.requests.count == 1)
    }
}
