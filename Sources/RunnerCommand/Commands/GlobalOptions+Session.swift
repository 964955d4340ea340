import JobCore

extension GlobalOptions {
    /// Opens the session of a command.
    func session(
        _ place: Session.Place = .discovered, overrides: [ConfigurationOverride] = []
    ) throws(CommandFailure) -> Session {
        let environment = HeadraceProgram.environment
        let console = Console.standard(writesJSON: json, environment: environment)
        let session = try Session.open(
            self, place: place, overrides: overrides, environment: environment, console: console)
        for warning in session.configuration.warnings { console.warning(warning) }
        return session
    }

    /// Opens the job database of a command.
    func jobs() async throws(CommandFailure) -> (desk: JobsDesk, session: Session) {
        let session = try session()
        let store = try await Composition(session).existingStore()
        return (JobsDesk(store: store, console: session.console, clock: session.clock), session)
    }
}
