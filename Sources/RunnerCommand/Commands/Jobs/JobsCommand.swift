import ArgumentParser
import JobCore

/// `headrace jobs`: what became of jobs.
struct JobsCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "jobs", abstract: "List, show, watch and cancel jobs, and fetch their results.",
        subcommands: [List.self, Show.self, Watch.self, Result.self, Cancel.self])

    /// `headrace jobs list`.
    struct List: AsyncParsableCommand {
        static let configuration = CommandConfiguration(abstract: "List jobs, newest first.")

        @OptionGroup var global: GlobalOptions

        @Option(help: ArgumentHelp("Only jobs in this state; may be given more than once.", valueName: "state"))
        var state: [StateName] = []

        @Option(help: ArgumentHelp("Only jobs of this handler.", valueName: "name"))
        var handler: String?

        @Option(help: ArgumentHelp("Only jobs of this tenant.", valueName: "name"))
        var tenant: TenantName?

        @Option(help: ArgumentHelp("At most so many, 1 to 10000.", valueName: "n"))
        var limit = 50

        func validate() throws {
            guard (1...10_000).contains(limit) else { throw ValidationError("--limit must be 1 to 10000") }
        }

        func run() async throws {
            let filter = JobFilter(
                states: Set(state.map(\.state)), handler: handler, tenant: tenant?.tenant, limit: limit)
            try await global.jobs().desk.list(filter)
        }
    }

    /// `headrace jobs show`.
    struct Show: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Show one job: facts, outputs, attempts and audit trail.")

        @OptionGroup var global: GlobalOptions
        @OptionGroup var job: JobArgument

        func run() async throws { try await global.jobs().desk.show(job.id) }
    }

    /// `headrace jobs watch`.
    struct Watch: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Follow a job until it is over; exits 1 when it failed.")

        @OptionGroup var global: GlobalOptions
        @OptionGroup var job: JobArgument
        @OptionGroup var patience: PatienceOption

        func run() async throws {
            try await global.jobs().desk.watch(job.id, patience: patience.timeout.duration)
        }
    }

    /// `headrace jobs result`.
    struct Result: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Show a completed job's result and download its outputs.")

        @OptionGroup var global: GlobalOptions
        @OptionGroup var job: JobArgument

        @Option(
            name: .shortAndLong, help: ArgumentHelp("Download the outputs into this directory.", valueName: "dir"),
            completion: .directory)
        var output: String?

        func run() async throws {
            let (desk, session) = try await global.jobs()
            var download: ResultDownload?
            if output != nil {
                let objects = try await Composition(session).objects()
                download = ResultDownload(objects: objects, console: session.console, clock: session.clock)
            }
            try await desk.result(job.id, download: download, directory: output)
        }
    }

    /// `headrace jobs cancel`.
    struct Cancel: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Cancel a job that is not over.",
            discussion: "A job that has not started is CANCELLED at once; a running one is stopped by its runner.")

        @OptionGroup var global: GlobalOptions
        @OptionGroup var job: JobArgument

        func run() async throws {
            let (desk, session) = try await global.jobs()
            try await desk.cancel(job.id, by: session.actor)
        }
    }
}
