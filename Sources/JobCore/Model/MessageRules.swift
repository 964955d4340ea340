/// What a runner accepts in messages, beyond their form.
package struct MessageRules: Sendable, Hashable {
    /// Buckets that inputs may be in; every bucket when `nil`.
    package var allowedBuckets: Set<String>?
    /// How long ago a message may have been submitted.
    package var maxAge: Duration
    /// How far in the future a message may say it was submitted.
    package var maxAhead: Duration
    /// The most bytes that a body may have; the queue's MaximumMessageSize.
    package var maximumBytes: Int

    /// Makes rules; the defaults are 24 h, 1 h and SQS's 1 MiB.
    package init(
        allowedBuckets: Set<String>? = nil, maxAge: Duration = .seconds(86_400), maxAhead: Duration = .seconds(3_600),
        maximumBytes: Int = 1_048_576
    ) {
        self.allowedBuckets = allowedBuckets
        self.maxAge = maxAge
        self.maxAhead = maxAhead
        self.maximumBytes = maximumBytes
    }
}
