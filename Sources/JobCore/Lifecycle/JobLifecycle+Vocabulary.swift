/// Why a running handler is told to stop.
package enum StopReason: Sendable, Hashable {
    /// The runner shuts down and its grace period is over.
    case drain
    /// Somebody asked for the job to be cancelled.
    case cancelled(by: String)
    /// The lease is somebody else's.
    case leaseLost
}

/// What happened to a message or its job; the shell feeds these in.
package enum JobLifecycleEvent: Sendable, Hashable {
    /// The body does not make a job.
    case rejected(MessageRejection)
    /// The body makes a job for this handler.
    case accepted(HandlerDescription)
    /// The store decided about the claim.
    case claimed(ClaimDecision)
    /// The run of this job that this very process has under way is over; claim again.
    case leaderFinished
    /// This process has no such run under way: it has just ended, or an earlier process had the same name.
    case leaderMissing
    /// All inputs are on this machine.
    case inputsFetched
    /// An input could not be fetched.
    case fetchFailed(input: String, DependencyError)
    /// The handler's run is over.
    case handlerReported(HandlerReport)
    /// All outputs are staged.
    case outputsStaged([JobOutput])
    /// An output could not be staged.
    case stagingFailed(DependencyError)
    /// The store answered a transition.
    case transitionAnswered(TransitionVerdict)
    /// The store could not do what was asked.
    case storeFailed(JobStoreError)
    /// The outputs are at their stable keys.
    case outputsPublished
    /// They are not, or not all.
    case publishingFailed(DependencyError)
    /// The message is in the dead-letter queue.
    case deadLetterSent
    /// It could not be sent there.
    case deadLetterFailed(DependencyError)
    /// The store knows that the final state's effects are done.
    case settledStored
    /// The handler must stop.
    case stopRequested(StopReason)
}

/// What the shell shall do next.
package enum JobLifecycleAction: Sendable, Hashable {
    /// Ask the store for the job.
    case claim
    /// Wait, without a slot, until this process's own run of the job is over.
    case awaitLeader
    /// Bring the inputs to this machine.
    case fetchInputs(JobRecord)
    /// Start the handler.
    case runHandler(JobRecord)
    /// Tell the handler to stop.
    case stopHandler(StopReason)
    /// Upload the outputs under the epoch's own prefix.
    case stageOutputs([ProducedOutput], JobRecord)
    /// Store a transition, after a wait where an earlier try failed.
    case store(JobTransition, JobClaim.Evidence, JobRecord, after: Duration)
    /// Copy the outputs to their stable keys.
    case publishOutputs(JobRecord)
    /// Send the message's body to the dead-letter queue with these reason attributes.
    case sendDeadLetter(attributes: [String: String])
    /// Store that the final state's effects are done.
    case storeSettled(JobRecord)
    /// Delete staged objects that nobody needs any more.
    case discardStaged([JobOutput])
    /// Delete the message.
    case deleteMessage
    /// Make the message visible after a wait.
    case releaseMessage(after: Duration)
    /// Nothing more will come.
    case finish(JobVerdict)
}

/// How a message ended at this runner.
package enum JobVerdict: Sendable, Hashable {
    case completed(JobRecord)
    case failed(JobRecord)
    case cancelled(JobRecord)
    /// Another attempt follows.
    case retrying(JobRecord)
    /// Handed back without a burned attempt.
    case handedBack(JobRecord)
    /// Not a job.
    case rejected(MessageRejection)
    /// Nothing to do: the job is finished already.
    case duplicate(JobState)
    /// Not now: held elsewhere, waiting for its next attempt, or a dependency is out of reach.
    case deferred(reason: String)
    /// The job is another runner's by now.
    case leaseLost
}

extension JobVerdict {
    /// The word for logs and metrics.
    package var word: String {
        switch self {
        case .completed: "completed"
        case .failed: "failed"
        case .cancelled: "cancelled"
        case .retrying: "retrying"
        case .handedBack: "handed-back"
        case .rejected: "rejected"
        case .duplicate: "duplicate"
        case .deferred: "deferred"
        case .leaseLost: "lease-lost"
        }
    }
}

/// What to do with messages that are not jobs.
package enum MalformedPolicy: String, Sendable, Hashable, CaseIterable {
    case deadLetter = "dead-letter"
    case delete
    case leave
}
