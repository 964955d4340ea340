internal import AWSWire
internal import JobCore
internal import Synchronization

/// The queue service with its clock, its log and the receivers that wait: the shell of ``QueueService``.
final class QueueHost: Sendable {
    private struct Poll: Sendable {
        let continuation: CheckedContinuation<Outcome, Never>
    }

    private struct Outcome: Sendable {
        let result: Result<ReceiveMessageResponse, SQSError>
        let ticket: ChangeLog.Ticket
    }

    private struct State: Sendable {
        var service: QueueService
        var polls: [WaitingLine.ID: Poll] = [:]
        var nextWakeup: Timestamp?
        var isClosed = false

        /// Whether the timer sleeps for too long.
        var isEarlierWakeup: Bool {
            guard let due = service.nextWakeup else { return false }
            return nextWakeup.map { due < $0 } ?? true
        }
    }

    private let clock: any RunnerClock
    private let log: ChangeLog
    private let state: Mutex<State>
    private let wakeup = Wakeup()

    init(service: QueueService, clock: any RunnerClock, log: ChangeLog) {
        self.clock = clock
        self.log = log
        state = Mutex(State(service: service))
    }

    /// Does one call and returns once what it changed is on the disk.
    func call(_ request: QueueRequest, endpoint: String) async throws(SQSError) -> any SQSPayload {
        let (result, ticket) = turn { service, now -> Result<any SQSPayload, SQSError> in
            do throws(SQSError) {
                return .success(try service.handle(request, in: QueueCall(at: now, endpoint: endpoint)))
            } catch {
                return .failure(error)
            }
        }
        try await wait(for: ticket)
        return try result.get()
    }

