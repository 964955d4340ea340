internal import ArgumentParser
internal import Glibc

/// What the process's exit code tells a script.
enum LabExitStatus: Int32, Sendable, Hashable {
    /// Done.
    case ok = 0
    /// Something that the lab was given is invalid; nothing was started.
    case invalidInput = 2
    /// The machine does not let the lab work: a port, the disk.
    case environment = 3
    /// The command line is wrong.
    case usage = 6
}

/// Why a command gives up: one sentence, what to do next, and the exit code.
struct LabFailure: Error, Sendable, Hashable {
    /// The exit code.
    var status: LabExitStatus
    /// What is wrong, in one sentence.
    var message: String
    /// What to do next.
    var nextStep: String?
}

/// The root of the lab's commands.
struct LabRootCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "lab",
        abstract: "Tests of systems on S3 and SQS: a fake cloud with a clock and faults of its own.",
        discussion: """
            lab serve            a fake S3 and SQS, with a page to look at it
            lab validate FILES   check scenario files
            lab list FILES       what scenarios there are
            lab explain NAME     what a code or a word of scenario files means
            lab schema           the JSON Schema of scenario files

            Exit codes: 0 ok, 2 an input is invalid, 3 the environment (a port, the disk), 6 usage.
            """,
        version: "0.1.0",
        subcommands: [
            ServeCommand.self, ValidateCommand.self, ListCommand.self, ExplainCommand.self, SchemaCommand.self,
        ])
}

/// The whole program: reads the command line, runs a command, and says how it went.
package enum LabProgram {
    /// Runs one command line.
    ///
    /// - Parameter arguments: the words behind the program's name.
    /// - Returns: the exit code; nothing is thrown.
    package static func run(_ arguments: [String]) async -> Int32 {
        // A reader that goes away is an error of `write`, not the end of the process.
        signal(SIGPIPE, SIG_IGN)
        do {
            var command = try LabRootCommand.parseAsRoot(arguments)
            if var asynchronous = command as? any AsyncParsableCommand {
                try await asynchronous.run()
            } else {
                try command.run()
            }
            return LabExitStatus.ok.rawValue
        } catch let failure as LabFailure {
            Output.error("error: " + failure.message)
            if let next = failure.nextStep { Output.error("next:  " + next) }
            return failure.status.rawValue
        } catch {
            let text = LabRootCommand.fullMessage(for: error)
            if let code = error as? ExitCode { return code.rawValue }
            guard LabRootCommand.exitCode(for: error) != .success else {
                Output.line(text)
                return LabExitStatus.ok.rawValue
            }
            Output.error(text)
            return LabExitStatus.usage.rawValue
        }
    }
}

/// The process's streams, one line at a time.
enum Output {
    /// Writes a result.
    static func line(_ text: String) { write(text, to: STDOUT_FILENO) }

    /// Writes what is no result.
    static func error(_ text: String) { write(text, to: STDERR_FILENO) }

    /// Whether results go to a terminal that shows colour, and nobody asked for none.
    ///
    /// Source: no-color.org.
    static var usesColor: Bool {
        guard isatty(STDOUT_FILENO) == 1 else { return false }
        let isDumb = getenv("TERM").map { String(cString: $0) == "dumb" } ?? true
        let noColor = getenv("NO_COLOR").map { $0.pointee != 0 } ?? false
        return !isDumb && !noColor
    }

    private static func write(_ text: String, to descriptor: Int32) {
        var bytes = Array((text + "\n").utf8)[...]
        while !bytes.isEmpty {
            let written = bytes.withUnsafeBytes { Glibc.write(descriptor, $0.baseAddress, $0.count) }
            guard written > 0 || errno == EINTR || errno == EAGAIN else { return }
            bytes = bytes.dropFirst(max(written, 0))
        }
    }
}
