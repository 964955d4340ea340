import JobCore

/// What a runner has done so far.
package struct RunnerSummary: Sendable, Hashable {
    /// Time since ``Runner/run()`` began.
    package var uptime: Duration
    /// Messages received.
    package var received = 0
    /// Jobs completed.
    package var processed = 0
    /// Jobs that ended FAILED or QUARANTINED.
    package var failed = 0
    /// Attempts after which another follows.
    package var retried = 0
    /// Messages that were not jobs.
    package var rejected = 0
    /// Messages of jobs that were finished already.
    package var duplicates = 0
    /// Jobs handed back by the shutdown.
    package var handedBack = 0
    /// Jobs cancelled on request.
    package var cancelled = 0
    /// Messages put off: held elsewhere, or a dependency out of reach.
    package var deferred = 0
    /// Attempts whose lease somebody else took.
    package var leasesLost = 0

    /// Nothing done yet.
    package init(uptime: Duration = .zero) { self.uptime = uptime }

    /// The share of completed jobs among those that ended, 0...1; 1 when none ended.
    package var successRate: Double {
        processed + failed == 0 ? 1 : Double(processed) / Double(processed + failed)
    }

    mutating func count(_ verdict: JobVerdict) {
        switch verdict {
        case .completed: processed += 1
        case .failed: failed += 1
        case .cancelled: cancelled += 1
        case .retrying: retried += 1
        case .handedBack: handedBack += 1
        case .rejected: rejected += 1
        case .duplicate: duplicates += 1
        case .deferred: deferred += 1
        case .leaseLost: leasesLost += 1
        }
    }
}
