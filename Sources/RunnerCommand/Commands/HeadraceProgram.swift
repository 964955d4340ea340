import ArgumentParser
import Glibc
import HandlerHosting

/// The whole program: reads the command line, runs a command, and says how it went.
package enum HeadraceProgram {
    /// Runs one command line.
    ///
    /// - Parameter arguments: the words behind the program's name.
    /// - Returns: the exit code; nothing is thrown.
    package static func run(_ arguments: [String]) async -> Int32 {
        // A reader that goes away is an error of `write`, not the end of the process.
        signal(SIGPIPE, SIG_IGN)
        let environment = Self.environment
        let console = Console.standard(writesJSON: false, environment: environment)
        let refused = RunnerSecrecy.begin()
        if refused != 0 {
            console.err.line("warning: other processes of this user may read this one's memory (errno \(refused))")
        }
        var command: any ParsableCommand
        do {
            command = try HeadraceCommand.parseAsRoot(arguments)
        } catch {
            if let failure = UnknownCommand.failure(in: arguments) {
                console.report(failure)
                return failure.status.rawValue
            }
            return Self.report(error, on: console)
        }
        do {
            if var asynchronous = command as? any AsyncParsableCommand {
                try await asynchronous.run()
            } else {
                try command.run()
            }
            return ExitStatus.ok.rawValue
        } catch let failure as CommandFailure {
            console.report(failure)
            return failure.status.rawValue
        } catch let quiet as Quiet {
            return quiet.status.rawValue
        } catch is CancellationError {
            console.report(CommandFailure(.interrupted, "interrupted"))
            return ExitStatus.interrupted.rawValue
        } catch {
            return Self.report(error, on: console)
        }
    }

    /// The process's variables as they were when it started; keys of AWS are nowhere else in it from then on.
    static let environment: [String: String] = {
        var variables: [String: String] = [:]
        var entry = environ
        while let text = entry.pointee {
            let pair = String(cString: text)
            if let equals = pair.firstIndex(of: "=") {
                variables[String(pair[..<equals])] = String(pair[pair.index(after: equals)...])
            }
            entry += 1
        }
        return variables
    }()

    private static func report(_ error: any Error, on console: Console) -> Int32 {
        let text = HeadraceCommand.fullMessage(for: error)
        guard HeadraceCommand.exitCode(for: error) != .success else {
            console.out.line(text)
            return ExitStatus.ok.rawValue
        }
        if !text.isEmpty { console.err.line(text) }
        return ExitStatus.usage.rawValue
    }
}
