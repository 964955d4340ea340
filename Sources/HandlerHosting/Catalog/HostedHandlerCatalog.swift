package import JobCore
package import PureJSON
import Synchronization

/// The handlers of the handlers directories, run in host processes of their own.
///
/// What it holds changes while it is used: a job runs to its end in the version that it started with.
package final class HostedHandlerCatalog: HandlerCatalog {
    private struct Contents {
        var entries: [CatalogEntry]
        var handlers: [String: HostedHandler]
        /// Handlers that were replaced or removed and may still run jobs.
        var retired: [WeakHandler] = []
    }

    private struct WeakHandler: Sendable {
        weak let handler: HostedHandler?
    }

    private let contents: Mutex<Contents>

    init(_ entries: [CatalogEntry]) {
        contents = Mutex(Contents(entries: entries, handlers: Self.byName(entries)))
    }

    /// All handlers, sorted by name.
    package func descriptions() -> [HandlerDescription] {
        handlers.values.map(\.description).sorted { $0.name < $1.name }
    }

    /// One handler; `nil` when the catalogue does not have it.
    package func description(of name: String) -> HandlerDescription? { handlers[name]?.description }

    /// Why a handler whose folder has that name could not be loaded.
    package func loadFault(of name: String) -> String? {
        entries.first { $0.handler == nil && $0.folderName == name }?.faults.first?.description
    }

    /// Checks a job's parameters against the handler's schema.
    package func faultInParams(_ params: JSONValue, for handler: String) -> (pointer: String, reason: String)? {
        guard let known = handlers[handler] else { return ("", "no handler is named \(handler)") }
        return known.manifest.payload?.mismatch(of: params).map { ($0.pointer, $0.reason) }
    }

    /// Runs a handler to its end and reports, whatever happens to it.
    package func run(
        _ invocation: HandlerInvocation, onSignal: @escaping @Sendable (HandlerSignal) -> Void
    ) async -> HandlerReport {
        let handlers = handlers
        guard let handler = handlers[invocation.handler] else {
            let hint = NearestName.sentence(for: invocation.handler, among: handlers.keys.sorted())
            return HandlerReport(
                outcome: .failed(
                    code: "handler-unknown", message: "no handler is named \(invocation.handler)\(hint)"))
        }
        return await handler.run(invocation, onSignal: onSignal)
    }

    /// Stops all host processes and waits until they are reaped.
    package func shutdown() async {
        let all = contents.withLock { Array($0.handlers.values) + $0.retired.compactMap(\.handler) }
        await withTaskGroup(of: Void.self) { group in
            for handler in all { group.addTask { await handler.pool.shutdown() } }
        }
    }

    // MARK: - What is in it

    /// What is known of all folders.
    var entries: [CatalogEntry] { contents.withLock { $0.entries } }

    /// A handler by its name.
    func handler(named name: String) -> HostedHandler? { handlers[name] }

    private var handlers: [String: HostedHandler] { contents.withLock { $0.handlers } }

    /// Puts other entries in the place of those that are there; what is replaced ends with its last job.
    func replace(with entries: [CatalogEntry]) {
        let handlers = Self.byName(entries)
        contents.withLock { contents in
            let gone = contents.handlers.values.filter { old in handlers[old.manifest.name] !== old }
            contents.retired = contents.retired.filter { $0.handler != nil } + gone.map { WeakHandler(handler: $0) }
            contents.entries = entries
            contents.handlers = handlers
        }
    }

    private static func byName(_ entries: [CatalogEntry]) -> [String: HostedHandler] {
        Dictionary(entries.compactMap(\.handler).map { ($0.manifest.name, $0) }) { first, _ in first }
    }
}