    /// Receives, waiting as long as the request or the queue says, until `connection` is lost or the host closes.
    func receive(
        _ request: ReceiveMessageRequest, endpoint: String, connection: ConnectionWatch?
    ) async throws(SQSError) -> ReceiveMessageResponse {
        let poll = PollHandle()
        let registration = connection?.onLoss { [self] in abandon(poll) }
        defer { registration.map { connection?.forget($0) } }
        let outcome = await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                begin(request, endpoint: endpoint, poll, continuation)
            }
        } onCancel: {
            abandon(poll)
        }
        try await wait(for: outcome.ticket)
        return try outcome.result.get()
    }

    /// Receives as ``receive(_:endpoint:connection:)`` does; a call that goes through a gate waits there.
    func receive(
        _ request: ReceiveMessageRequest, endpoint: String, gated: GatedCall?, connection: ConnectionWatch?
    ) async throws(SQSError) -> ReceiveMessageResponse {
        guard let gated else { return try await receive(request, endpoint: endpoint, connection: connection) }
        let name = request.queueURL.split(separator: "/").last.map(String.init) ?? ""
        let patience = request.waitTimeSeconds ?? waitTimeSeconds(ofQueue: name)
        let deadline = clock.now() + .seconds(patience)
        var request = request
        request.waitTimeSeconds = 0
        while true {
            let response = try await receive(request, endpoint: endpoint, connection: nil)
            guard response.messages.isEmpty, clock.now() < deadline else { return response }
            guard await gated.gate.park(gated.name, until: deadline, queue: name) else { return response }
        }
    }

    /// When a queue has something to receive: a time that has passed means now, `nil` never as things stand.
    func nextMessage(inQueue name: String) -> Timestamp? {
        turn { service, now in service.nextMessage(inQueue: name, now: now) }.0
    }

    private func waitTimeSeconds(ofQueue name: String) -> Int {
        turn { service, _ in service.waitTimeSeconds(ofQueue: name) }.0
    }

    /// Takes messages back whose receiver was lost before it got them.
    func returnUndelivered(_ response: ReceiveMessageResponse) async throws(SQSError) {
        guard !response.messages.isEmpty else { return }
        let (_, ticket) = turn { service, now in service.returnUndelivered(response, at: now) }
        try await wait(for: ticket)
    }

    /// Serves waiting receivers as time passes; returns when the task is cancelled.
    func run() async {
        while !Task.isCancelled {
            let now = clock.now()
            let due = state.withLock { state in
                state.nextWakeup = state.service.nextWakeup
                return state.nextWakeup
            }
            if let due, due <= now {
                _ = turn { service, now in service.settle(at: now) }
            } else if let due {
                await wakeup.wait(atMost: due - now) { [clock] duration in
                    // A cancelled sleep has been overtaken by a signal.
                    do throws(CancellationError) { try await clock.sleep(for: duration) } catch { return }
                }
            } else {
                await wakeup.wait()
            }
        }
    }

    /// Answers everybody who waits with nothing, and lets nobody wait any more.
    func close() {
        state.withLock { $0.isClosed = true }
        _ = turn { service, _ in service.releaseWaiters() }
    }

    /// Looks into a queue; `nil` when there is none of that name.
    func peek(at queueName: String) -> QueuePeek? {
        turn { service, now in service.peek(at: queueName, now: now) }.0
    }

    /// One turn of the machine: the lock, the call, the log, and the answers for those who waited.
    func turn<Result: Sendable>(
        _ body: (inout QueueService, Timestamp) -> Result
    ) -> (Result, ChangeLog.Ticket) {
        let (result, ticket, answers, mustWake, releasedCount) = state.withLock { state in
            let result = body(&state.service, clock.now())
            let ticket = log.append(state.service.takeChanges().map(CloudChange.queue))
            let answers = state.service.takeDeliveries().compactMap { delivery in
                state.polls.removeValue(forKey: delivery.waiter).map { ($0, delivery.response) }
            }
            return (result, ticket, answers, state.isEarlierWakeup, state.service.takeReleasedCount())
        }
        if releasedCount >= QueueState.longQueueCount { ProcessMemory.releaseHeap() }
        for (poll, response) in answers {
            poll.continuation.resume(returning: Outcome(result: .success(response), ticket: ticket))
        }
        if mustWake { wakeup.signal() }
        return (result, ticket)
    }

    private func begin(
        _ request: ReceiveMessageRequest, endpoint: String, _ poll: PollHandle,
        _ continuation: CheckedContinuation<Outcome, Never>
    ) {
        let (immediate, mustWake) = state.withLock { state -> (Outcome?, Bool) in
            let reception: Result<QueueService.Reception, SQSError>
            do throws(SQSError) {
                var request = request
                if state.isClosed || poll.isAbandoned { request.waitTimeSeconds = 0 }
                let call = QueueCall(at: clock.now(), endpoint: endpoint)
                reception = .success(try state.service.handle(request, in: call))
            } catch {
                reception = .failure(error)
            }
            let ticket = log.append(state.service.takeChanges().map(CloudChange.queue))
            switch reception {
            case .success(.waiting(let id)):
                poll.id = id
                state.polls[id] = Poll(continuation: continuation)
                return (nil, state.isEarlierWakeup)
            case .success(.answered(let response)):
                return (Outcome(result: .success(response), ticket: ticket), state.isEarlierWakeup)
            case .failure(let error): return (Outcome(result: .failure(error), ticket: ticket), false)
            }
        }
        if let immediate { continuation.resume(returning: immediate) }
        if mustWake { wakeup.signal() }
    }

    private func abandon(_ handle: PollHandle) {
        let poll = state.withLock { state -> Poll? in
            handle.isAbandoned = true
            guard let id = handle.id else { return nil }
            state.service.cancel(waiter: id)
            return state.polls.removeValue(forKey: id)
        }
        poll?.continuation.resume(returning: Outcome(result: .success(ReceiveMessageResponse()), ticket: 0))
    }

    /// Returns once everything up to a point of the log is on the disk.
    func wait(for ticket: ChangeLog.Ticket) async throws(SQSError) {
        do throws(FakeCloudError) {
            try await log.wait(for: ticket)
        } catch {
            throw SQSError("InternalFailure", "\(error)")
        }
    }
}

/// One receive that may wait; read and written under the host's lock only.
private final class PollHandle: Sendable {
    private struct State: Sendable {
        var id: WaitingLine.ID?
        var isAbandoned = false
    }

    private let state = Mutex(State())

    var id: WaitingLine.ID? {
        get { state.withLock { $0.id } }
        set { state.withLock { $0.id = newValue } }
    }

    var isAbandoned: Bool {
        get { state.withLock { $0.isAbandoned } }
        set { state.withLock { $0.isAbandoned = newValue } }
    }
}
