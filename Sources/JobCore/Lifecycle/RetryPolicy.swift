/// How often a job is attempted and how long it waits in between.
package struct RetryPolicy: Sendable, Hashable {
    /// Attempts in all, the first included, 1...100.
    package var maxAttempts: Int
    /// The wait after the first failed attempt.
    package var initialBackoff: Duration
    /// The longest wait before jitter; at most SQS's 12 h.
    package var maxBackoff: Duration
    /// By how much each wait is longer than the one before.
    package var factor: Double

    /// Makes a policy; the default is three attempts, 5 s doubling up to 2 min.
    package init(
        maxAttempts: Int = 3, initialBackoff: Duration = .seconds(5), maxBackoff: Duration = .seconds(120),
        factor: Double = 2
    ) {
        self.maxAttempts = maxAttempts
        self.initialBackoff = initialBackoff
        self.maxBackoff = maxBackoff
        self.factor = factor
    }

    /// The wait before the next attempt.
    ///
    /// Jitter is added, never taken away, so that a promised "not before" holds and many failures at once spread.
    ///
    /// - Parameters:
    ///   - attempts: attempts that have failed, from 1.
    ///   - requested: the handler's own wish, a lower bound.
    ///   - jitter: a random number in 0..<1; adds up to a quarter of the wait.
    /// - Returns: the wait, at most SQS's 12 h.
    package func backoff(afterAttempts attempts: Int, requested: Duration?, jitter: Double) -> Duration {
        var wait = initialBackoff.fractionalSeconds
        for _ in 1..<max(attempts, 1) where wait < maxBackoff.fractionalSeconds { wait *= factor }
        wait = min(wait, maxBackoff.fractionalSeconds)
        wait = max(wait, requested?.fractionalSeconds ?? 0)
        return min(.seconds(wait * (1 + jitter / 4)), .seconds(43_200))
    }
}
