package import JobCore
import Synchronization

/// A queue for tests with visibility timeouts on an injected clock.
package final class InMemoryMessageQueue: MessageQueue {
    private struct Entry {
        var id: String
        var body: String
        var attributes: [String: String]
        var sentAt: Timestamp
        var visibleAt: Timestamp
        var receipt: ReceiptHandle?
        var receiveCount = 0
    }

    private struct State {
        var entries: [Entry] = []
        var nextID = 0
        var receiveFailures: [DependencyError] = []
        var sendFailures: [DependencyError] = []
        var waiters: [(id: Int, continuation: CheckedContinuation<Void, Never>)] = []
        var deletedCount = 0
    }

    package let name: String
    private let clock: any RunnerClock
    private let settings: QueueAttributes
    private let state = Mutex(State())

    /// An empty queue.
    package init(name: String = "jobs", clock: any RunnerClock, visibility: Duration = .seconds(300)) {
        self.name = name
        self.clock = clock
        settings = QueueAttributes(
            visibilityTimeout: visibility, maximumMessageSize: 1_048_576, maxReceiveCount: 3,
            deadLetterQueueName: "\(name)-dlq", retention: .seconds(345_600), visibleCount: 0, inFlightCount: 0,
            delayedCount: 0)
    }

    /// Lets the next receives fail, one error each.
    package func failNextReceives(_ errors: [DependencyError]) { state.withLock { $0.receiveFailures += errors } }

    /// Lets the next sends fail, one error each.
    package func failNextSends(_ errors: [DependencyError]) { state.withLock { $0.sendFailures += errors } }

    /// Bodies and attributes of everything in the queue, visible or not, oldest first.
    package var contents: [(body: String, attributes: [String: String], receiveCount: Int)] {
        state.withLock { $0.entries.map { ($0.body, $0.attributes, $0.receiveCount) } }
    }

    /// How long until each message is visible; zero for those that are.
    package var hiddenFor: [Duration] {
        let now = clock.now()
        return state.withLock { $0.entries.map { max($0.visibleAt - now, .zero) } }
    }

    package func receive(
        upTo limit: Int, waitingFor patience: Duration, visibility: Duration
    ) async throws(DependencyError) -> [QueuedMessage] {
        if let failure = state.withLock({ $0.receiveFailures.isEmpty ? nil : $0.receiveFailures.removeFirst() }) {
            throw failure
        }
        let first = take(limit, visibility)
        if !first.isEmpty || patience <= .zero { return first }
        await waitForMessage(patience)
        return take(limit, visibility)
    }

    package func delete(_ receipt: ReceiptHandle) async throws(DependencyError) {
        state.withLock { state in
            let before = state.entries.count
            state.entries.removeAll { $0.receipt == receipt }
            state.deletedCount += before - state.entries.count
        }
    }

    package func changeVisibility(
        of receipts: [ReceiptHandle], to visibility: Duration
    ) async throws(DependencyError) -> [ReceiptHandle: DependencyError] {
        let now = clock.now()
        let (refused, wake) = state.withLock { state in
            var refused: [ReceiptHandle: DependencyError] = [:]
            for receipt in receipts {
                guard let place = state.entries.firstIndex(where: { $0.receipt == receipt && $0.visibleAt > now })
                else {
                    refused[receipt] = DependencyError(
                        .stale, operation: "sqs.ChangeMessageVisibility \(name)", code: "MessageNotInflight",
                        message: "the message is not in flight under this receipt")
                    continue
                }
                state.entries[place].visibleAt = now + visibility
            }
            return (refused, visibility <= .zero ? Self.takeWaiters(&state) : [])
        }
        for waiter in wake { waiter.resume() }
        return refused
    }

    package func send(
        body: String, attributes: [String: String], delay: Duration
    ) async throws(DependencyError) -> String {
        let now = clock.now()
        let result: Result<(String, [CheckedContinuation<Void, Never>]), DependencyError> = state.withLock { state in
            if !state.sendFailures.isEmpty { return .failure(state.sendFailures.removeFirst()) }
            state.nextID += 1
            let id = "m\(state.nextID)"
            state.entries.append(
                Entry(id: id, body: body, attributes: attributes, sentAt: now, visibleAt: now + delay))
            return .success((id, Self.takeWaiters(&state)))
        }
        let (id, waiters) = try result.get()
        for waiter in waiters { waiter.resume() }
        return id
    }

    package func attributes() async throws(DependencyError) -> QueueAttributes {
        let now = clock.now()
        return state.withLock { state in
            var attributes = settings
            attributes.visibleCount = state.entries.count { $0.visibleAt <= now }
            attributes.inFlightCount = state.entries.count { $0.visibleAt > now && $0.receiveCount > 0 }
            attributes.delayedCount = state.entries.count { $0.visibleAt > now && $0.receiveCount == 0 }
            return attributes
        }
    }

    private func take(_ limit: Int, _ visibility: Duration) -> [QueuedMessage] {
        let now = clock.now()
        return state.withLock { state in
            var taken: [QueuedMessage] = []
            for place in state.entries.indices where state.entries[place].visibleAt <= now && taken.count < limit {
                state.entries[place].receiveCount += 1
                state.entries[place].visibleAt = now + visibility
                let entry = state.entries[place]
                let receipt = ReceiptHandle("\(entry.id)#\(entry.receiveCount)")
                state.entries[place].receipt = receipt
                taken.append(
                    QueuedMessage(
                        messageID: entry.id, receipt: receipt, body: entry.body, attributes: entry.attributes,
                        receiveCount: entry.receiveCount, sentAt: entry.sentAt))
            }
            return taken
        }
    }

    private func waitForMessage(_ patience: Duration) async {
        let id = state.withLock { state in
            state.nextID += 1
            return state.nextID
        }
        await withTaskGroup(of: Void.self) { group in
            group.addTask { await self.waitForSignal(id) }
            group.addTask {
                do {
                    try await self.clock.sleep(for: patience)
                } catch {
                    return
                }
            }
            _ = await group.next()
            group.cancelAll()
        }
    }

    private func waitForSignal(_ id: Int) async {
        await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                let now = clock.now()
                let isReady = state.withLock { state in
                    if Task.isCancelled || state.entries.contains(where: { $0.visibleAt <= now }) { return true }
                    state.waiters.append((id, continuation))
                    return false
                }
                if isReady { continuation.resume() }
            }
        } onCancel: {
            let waiter = state.withLock { state -> CheckedContinuation<Void, Never>? in
                guard let place = state.waiters.firstIndex(where: { $0.id == id }) else { return nil }
                return state.waiters.remove(at: place).continuation
            }
            waiter?.resume()
        }
    }

    private static func takeWaiters(_ state: inout State) -> [CheckedContinuation<Void, Never>] {
        defer { state.waiters.removeAll() }
        return state.waiters.map(\.continuation)
    }
}
