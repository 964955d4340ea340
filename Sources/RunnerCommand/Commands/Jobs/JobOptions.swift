import ArgumentParser
import JobCore

/// The job that a command is about.
struct JobArgument: ParsableArguments {
    @Argument(help: ArgumentHelp("The job's id: 1 to 128 of A-Z a-z 0-9 . _ : -", valueName: "job-id"))
    var name: JobName

    var id: JobID { name.id }
}

/// A job's id as people type it.
struct JobName: ExpressibleByArgument, Hashable {
    let id: JobID

    init?(argument: String) {
        guard let id = JobID(argument) else { return nil }
        self.id = id
    }
}

/// How long a command follows a job.
struct PatienceOption: ParsableArguments {
    @Option(help: ArgumentHelp("Give up after this time, such as 90s or 2h.", valueName: "time"))
    var timeout = DurationText(duration: .seconds(3_600))
}

/// A duration as it is written in the configuration: `90s`, `5m`, `1h30m`.
struct DurationText: ExpressibleByArgument, CustomStringConvertible {
    let duration: Duration

    init(duration: Duration) { self.duration = duration }

    init?(argument: String) {
        guard let duration = ConfigurationText.duration(argument), duration > .zero else { return nil }
        self.duration = duration
    }

    var description: String { ConfigurationText.text(duration) }
    var defaultValueDescription: String { description }
}

/// A job's state as people type it: in upper or lower case.
struct StateName: ExpressibleByArgument, Hashable {
    let state: JobState

    init?(argument: String) {
        guard let state = JobState(rawValue: argument.uppercased()) else { return nil }
        self.state = state
    }

    static var allValueStrings: [String] { JobState.allCases.map { $0.rawValue.lowercased() } }
}
