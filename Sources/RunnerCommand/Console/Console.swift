import Glibc
import PureJSON

/// Where a command's words go: results to standard output, everything else to standard error.
struct Console: Sendable {
    /// Results: tables, JSON.
    let out: ConsoleStream
    /// Progress, notes, warnings and errors.
    let err: ConsoleStream
    /// Whether results are written as JSON for a program.
    let writesJSON: Bool

    /// Makes a console of two streams.
    init(out: ConsoleStream, err: ConsoleStream, writesJSON: Bool) {
        self.out = out
        self.err = err
        self.writesJSON = writesJSON
    }

    /// The process's own streams.
    static func standard(writesJSON: Bool, environment: [String: String]) -> Console {
        Console(
            out: ConsoleStream(
                descriptor: STDOUT_FILENO,
                terminal: writesJSON ? .plain : .detect(descriptor: STDOUT_FILENO, environment: environment)),
            err: ConsoleStream(
                descriptor: STDERR_FILENO, terminal: .detect(descriptor: STDERR_FILENO, environment: environment)),
            writesJSON: writesJSON)
    }

    /// Writes a result as indented JSON.
    func json(_ value: JSONValue) { out.line(value.serialized(.pretty)) }

    /// Writes a result as one line of JSON, for streams of results.
    func jsonLine(_ value: JSONValue) { out.line(value.serialized(.compact)) }

    /// Writes a table to standard output.
    func table(_ table: TextTable, indent: Int = 0) {
        for line in table.lines(on: out.terminal, indent: indent) { out.line(line) }
    }

    /// Writes a heading with an empty line above.
    func heading(_ text: String) {
        out.line()
        out.line(out.styled(text, .bold))
    }

    /// Writes a note to standard error.
    func note(_ text: String) { err.line(text) }

    /// Writes a warning to standard error.
    func warning(_ text: String) { err.line(err.styled("warning:", .yellow) + " " + text) }
}
