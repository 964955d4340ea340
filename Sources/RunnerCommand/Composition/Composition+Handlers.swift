import HandlerHosting
import JobCore
import Logging
import Offloading

extension Composition {
    /// The executable that hosts handlers.
    var hostExecutable: String {
        LocalFile.absolute(session.configuration.handlers.host ?? Session.executableDirectory + "/headrace-host")
    }

    /// The folders in which handlers are looked for, as absolute paths.
    var handlerDirectories: [String] { session.configuration.handlers.directories.map(LocalFile.absolute) }

    /// How host processes are run; makes the scratch directory when it is not there.
    func hosting() throws(CommandFailure) -> HostingSettings {
        let scratch = LocalFile.absolute(session.configuration.scratch.directory)
        try LocalFile.makeDirectory(scratch, mode: 0o700)
        return HostingSettings(
            scratchDirectory: scratch, requiresConfinement: session.configuration.handlers.isolation == .required)
    }

    /// What loads handlers.
    ///
    /// The state is where handlers keep checkpoints and values; for as long as this process lives when not given.
    func handlerLoader(
        state: any HandlerStateStore = TransientHandlerState(), logger: Logger
    ) throws(CommandFailure) -> HandlerCatalogLoader {
        let host = hostExecutable
        guard LocalFile.isExecutable(host) else {
            throw CommandFailure(
                .configuration, "\(host) is missing or may not be executed; handlers run in it",
                next: "Install headrace-host beside headrace, or set handlers.host.")
        }
        return HandlerCatalogLoader(
            hostExecutable: host, runnerVersion: HeadraceVersion.text, policy: session.configuration.handlers.policy,
            environment: session.environment, hosting: try hosting(), state: state, logger: logger)
    }

    /// The handlers of the configured folders, and what could not be loaded, as sentences.
    func handlers(
        state: any HandlerStateStore = TransientHandlerState(), logger: Logger
    ) async throws(CommandFailure) -> (catalog: HostedHandlerCatalog, faults: [String]) {
        let loader = try handlerLoader(state: state, logger: logger)
        let directories = handlerDirectories
        return await BlockingWork.run {
            let (catalog, faults) = loader.load(directories: directories)
            return (catalog, faults.map(\.description))
        }
    }

    /// What keeps a catalogue up to date while the runner runs; `nil` when the configuration does not want that.
    func handlersRefresh(
        of catalog: HostedHandlerCatalog, state: any HandlerStateStore, logger: Logger
    ) throws(CommandFailure) -> HandlersRefresh? {
        // In the lab's world nothing happens that the lab did not ask for.
        guard session.configuration.handlers.watch, session.world == nil else { return nil }
        let reloader = HandlerReloader(
            loader: try handlerLoader(state: state, logger: logger), catalog: catalog, directories: handlerDirectories)
        let watch = HandlersWatch(
            directories: handlerDirectories, interval: session.configuration.handlers.rescan, clock: session.clock)
        return HandlersRefresh(reloader: reloader, watch: watch)
    }

    /// The handlers when there are any on this machine; `nil` where jobs are only submitted.
    func installedHandlers() async throws(CommandFailure) -> HostedHandlerCatalog? {
        let directories = session.configuration.handlers.directories
        guard LocalFile.isExecutable(hostExecutable), directories.contains(where: LocalFile.isDirectory) else {
            return nil
        }
        let (catalog, _) = try await handlers(logger: .silent)
        return catalog.descriptions().isEmpty ? nil : catalog
    }

    /// The layers of confinement that handlers have on this machine, as a host process finds them.
    ///
    /// - Throws: the first missing layer where the configuration requires all.
    func isolation() async throws(CommandFailure) -> [IsolationLayer] {
        let host = hostExecutable
        let found: Result<[IsolationLayer], HandlerHostingError> = await BlockingWork.run {
            Result { () throws(HandlerHostingError) in try IsolationProbe.layers(hostExecutable: host) }
        }
        switch found {
        case .failure(let error): throw CommandFailure(.configuration, error.description)
        case .success(let layers):
            if session.configuration.handlers.isolation == .required, let missing = layers.first(where: { !$0.isOn }) {
                throw CommandFailure(
                    .configuration, "handlers would run without \(missing.name): \(missing.why)",
                    next: "Mend that, or set handlers.isolation to best-effort.")
            }
            return layers
        }
    }
}
