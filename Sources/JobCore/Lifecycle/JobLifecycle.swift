import PureJSON

/// All policy about one received message, from receipt until it is deleted or handed back.
///
/// Pure: events go in, actions come out; the shell performs them one after the other and feeds the results back. It
/// neither waits nor reads a clock.
package struct JobLifecycle: Sendable {
    package typealias Event = JobLifecycleEvent
    package typealias Action = JobLifecycleAction

    /// What does not change while a message is worked on.
    package struct Policy: Sendable, Hashable {
        /// What to do with messages that are not jobs.
        package var malformed: MalformedPolicy
        /// Whether there is a dead-letter queue to send to.
        package var hasDeadLetterQueue: Bool
        /// How long a message stays hidden when a dependency is out of reach.
        package var dependencyDelay: Duration
        /// How often a transition is tried again while the database is out of reach; the waits double from 250 ms.
        package var storeRetries: Int

        /// Makes a policy.
        package init(
            malformed: MalformedPolicy = .deadLetter, hasDeadLetterQueue: Bool = true,
            dependencyDelay: Duration = .seconds(10), storeRetries: Int = 6
        ) {
            self.malformed = malformed
            self.hasDeadLetterQueue = hasDeadLetterQueue
            self.dependencyDelay = dependencyDelay
            self.storeRetries = storeRetries
        }
    }

    enum Phase: Sendable, Hashable {
        case validating
        case claiming
        case following(until: Timestamp)
        case fetching(JobRecord)
        case running(JobRecord)
        case staging(JobRecord, JSONValue)
        case storing(JobRecord, JobTransition, tries: Int)
        case publishing(JobRecord)
        case deadLettering(JobRecord)
        case rejecting(MessageRejection)
        case settling(JobRecord)
        case finished
    }

    let runner: RunnerID
    let policy: Policy
    /// The random share of back-offs, 0..<1, drawn once per message.
    let jitter: Double
    /// The runner's wall time when the message was received.
    let receivedAt: Timestamp
    var phase = Phase.validating
    var handler: HandlerDescription?
    var stop: StopReason?
    /// How often in a row this process looked for its own run of the job and had none.
    var missingLeaders = 0
    var evidence = JobClaim.Evidence()

    /// Makes the machine of one message.
    package init(runner: RunnerID, policy: Policy, receivedAt: Timestamp, jitter: Double) {
        self.runner = runner
        self.policy = policy
        self.receivedAt = receivedAt
        self.jitter = jitter
    }

    /// Whether nothing more will come.
    package var isFinished: Bool { phase == .finished }

    /// Whether the message waits in line behind this process's own run of its job.
    package var isFollowing: Bool {
        if case .following = phase { true } else { false }
    }

    /// Takes in what happened and says what to do next.
    ///
    /// An event that does not belong to the phase is ignored: late signals race with ends by nature, everything
    /// else is driven by this machine's own actions.
    ///
    /// - Parameter event: what happened.
    /// - Returns: what to do, in order.
    package mutating func handle(_ event: Event) -> [Action] {
        if case .stopRequested(let reason) = event { return handleStop(reason) }
        switch (phase, event) {
        case (.validating, .rejected(let rejection)): return reject(rejection)
        case (.validating, .accepted(let description)):
            handler = description
            phase = .claiming
            return [.claim]
        case (.claiming, .claimed(let decision)): return handle(decision)
        case (.claiming, .storeFailed(let error)): return deferMessage(error.description)
        case (.following, .leaderFinished):
            missingLeaders = 0
            phase = .claiming
            return [.claim]
        case (.following(let until), .leaderMissing): return leaderMissing(until)
        case (.fetching(let record), .inputsFetched): return startHandler(record)
        case (.fetching(let record), .fetchFailed(let input, let error)): return fetchFailed(record, input, error)
        case (.running(let record), .handlerReported(let report)): return conclude(record, report)
        case (.staging(let record, let result), .outputsStaged(let outputs)):
            return store(.complete(outputs: outputs, result: result), record)
        case (.staging(let record, _), .stagingFailed(let error)): return stagingFailed(record, error)
        case (.storing(_, let transition, _), .transitionAnswered(let verdict)): return handle(verdict, transition)
        case (.storing(let record, let transition, let tries), .storeFailed(let error)):
            return storeAgain(record, transition, tries, error)
        case (.publishing(let record), .outputsPublished): return settle(record)
        case (.publishing(let record), .publishingFailed(let error)): return unsettled(record, error.description)
        case (.deadLettering(let record), .deadLetterSent): return settle(record)
        case (.deadLettering(let record), .deadLetterFailed(let error)): return unsettled(record, error.description)
        case (.rejecting(let rejection), .deadLetterSent): return finish(.rejected(rejection), [.deleteMessage])
        case (.rejecting, .deadLetterFailed(let error)): return deferMessage(error.description)
        case (.settling(let record), .settledStored):
            let leftovers: [Action] = record.outputs.isEmpty ? [] : [.discardStaged(record.outputs)]
            return finish(verdict(of: record), [.deleteMessage] + leftovers)
        case (.settling(let record), .storeFailed(let error)): return unsettled(record, error.description)
        default: return []
        }
    }

    mutating func finish(_ verdict: JobVerdict, _ actions: [Action] = []) -> [Action] {
        phase = .finished
        return actions + [.finish(verdict)]
    }

    /// Hands the message back for later; no attempt is burned.
    mutating func deferMessage(_ reason: String) -> [Action] {
        finish(.deferred(reason: reason), [.releaseMessage(after: policy.dependencyDelay)])
    }

    private mutating func reject(_ rejection: MessageRejection) -> [Action] {
        switch policy.malformed {
        case .leave: return finish(.rejected(rejection), [.releaseMessage(after: policy.dependencyDelay)])
        case .deadLetter where policy.hasDeadLetterQueue:
            phase = .rejecting(rejection)
            return [.sendDeadLetter(attributes: DeadLetterReason.attributes(of: rejection, runner: runner))]
        case .deadLetter, .delete: return finish(.rejected(rejection), [.deleteMessage])
        }
    }

    private mutating func handle(_ decision: ClaimDecision) -> [Action] {
        switch decision {
        case .start(let record):
            phase = .fetching(record)
            if let reason = stop { return stopBeforeStart(record, reason) }
            return [.fetchInputs(record)]
        case .held(let owner, let until) where owner == runner:
            phase = .following(until: until)
            return [.awaitLeader]
        case .held(let owner, let until): return deferUntil(until, "held by \(owner)")
        case .tooEarly(let until):
            let wait = max(until - receivedAt, .zero)
            return finish(
                .deferred(reason: "waits for its next attempt"), [.releaseMessage(after: min(wait, .seconds(43_200)))])
        case .settle(let record): return closeFinal(record)
        case .finished(let record): return finish(.duplicate(record.state), [.deleteMessage])
        }
    }

    /// A run that ends between claim and look-up is found ended at the next claim; one that is never found is that of
    /// an earlier process under the same name, whose lease must run out.
    private mutating func leaderMissing(_ until: Timestamp) -> [Action] {
        missingLeaders += 1
        guard missingLeaders < 3 else { return deferUntil(until, "held by an earlier process named \(runner)") }
        phase = .claiming
        return [.claim]
    }

    private mutating func deferUntil(_ until: Timestamp, _ reason: String) -> [Action] {
        let wait = max(until - receivedAt, .seconds(1))
        return finish(.deferred(reason: reason), [.releaseMessage(after: min(wait, .seconds(43_200)))])
    }

    private mutating func handleStop(_ reason: StopReason) -> [Action] {
        guard stop == nil else { return [] }
        switch phase {
        case .running:
            stop = reason
            return [.stopHandler(reason)]
        case .validating, .claiming, .fetching:
            stop = reason
            return []
        case .following: return finish(.deferred(reason: "the runner shuts down"), [.releaseMessage(after: .zero)])
        case .staging, .storing, .publishing, .deadLettering, .rejecting, .settling, .finished: return []
        }
    }

    private mutating func startHandler(_ record: JobRecord) -> [Action] {
        if let reason = stop { return stopBeforeStart(record, reason) }
        phase = .running(record)
        return [.runHandler(record)]
    }
}
