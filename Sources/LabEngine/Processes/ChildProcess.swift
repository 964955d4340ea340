internal import CLabProcess
internal import Glibc

/// A program that the lab has started: in a process group of its own, with its words in a file.
struct ChildProcess: Sendable {
    /// How a process ended.
    enum Ending: Sendable, Hashable, CustomStringConvertible {
        case exited(Int32)
        case killed(signal: Int32)

        var description: String {
            switch self {
            case .exited(let code): "exit \(code)"
            case .killed(let signal): "signal \(signal)"
            }
        }
    }

    /// Its identifier, and that of its group.
    let id: pid_t

    /// Starts a program.
    ///
    /// - Parameters:
    ///   - arguments: the path of the executable, then its arguments.
    ///   - environment: all of its variables.
    ///   - logPath: the file that standard output and standard error are appended to.
    ///   - onEnd: told once how it ended, on a thread of its own.
    /// - Returns: the process.
    /// - Throws: `LabFailure` when it cannot be started.
    static func start(
        _ arguments: [String], environment: [String: String], logPath: String,
        onEnd: @escaping @Sendable (Ending) -> Void
    ) throws(LabFailure) -> ChildProcess {
        let variables = environment.sorted { $0.key < $1.key }.map { "\($0.key)=\($0.value)" }
        let id = withCStrings(arguments) { arguments in
            withCStrings(variables) { variables in lab_spawn(arguments, variables, logPath) }
        }
        guard id > 0 else {
            throw LabFailure("\(arguments[0]) cannot be started (errno \(-id))")
        }
        let child = ChildProcess(id: id)
        let thread = LabThread.start { onEnd(child.reap()) }
        guard thread == 0 else {
            child.send(SIGKILL)
            _ = child.reap()
            throw LabFailure("no thread to wait for \(arguments[0]) (errno \(thread))")
        }
        return child
    }

    /// Sends a signal to the process and to those that it has started.
    func send(_ signal: Int32) { kill(signal == SIGKILL ? -id : id, signal) }

    /// Waits for the end.
    private func reap() -> Ending {
        var status: Int32 = 0
        while waitpid(id, &status, 0) < 0 {
            guard errno == EINTR else { return .exited(-1) }
        }
        let signal = status & 0x7F
        return signal == 0 ? .exited((status >> 8) & 0xFF) : .killed(signal: signal)
    }

    private static func withCStrings<Result>(
        _ texts: [String], _ body: ([UnsafeMutablePointer<CChar>?]) -> Result
    ) -> Result {
        let copies = texts.map { strdup($0) }
        defer { for copy in copies { free(copy) } }
        return body(copies + [nil])
    }
}
