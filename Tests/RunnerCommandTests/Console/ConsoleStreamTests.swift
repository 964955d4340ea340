import Glibc
import JobCore
import JobTestKit
import Testing

@testable import RunnerCommand

@Suite("Console stream")
struct ConsoleStreamTests {
    private let interactive = Terminal(isInteractive: true, usesColor: false, width: 60)

    @Test("A line takes the place of a redrawn one")
    func lineReplacesTransient() {
        let stream = ConsoleStream(capturingFor: interactive)
        stream.transient("50 %")
        stream.line("done")
        #expect(stream.captured == "\r\u{1B}[K50 %\r\u{1B}[Kdone\n")
    }

    @Test("Nothing is redrawn where nobody watches")
    func plainIsQuiet() {
        let stream = ConsoleStream(capturingFor: .plain)
        let bar = ProgressBar("upload", on: stream, clock: ManualClock())
        bar.show(doneBytes: 1, totalBytes: 2)
        bar.finish()
        #expect(stream.captured.isEmpty)
    }

    @Test("A bar is redrawn at most every 80 ms")
    func barIsPaced() {
        let clock = ManualClock()
        let stream = ConsoleStream(capturingFor: interactive)
        let bar = ProgressBar("up", on: stream, clock: clock)
        for share in [0.1, 0.2, 0.3] { bar.show(share: share, note: "") }
        clock.advance(by: .milliseconds(80))
        bar.show(share: 0.5, note: "half")
        #expect(stream.captured.split(separator: "\r").count == 2)
        #expect(stream.captured.hasSuffix("████████████░░░░░░░░░░░░   50 %  half"))
    }

    @Test("A bar stays between nothing and all", arguments: [(-1.0, "0 %"), (2.0, "100 %"), (.nan, "0 %")])
    func barIsBounded(share: Double, percent: String) {
        #expect(ProgressBar.line(label: "x", share: share, note: "").contains(percent))
    }

    @Test("A reader that has gone away silences the stream")
    func brokenPipe() {
        signal(SIGPIPE, SIG_IGN)
        var ends: [Int32] = [0, 0]
        #expect(pipe(&ends) == 0)
        close(ends[0])
        let stream = ConsoleStream(descriptor: ends[1], terminal: .plain)
        stream.line("into the void")
        stream.line("again")
        close(ends[1])
        #expect(stream.captured.isEmpty)
    }
}

@Suite("Terminal")
struct TerminalTests {
    @Test("A file or pipe gets neither colour nor redrawing, and a width only from COLUMNS")
    func pipe() {
        var ends: [Int32] = [0, 0]
        #expect(Glibc.pipe(&ends) == 0)
        defer { for end in ends { close(end) } }
        #expect(Terminal.detect(descriptor: ends[1], environment: [:]) == .plain)
        #expect(Terminal.detect(descriptor: ends[1], environment: ["COLUMNS": "100"]).width == 100)
    }

    @Test(
        "On a terminal NO_COLOR and TERM=dumb are respected",
        arguments: [
            ([:], true, true), (["NO_COLOR": "1"], true, false), (["NO_COLOR": ""], true, true),
            (["TERM": "dumb"], false, false),
        ])
    func color(environment: [String: String], isInteractive: Bool, usesColor: Bool) throws {
        let descriptor = open("/dev/ptmx", O_RDWR | O_NOCTTY)
        try #require(descriptor >= 0)
        defer { close(descriptor) }
        let terminal = Terminal.detect(descriptor: descriptor, environment: environment)
        #expect(terminal.isInteractive == isInteractive)
        #expect(terminal.usesColor == usesColor)
    }
}
