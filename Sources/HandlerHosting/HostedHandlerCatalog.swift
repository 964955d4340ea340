package import JobCore
package import PureJSON

/// The handlers of the handlers directories, run in host processes of their own.
package final class HostedHandlerCatalog: HandlerCatalog {
    private let handlers: [String: HostedHandler]
    /// Folder name to what kept its handler from loading.
    private let broken: [String: String]

    init(handlers: [String: HostedHandler], broken: [String: String] = [:]) {
        self.handlers = handlers
        self.broken = broken
    }

    /// All handlers, sorted by name.
    package func descriptions() -> [HandlerDescription] {
        handlers.values.map(\.description).sorted { $0.name < $1.name }
    }

    /// One handler; `nil` when the catalogue does not have it.
    package func description(of name: String) -> HandlerDescription? { handlers[name]?.description }

    /// Why a handler whose folder has that name could not be loaded.
    package func loadFault(of name: String) -> String? { broken[name] }

    /// Checks a job's parameters against the handler's schema.
    package func faultInParams(_ params: JSONValue, for handler: String) -> (pointer: String, reason: String)? {
        guard let known = handlers[handler] else { return ("", "no handler is named \(handler)") }
        return known.manifest.payload?.mismatch(of: params).map { ($0.pointer, $0.reason) }
    }

    /// Runs a handler to its end and reports, whatever happens to it.
    package func run(
        _ invocation: HandlerInvocation, onSignal: @escaping @Sendable (HandlerSignal) -> Void
    ) async -> HandlerReport {
        guard let handler = handlers[invocation.handler] else {
            let names = handlers.keys.sorted()
            let hint = NearestName.sentence(for: invocation.handler, among: names)
            return HandlerReport(
                outcome: .failed(
                    code: "handler-unknown", message: "no handler is named \(invocation.handler)\(hint)"))
        }
        return await handler.pool.run(invocation, onSignal: onSignal)
    }

    /// Stops all host processes and waits until they are reaped.
    package func shutdown() async {
        await withTaskGroup(of: Void.self) { group in
            for handler in handlers.values { group.addTask { await handler.pool.shutdown() } }
        }
    }

    /// The settings of a handler's manifest that this version understands and does not enforce.
    package func settingsNotEnforced(of handler: String) -> [String] { handlers[handler]?.manifest.notEnforced ?? [] }

    /// The folder of a handler's manifest.
    package func folder(of handler: String) -> String? { handlers[handler]?.folder }

    /// The examples of a handler's manifest: their names, parameters, inputs as absolute paths, and expectations.
    package func examples(of handler: String) -> [HandlerExample] {
        guard let known = handlers[handler] else { return [] }
        return known.manifest.examples.map { example in
            HandlerExample(
                name: example.name, params: example.payload,
                inputs: example.inputs.mapValues { known.folder + "/" + $0 }, expectation: example.expect)
        }
    }
}

/// A job that shows what a handler does, from its manifest.
package struct HandlerExample: Sendable, Hashable {
    /// The example's name.
    package var name: String
    /// The job's parameters.
    package var params: JSONValue
    /// Input name to an absolute path.
    package var inputs: [String: String]
    /// `status`, `code`, `result` and `outputs` as the manifest has them; `nil` where it expects nothing.
    package var expectation: JSONValue?
}

/// One handler of the catalogue.
final class HostedHandler: Sendable {
    let folder: String
    let manifest: HandlerManifest
    let pool: HostPool

    init(folder: String, manifest: HandlerManifest, pool: HostPool) {
        self.folder = folder
        self.manifest = manifest
        self.pool = pool
    }

    var description: HandlerDescription {
        HandlerDescription(
            name: manifest.name, version: manifest.version,
            title: manifest.title.isEmpty ? manifest.description : manifest.title,
            requiredInputs: manifest.inputs.filter(\.isRequired).map(\.name),
            optionalInputs: manifest.inputs.filter { !$0.isRequired }.map(\.name),
            outputs: manifest.outputs.map(\.name), timeout: manifest.timeout, retry: manifest.retry)
    }
}
