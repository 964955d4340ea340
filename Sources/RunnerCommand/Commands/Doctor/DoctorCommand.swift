import ArgumentParser
import JobCore

/// `headrace doctor`: what is wrong with a set-up, and what mends it.
struct DoctorCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "doctor", abstract: "Check the set-up; each finding names what mends it.",
        discussion: """
            Looks at configuration, credentials, queues, buckets, database, handlers, host executable and scratch \
            directory without changing anything that matters. Exits 3 for a wrong set-up, 4 when something cannot be \
            reached, else 0.
            """)

    @OptionGroup var global: GlobalOptions

    @Flag(help: "Show every setting, its value and where it came from, and check nothing.")
    var printConfig = false

    func run() async throws {
        let environment = HeadraceProgram.environment
        let console = Console.standard(writesJSON: global.json, environment: environment)
        let session: Session
        do {
            session = try Session.open(global, place: .discovered, environment: environment, console: console)
        } catch {
            guard !printConfig else { throw error }
            [Finding.error("configuration", error)].show(on: console)
            throw Quiet(status: error.status)
        }
        if printConfig { return ConfigurationListing.show(session.configuration, on: console) }
        let findings = await DoctorChecks(session).run()
        findings.show(on: console)
        guard findings.status == .ok else { throw Quiet(status: findings.status) }
    }
}

/// Ends a command with an exit code when all has been said.
struct Quiet: Error {
    let status: ExitStatus
}
