/// How often a call to AWS is repeated and how long it waits in between.
///
/// The attempts of one call are few: what lasts longer is the runner's business.
package struct AWSRetryPolicy: Sendable, Hashable {
    /// Attempts in all, the first included, 1...10.
    package var maxAttempts: Int
    /// The wait before the second attempt, before jitter.
    package var initialBackoff: Duration
    /// The wait before the second attempt when the service asks for fewer requests, before jitter.
    package var throttledBackoff: Duration
    /// The longest wait; also for what a service asks for.
    package var maxBackoff: Duration

    /// Makes a policy; the default is four attempts, 100 ms doubling up to 20 s, 500 ms when throttled.
    package init(
        maxAttempts: Int = 4, initialBackoff: Duration = .milliseconds(100),
        throttledBackoff: Duration = .milliseconds(500), maxBackoff: Duration = .seconds(20)
    ) {
        self.maxAttempts = maxAttempts
        self.initialBackoff = initialBackoff
        self.throttledBackoff = throttledBackoff
        self.maxBackoff = maxBackoff
    }

    /// The wait after so many failed attempts; `randomness` in 0..<1 takes away up to half.
    ///
    /// What the service asked for is a lower bound, up to ``maxBackoff``.
    func backoff(
        afterAttempts attempts: Int, isThrottled: Bool, requested: Duration?, randomness: Double
    ) -> Duration {
        var wait = isThrottled ? throttledBackoff : initialBackoff
        for _ in 1..<max(attempts, 1) where wait < maxBackoff { wait = wait * 2 }
        let jittered = min(wait, maxBackoff) * (1 - randomness / 2)
        return min(max(jittered, requested ?? .zero), maxBackoff)
    }
}

/// A budget of retries shared by all calls of a client: when most calls fail, retries stop and failures come early.
///
/// Source: the standard retry mode of the AWS SDKs: 500 tokens, 5 per retry, 10 after a time-out; each success gives
/// one back, a success after a retry gives what that retry took.
struct RetryQuota: Hashable {
    static let capacity = 500

    private(set) var tokens = Self.capacity

    /// Takes the price of a retry, or says that the budget is spent.
    mutating func take(afterTimeout: Bool) -> Int? {
        let price = afterTimeout ? 10 : 5
        guard tokens >= price else { return nil }
        tokens -= price
        return price
    }

    /// Gives back after a success.
    mutating func giveBack(_ taken: Int?) { tokens = min(Self.capacity, tokens + (taken ?? 1)) }
}
