internal import AWSWire
package import HTTPTransport
internal import HTTPTypes
package import JobCore
internal import Synchronization

/// Signs and sends the calls to one service, and repeats those whose failure may pass.
///
/// Learns the offset to the service's clock when a signature is refused for its date, asks for new credentials once
/// when they have expired, and shares one budget of retries among all calls.
package final class AWSClient: Sendable {
    /// One call: a request without signature, and how to read a no.
    struct Call: Sendable {
        /// For errors, such as `sqs.ReceiveMessage jobs`.
        var operation: String
        var request: TransportRequest
        var payload: PayloadHash
        /// The failure that an answer means; `nil` accepts it.
        var failure: @Sendable (TransportResponse) -> AWSFailure?
        /// Called before each attempt, to reset what the attempt before has filled.
        var prepare: (@Sendable (inout TransportRequest) -> Void)?
    }

    private struct State: Sendable {
        var clockOffset: Duration = .zero
        var quota = RetryQuota()
    }

    /// Such as `sqs` or `s3`.
    package let service: String
    /// Such as `eu-central-1`.
    package let region: String
    /// Where the service answers.
    package let endpoint: AWSEndpoint
    let retry: AWSRetryPolicy
    private let credentials: any CredentialProvider
    private let transport: any HTTPTransport
    private let clock: any RunnerClock
    private let randomness: @Sendable () -> Double
    private let state = Mutex(State())

    /// Makes a client.
    ///
    /// - Parameters:
    ///   - service: `sqs` or `s3`.
    ///   - region: Such as `eu-central-1`.
    ///   - endpoint: Where to send requests; the public endpoint when `nil`.
    ///   - credentials: Whose calls these are.
    ///   - transport: How requests go out.
    ///   - clock: For signatures and for waiting.
    ///   - retry: How often calls are repeated.
    ///   - randomness: Numbers in 0..<1 for jitter.
    package init(
        service: String, region: String, endpoint: AWSEndpoint? = nil, credentials: any CredentialProvider,
        transport: any HTTPTransport, clock: any RunnerClock, retry: AWSRetryPolicy = AWSRetryPolicy(),
        randomness: @escaping @Sendable () -> Double = { Double.random(in: 0..<1) }
    ) {
        self.service = service
        self.region = region
        self.endpoint = endpoint ?? AWSEndpoint(service: service, region: region)
        self.credentials = credentials
        self.transport = transport
        self.clock = clock
        self.retry = retry
        self.randomness = randomness
    }

    /// The distance from this machine's clock to the service's, as far as it was learnt.
    package var clockOffset: Duration { state.withLock(\.clockOffset) }

    /// Sends a call until it is accepted, refused for good, or the attempts are spent.
    func send(_ call: Call) async throws(DependencyError) -> TransportResponse {
        var attempts = 0
        var hasRefreshed = false
        var hasResigned = false
        var taken: Int?
        while true {
            let used = try await currentCredentials(call.operation)
            attempts += 1
            let verdict = await attempt(call, with: used)
            switch verdict {
            case .accepted(let response):
                state.withLock { $0.quota.giveBack(taken) }
                return response
            case .refused(let failure) where failure.isExpiredCredentials && !hasRefreshed:
                hasRefreshed = true
                await credentials.invalidate(used)
                attempts -= 1
            case .refused(let failure) where failure.mayBeSkew && !hasResigned && learnOffset(from: failure):
                hasResigned = true
                attempts -= 1
            case .refused(let failure):
                guard failure.isThrottling || failure.isTransient else {
                    throw failure.dependencyError(call.operation)
                }
                taken = try await pause(
                    after: attempts, isThrottled: failure.isThrottling, requested: failure.retryAfter,
                    afterTimeout: false, else: failure.dependencyError(call.operation))
            case .failed(let error):
                let reason = DependencyError(error, operation: call.operation)
                guard error.isTransient else { throw reason }
                var isTimeout = false
                if case .timedOut = error { isTimeout = true }
                taken = try await pause(
                    after: attempts, isThrottled: false, requested: nil, afterTimeout: isTimeout, else: reason)
            }
        }
    }

    private enum Verdict {
        case accepted(TransportResponse)
        case refused(AWSFailure)
        case failed(TransportError)
    }

    private func attempt(_ call: Call, with credentials: AWSCredentials) async -> Verdict {
        let signer = SigV4Signer(credentials: credentials, region: region, service: service)
        var request = call.request
        call.prepare?(&request)
        request.head.headerFields[.userAgent] = "headrace"
        request.head = signer.sign(request.head, payload: call.payload, at: clock.now() + clockOffset)
        do throws(TransportError) {
            let response = try await transport.send(request)
            return call.failure(response).map { .refused($0) } ?? .accepted(response)
        } catch {
            return .failed(error)
        }
    }

    private func currentCredentials(_ operation: String) async throws(DependencyError) -> AWSCredentials {
        do throws(CredentialError) {
            return try await credentials.credentials()
        } catch {
            let kind: DependencyError.Kind = Task.isCancelled ? .cancelled : error.isTransient ? .unavailable : .denied
            throw DependencyError(kind, operation: operation, code: "NoCredentials", message: error.description)
        }
    }

    /// Waits before the next attempt and returns what it took from the budget; throws `reason` when there is none.
    private func pause(
        after attempts: Int, isThrottled: Bool, requested: Duration?, afterTimeout: Bool,
        else reason: DependencyError
    ) async throws(DependencyError) -> Int {
        guard attempts < retry.maxAttempts,
            let taken = state.withLock({ $0.quota.take(afterTimeout: afterTimeout) })
        else { throw reason }
        let wait = retry.backoff(
            afterAttempts: attempts, isThrottled: isThrottled, requested: requested, randomness: randomness())
        do throws(CancellationError) {
            try await clock.sleep(for: wait)
        } catch {
            throw DependencyError(
                .cancelled, operation: reason.operation, code: "Cancelled", message: "cancelled while waiting to retry")
        }
        return taken
    }

    /// Takes over the service's clock when it differs by more than four minutes from the one that signed.
    private func learnOffset(from failure: AWSFailure) -> Bool {
        guard let serverTime = failure.serverTime else { return false }
        let offset = serverTime - clock.now()
        return state.withLock { state in
            let change = offset - state.clockOffset
            guard change > .seconds(240) || change < .seconds(-240) else { return false }
            state.clockOffset = offset
            return true
        }
    }
}
