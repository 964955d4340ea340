package import ArgumentParser

/// The root of all commands.
package struct HeadraceCommand: AsyncParsableCommand {
    /// Name, help and subcommands.
    package static let configuration = CommandConfiguration(
        commandName: "headrace",
        abstract: "Runs jobs from SQS with handlers that are plugins, and keeps every job's state.",
        discussion: """
            On one machine:
              headrace demo        the main job on bundled data, end to end
              headrace up          an embedded S3 and SQS with a runner
              headrace submit csv-validate customers.csv --wait --output out
            In a fleet:
              headrace run --config headrace.yml

            Exit codes: 0 ok, 1 the job failed, 2 usage, 3 configuration, \
            4 a dependency is unreachable, 130 interrupted, 143 terminated before \
            the drain was done.
            Shell completion: headrace --generate-completion-script bash|zsh|fish
            """,
        version: HeadraceVersion.text,
        groupedSubcommands: [
            CommandGroup(name: "Start here", subcommands: [DemoCommand.self, UpCommand.self, DoctorCommand.self]),
            CommandGroup(name: "Jobs", subcommands: [SubmitCommand.self, JobsCommand.self]),
            CommandGroup(
                name: "Operation",
                subcommands: [RunCommand.self, QueueCommand.self, DatabaseCommand.self, HandlerCommand.self]),
        ])

    /// Makes the command; the parser fills it.
    package init() {}
}

/// The version that `headrace --version` and the start-up banner show.
enum HeadraceVersion {
    static let text = "0.1.0"
}
