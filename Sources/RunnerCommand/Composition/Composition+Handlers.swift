import HandlerHosting
import JobCore
import Logging

extension Composition {
    /// The executable that hosts handlers.
    var hostExecutable: String {
        LocalFile.absolute(session.configuration.handlers.host ?? Session.executableDirectory + "/headrace-host")
    }

    /// The handlers of the configured folders, and what could not be loaded, as sentences.
    func handlers(
        logger: Logger
    ) async throws(CommandFailure) -> (catalog: HostedHandlerCatalog, faults: [String]) {
        let host = hostExecutable
        guard LocalFile.isExecutable(host) else {
            throw CommandFailure(
                .configuration, "\(host) is missing or may not be executed; handlers run in it",
                next: "Install headrace-host beside headrace, or set handlers.host.")
        }
        let directories = session.configuration.handlers.directories.map(LocalFile.absolute)
        let environment = session.environment
        return await BlockingCall.run {
            let loader = HandlerCatalogLoader(
                hostExecutable: host, runnerVersion: HeadraceVersion.text, environment: environment, logger: logger)
            let (catalog, faults) = loader.load(directories: directories)
            return (catalog, faults.map(\.description))
        }
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
}
