package import JobCore
package import PureJSON
import Synchronization

/// Handlers that do what a test says.
package final class ScriptedHandlerCatalog: HandlerCatalog {
    /// What a scripted handler does with a run.
    package typealias Script =
        @Sendable (HandlerInvocation, @escaping @Sendable (HandlerSignal) -> Void) async -> HandlerReport

    private let known: [HandlerDescription]
    private let script: Script
    private let started = Mutex<[HandlerInvocation]>([])

    /// Handlers that all follow one script.
    package init(_ known: [HandlerDescription], script: @escaping Script) {
        self.known = known.sorted { $0.name < $1.name }
        self.script = script
    }

    /// The runs so far, in the order in which they started.
    package var invocations: [HandlerInvocation] { started.withLock { $0 } }

    package func descriptions() -> [HandlerDescription] { known }

    package func description(of name: String) -> HandlerDescription? { known.first { $0.name == name } }

    package func loadFault(of name: String) -> String? { name == "broken" ? "it is broken" : nil }

    package func faultInParams(_ params: JSONValue, for handler: String) -> (pointer: String, reason: String)? {
        guard let bad = params["bad"] else { return nil }
        return ("/bad", "expected no \"bad\", found \(bad.serialized())")
    }

    package func run(
        _ invocation: HandlerInvocation, onSignal: @escaping @Sendable (HandlerSignal) -> Void
    ) async -> HandlerReport {
        started.withLock { $0.append(invocation) }
        return await script(invocation, onSignal)
    }

    package func shutdown() async {}
}
