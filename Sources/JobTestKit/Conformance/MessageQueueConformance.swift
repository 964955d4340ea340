package import JobCore

/// The rules that every ``MessageQueue`` keeps; run against a fresh, empty queue.
package struct MessageQueueConformance: Sendable {
    /// One rule.
    package enum Rule: String, Sendable, CaseIterable {
        case emptyQueueGivesNothing = "an empty queue gives nothing"
        case bodyIsUnchanged = "body and attributes arrive unchanged, with a receive count of 1"
        case receivedMessageIsHidden = "a received message is hidden from the next receive"
        case zeroVisibilityShowsAtOnce = "a visibility of zero shows the message at once, with a new receipt"
        case deleteIsFinal = "a deleted message never comes again, and deleting twice succeeds"
        case receiveStopsAtTheLimit = "a receive gives at most as many messages as asked"
        case batchOverTen = "a visibility change of more than ten messages works"
        case staleReceiptIsReported = "a visibility change of a deleted message is reported, the others succeed"
        case attributesCount = "the counts follow what was sent and received"
    }

    private let queue: any MessageQueue

    /// Takes a fresh, empty queue.
    package init(queue: any MessageQueue) { self.queue = queue }

    /// Checks one rule.
    ///
    /// - Parameter rule: the rule.
    /// - Throws: ``ConformanceFailure``, or the queue's own error.
    package func run(_ rule: Rule) async throws {
        switch rule {
        case .emptyQueueGivesNothing: try requireEqual(try await receive(10), [], "messages")
        case .bodyIsUnchanged: try await bodyIsUnchanged()
        case .receivedMessageIsHidden: try await receivedMessageIsHidden()
        case .zeroVisibilityShowsAtOnce: try await zeroVisibilityShowsAtOnce()
        case .deleteIsFinal: try await deleteIsFinal()
        case .receiveStopsAtTheLimit: try await receiveStopsAtTheLimit()
        case .batchOverTen: try await batchOverTen()
        case .staleReceiptIsReported: try await staleReceiptIsReported()
        case .attributesCount: try await attributesCount()
        }
    }

    private func bodyIsUnchanged() async throws {
        let body = "{\"a\": \"ü 😀 <&> \\n\"}\n\t"
        let id = try await queue.send(body: body, attributes: ["headrace.reason": "rejected"], delay: .zero)
        let message = try await one()
        try requireEqual(message.body, body, "body")
        try requireEqual(message.messageID, id, "message id")
        try requireEqual(message.attributes, ["headrace.reason": "rejected"], "attributes")
        try requireEqual(message.receiveCount, 1, "receive count")
    }

    private func receivedMessageIsHidden() async throws {
        _ = try await queue.send(body: "x", attributes: [:], delay: .zero)
        _ = try await one()
        try requireEqual(try await receive(10), [], "messages while hidden")
    }

    private func zeroVisibilityShowsAtOnce() async throws {
        _ = try await queue.send(body: "x", attributes: [:], delay: .zero)
        let first = try await one()
        let refused = try await queue.changeVisibility(of: [first.receipt], to: .zero)
        try requireEqual(refused.count, 0, "refused")
        let second = try await one()
        try requireEqual(second.messageID, first.messageID, "message id")
        try requireEqual(second.receiveCount, 2, "receive count")
        try require(second.receipt != first.receipt, "expected a new receipt")
    }

    private func deleteIsFinal() async throws {
        _ = try await queue.send(body: "x", attributes: [:], delay: .zero)
        let message = try await one()
        try await queue.delete(message.receipt)
        try await queue.delete(message.receipt)
        let counts = try await queue.attributes()
        try requireEqual(counts.visibleCount + counts.inFlightCount, 0, "messages left")
    }

    private func receiveStopsAtTheLimit() async throws {
        for place in 0..<5 { _ = try await queue.send(body: "\(place)", attributes: [:], delay: .zero) }
        try requireEqual(try await receive(3).count, 3, "first receive")
        try requireEqual(try await receive(3).count, 2, "second receive")
    }

    private func batchOverTen() async throws {
        for place in 0..<12 { _ = try await queue.send(body: "\(place)", attributes: [:], delay: .zero) }
        let messages = try await receive(10) + receive(10)
        try requireEqual(messages.count, 12, "received")
        let refused = try await queue.changeVisibility(of: messages.map(\.receipt), to: .zero)
        try requireEqual(refused.count, 0, "refused")
        try requireEqual(try await receive(10).count, 10, "visible again")
    }

    private func staleReceiptIsReported() async throws {
        for place in 0..<2 { _ = try await queue.send(body: "\(place)", attributes: [:], delay: .zero) }
        let messages = try await receive(10)
        try requireEqual(messages.count, 2, "received")
        try await queue.delete(messages[0].receipt)
        let refused = try await queue.changeVisibility(of: messages.map(\.receipt), to: .zero)
        try requireEqual(refused.keys.sorted { $0.rawValue < $1.rawValue }, [messages[0].receipt], "refused")
        try requireEqual(try await receive(10).map(\.messageID), [messages[1].messageID], "visible again")
    }

    private func attributesCount() async throws {
        for place in 0..<3 { _ = try await queue.send(body: "\(place)", attributes: [:], delay: .zero) }
        _ = try await receive(1)
        let counts = try await queue.attributes()
        try requireEqual(counts.visibleCount, 2, "visible")
        try requireEqual(counts.inFlightCount, 1, "in flight")
    }

    private func receive(_ limit: Int) async throws -> [QueuedMessage] {
        try await queue.receive(upTo: limit, waitingFor: .zero, visibility: .seconds(60))
    }

    private func one() async throws -> QueuedMessage {
        let messages = try await receive(10)
        guard messages.count == 1, let message = messages.first else {
            throw ConformanceFailure("expected one message, found \(messages.count)")
        }
        return message
    }
}
