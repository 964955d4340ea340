package import JobCore
internal import LabProtocol
package import PureJSON

/// The handlers in the lab's world: time stands still while one computes, and its start, progress and end are events.
package struct LabHandlerCatalog: HandlerCatalog {
    private let base: any HandlerCatalog
    private let world: LabWorld

    /// Wraps a catalogue.
    package init(_ base: any HandlerCatalog, in world: LabWorld) {
        self.base = base
        self.world = world
    }

    package func descriptions() -> [HandlerDescription] { base.descriptions() }

    package func description(of name: String) -> HandlerDescription? { base.description(of: name) }

    package func loadFault(of name: String) -> String? { base.loadFault(of: name) }

    package func faultInParams(_ params: JSONValue, for handler: String) -> (pointer: String, reason: String)? {
        base.faultInParams(params, for: handler)
    }

    package func run(
        _ invocation: HandlerInvocation, onSignal: @escaping @Sendable (HandlerSignal) -> Void
    ) async -> HandlerReport {
        let job = invocation.jobID.rawValue
        let facts: JSONObject = [
            "handler": .string(invocation.handler), "epoch": .integer(invocation.epoch),
            "attempt": .integer(Int64(invocation.attempt)),
        ]
        await world.hold(WorldEvent("handler.started", subject: job, data: facts))
        await world.beginWork()
        let report = await base.run(invocation) { [world] signal in
            if case .progress(let fraction, let note) = signal {
                let data: JSONObject = ["fraction": .number(fraction), "note": .string(note)]
                world.note(WorldEvent("handler.progress", subject: job, data: data))
            }
            onSignal(signal)
        }
        world.endWork()
        var data = facts
        data["outcome"] = .string(report.outcome.word)
        let type = if case .completed = report.outcome { "handler.finished" } else { "handler.failed" }
        await world.hold(WorldEvent(type, subject: job, data: data))
        return report
    }

    package func shutdown() async {
        await world.beginWork()
        await base.shutdown()
        world.endWork()
    }
}

extension HandlerOutcome {
    /// The outcome's name in the history.
    fileprivate var word: String {
        switch self {
        case .completed: "completed"
        case .invalidInput: "invalid-input"
        case .retry: "retry"
        case .failed: "failed"
        case .cancelled: "cancelled"
        case .resourceExhausted: "resource-exhausted"
        case .crashed: "crashed"
        case .timedOut: "timed-out"
        }
    }
}
