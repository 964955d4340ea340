import JobCore
import Synchronization

/// Every message that this runner holds: who leads a job, who waits for the leader, what must be kept hidden.
final class InFlightJobs: Sendable {
    private struct State {
        var works: [ReceiptHandle: JobWork] = [:]
        var leaders: [JobID: ReceiptHandle] = [:]
        var claims: [JobID: Int] = [:]
        var beating: Set<ReceiptHandle> = []
        var beatWaiters: [CheckedContinuation<Void, Never>] = []
        var stop: StopReason?
    }

    private let state = Mutex(State())

    /// Messages held above which duplicates no longer give their slots back.
    static let limit = 1_000

    /// The number of messages held.
    var count: Int { state.withLock(\.works.count) }

    /// All messages whose visibility must be extended.
    var all: [JobWork] { state.withLock { Array($0.works.values) } }

    func insert(_ work: JobWork) {
        let stop = state.withLock { state in
            state.works[work.message.receipt] = work
            return state.stop
        }
        if let stop { work.stop(stop) }
    }

    /// Says that a message's work runs or settles its job now.
    ///
    /// - Returns: `false` when another message's work of this process is already at it.
    func lead(_ jobID: JobID, _ work: JobWork) -> Bool {
        state.withLock { state in
            guard let leader = state.leaders[jobID] else {
                state.leaders[jobID] = work.message.receipt
                return true
            }
            return leader == work.message.receipt
        }
    }

    /// A claim of a job goes to the database; it may turn its message's work into the leader.
    func beginClaim(_ jobID: JobID) { state.withLock { $0.claims[jobID, default: 0] += 1 } }

    /// A claim has come back, and its work leads if it is to lead: whoever waits for a leader in vain looks again.
    func endClaim(_ jobID: JobID) {
        let followers = state.withLock { state -> [JobWork] in
            let left = state.claims[jobID, default: 1] - 1
            state.claims[jobID] = left > 0 ? left : nil
            guard left <= 0, state.leaders[jobID] == nil else { return [] }
            return state.works.values.filter { $0.jobID == jobID }
        }
        for follower in followers { follower.unpark(.leaderMissing) }
    }

    /// Waits in line behind the run of the same job; returns at once when there is none and none is being claimed.
    func follow(_ jobID: JobID, _ work: JobWork) async -> JobLifecycle.Event {
        await withCheckedContinuation { continuation in
            work.park(continuation)
            let hasLeader = state.withLock { $0.leaders[jobID] != nil || $0.claims[jobID] != nil }
            if !hasLeader { work.unpark(.leaderMissing) }
        }
    }

    /// Takes a message out of the heartbeat, and waits for the beat that has it under way.
    func withdraw(_ work: JobWork) async {
        let receipt = work.message.receipt
        await withCheckedContinuation { (continuation: CheckedContinuation<Void, Never>) in
            let isIdle = state.withLock { state in
                state.works[receipt] = nil
                guard state.beating.contains(receipt) else { return true }
                state.beatWaiters.append(continuation)
                return false
            }
            if isIdle { continuation.resume() }
        }
    }

    /// The end of a message's work: whoever waited for its job goes on.
    func finish(_ work: JobWork, _ jobID: JobID?) {
        let followers = state.withLock { state -> [JobWork] in
            state.works[work.message.receipt] = nil
            guard let jobID, state.leaders[jobID] == work.message.receipt else { return [] }
            state.leaders[jobID] = nil
            return state.works.values.filter { $0.jobID == jobID }
        }
        for follower in followers { follower.unpark(.leaderFinished) }
    }

    /// Marks the messages of a beat that begins.
    func beginBeat() -> [ReceiptHandle] {
        state.withLock { state in
            state.beating = Set(state.works.keys)
            return Array(state.beating)
        }
    }

    func endBeat() {
        let waiters = state.withLock { state in
            state.beating = []
            defer { state.beatWaiters = [] }
            return state.beatWaiters
        }
        for waiter in waiters { waiter.resume() }
    }

    /// Tells everything that runs, and all that comes later, to stop.
    func stopAll(_ reason: StopReason) {
        let works = state.withLock { state in
            state.stop = reason
            return Array(state.works.values)
        }
        for work in works { work.stop(reason) }
    }
}
