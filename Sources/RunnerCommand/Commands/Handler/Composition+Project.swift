import HandlerHosting
import JobCore
import Logging
import Offloading

extension Composition {
    /// The handler of a project that is under development, and what keeps it from loading, as sentences.
    ///
    /// What the configuration says of the handler (its settings, grants and secrets) holds here as well; its
    /// library's digest and signature are not looked at, for both change with each build.
    ///
    /// - Parameters:
    ///   - folder: the absolute path of the folder with the manifest.
    ///   - state: what the handler keeps from run to run.
    /// - Returns: the catalogue, empty when the handler cannot be loaded, and why.
    /// - Throws: ``CommandFailure`` when there is no host executable.
    func project(
        _ folder: String, state: any HandlerStateStore
    ) async throws(CommandFailure) -> (catalog: HostedHandlerCatalog, faults: [String]) {
        let host = hostExecutable
        guard LocalFile.isExecutable(host) else {
            throw CommandFailure(
                .configuration, "\(host) is missing or may not be executed; handlers run in it",
                next: "Install headrace-host beside headrace, or set handlers.host.")
        }
        var policy = session.configuration.handlers.policy
        policy.allowsDevelopment = true
        policy.signatures = .off
        let hosting = HostingSettings(
            requiresConfinement: session.configuration.handlers.isolation == .required)
        let environment = session.environment
        return await BlockingWork.run { [policy] in
            let loader = HandlerCatalogLoader(
                hostExecutable: host, runnerVersion: HeadraceVersion.text, policy: policy,
                environment: environment, hosting: hosting, state: state, logger: .silent)
            let (catalog, faults) = loader.load(directories: [folder])
            return (catalog, faults.map(\.description))
        }
    }
}
