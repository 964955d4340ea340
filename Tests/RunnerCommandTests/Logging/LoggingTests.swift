import Glibc
import JobCore
import Logging
import PureJSON
import Synchronization
import Testing

@testable import RunnerCommand

@Suite("Logging")
struct LoggingTests {
    @Test("A JSON line is one object on one line, its metadata sorted and typed")
    func jsonLine() throws {
        let pipe = try Pipe()
        var logger = pipe.logger(.json)
        logger[metadataKey: "runner"] = "r-1"
        logger.info(
            "job_processing_started", metadata: ["rows": "\(7)", "job_id": "a\nb", "size": .stringConvertible(9)])
        #expect(
            pipe.text()
                == #"{"timestamp":"1970-01-01T00:00:01.500Z","level":"info","event":"job_processing_started","#
                + #""job_id":"a\nb","rows":"7","runner":"r-1","size":9}"# + "\n")
    }

    @Test("Metadata cannot replace a line's own members")
    func reservedNames() throws {
        let pipe = try Pipe()
        pipe.logger(.json).warning("e", metadata: ["level": "fake", "event": "fake", "timestamp": "fake"])
        let line = try JSONValue(parsing: pipe.text().filter { $0 != "\n" })
        #expect(line["level"] == "warning")
        #expect(line["event"] == "e")
        #expect(line["field_level"] == "fake")
    }

    @Test("Nested metadata stays nested")
    func nestedMetadata() throws {
        let pipe = try Pipe()
        let nested: Logger.MetadataValue = ["b": ["x", "y"], "a": .stringConvertible(true)]
        pipe.logger(.json).info("e", metadata: ["m": nested])
        #expect(pipe.text().contains(#""m":{"a":true,"b":["x","y"]}"#))
    }

    @Test("A pretty line is aligned, quotes what has blanks, and escapes what could steer a terminal")
    func prettyLine() throws {
        let pipe = try Pipe()
        pipe.logger(.pretty).error("worker_loop_error", metadata: ["why": "no route", "x": "\u{1B}[2J", "a": "1"])
        #expect(
            pipe.text()
                == "00:00:01.500 ERROR    worker_loop_error          a=1 why=\"no route\" x=\\u{1b}[2J\n")
    }

    @Test(
        "The layout follows the format, the terminal, NO_COLOR and TERM",
        arguments: [
            (HeadraceConfiguration.LogFormat.auto, true, [:], LogLayout.pretty(isColoured: true)),
            (.auto, true, ["NO_COLOR": "1"], .pretty(isColoured: false)),
            (.auto, true, ["TERM": "dumb"], .pretty(isColoured: false)),
            (.auto, false, [:], .json),
            (.pretty, false, [:], .pretty(isColoured: false)),
            (.json, true, [:], .json),
        ])
    func layouts(
        format: HeadraceConfiguration.LogFormat, isTerminal: Bool, environment: [String: String], expected: LogLayout
    ) {
        #expect(LogBootstrap.layout(format, environment: environment, isTerminal: isTerminal) == expected)
    }

    @Test("Colours wrap the time, the level and the names only")
    func colours() {
        let line = LogLayout.pretty(isColoured: true).line(
            at: Timestamp(seconds: 0), level: .warning, event: "e", fields: LogFields(["k": "v"]))
        #expect(line.contains("\u{1B}[33mWARNING \u{1B}[0m"))
        #expect(line.hasSuffix("\u{1B}[2mk=\u{1B}[0mv"))
    }

    @Test("Levels below the configured one are not written")
    func levels() throws {
        let pipe = try Pipe()
        var logger = pipe.logger(.json)
        logger.logLevel = .notice
        logger.info("quiet")
        logger.notice("loud")
        #expect(pipe.text().contains("loud"))
        #expect(!pipe.text().contains("quiet"))
    }

    @Test("A closed pipe ends the log and nothing else")
    func closedPipe() throws {
        signal(SIGPIPE, SIG_IGN)
        let pipe = try Pipe()
        let logger = pipe.logger(.json)
        pipe.closeReader()
        logger.info("one")
        logger.info("two")
        #expect(pipe.output.droppedLines == 1)
    }

    @Test("A reader that does not read costs lines, and is told how many when it reads again")
    func stuckReader() throws {
        let pipe = try Pipe(patienceMilliseconds: 1)
        let logger = pipe.logger(.json)
        let filler = String(repeating: "x", count: 4_000)
        var written = 0
        while pipe.output.droppedLines == 0, written < 1_000 {
            logger.info("filler", metadata: ["x": "\(filler)"])
            written += 1
        }
        logger.info("also lost")
        let before = pipe.text()
        #expect(!before.contains("also lost"))
        logger.info("after")
        let lines = pipe.text().split(separator: "\n")
        #expect(lines.last?.contains(#""event":"after""#) == true)
        #expect(lines.contains { $0.contains(#""event":"log_lines_dropped","lines":2"#) })
    }

    @Test("Lines from many threads never mix")
    func wholeLines() async throws {
        let pipe = try Pipe()
        let logger = pipe.logger(.json)
        await withTaskGroup(of: Void.self) { group in
            for number in 0..<8 {
                group.addTask { for _ in 0..<20 { logger.info("e", metadata: ["n": "\(number)"]) } }
            }
        }
        let lines = pipe.text().split(separator: "\n")
        #expect(lines.count == 160)
        #expect(lines.allSatisfy { (try? JSONValue(parsing: String($0))) != nil })
    }
}

/// A pipe with a log at one end and the test at the other.
private final class Pipe: Sendable {
    let output: LogOutput
    private let reader: Int32
    private let writer: Int32
    private let isReaderOpen = Mutex(true)
    private let collected = Mutex<[UInt8]>([])

    struct Failure: Error { let code: Int32 }

    init(patienceMilliseconds: Int32 = 1_000) throws {
        var ends: [Int32] = [0, 0]
        guard pipe(&ends) == 0 else { throw Failure(code: errno) }
        for end in ends { _ = fcntl(end, F_SETFL, O_NONBLOCK) }
        (reader, writer) = (ends[0], ends[1])
        output = LogOutput(descriptor: writer, patienceMilliseconds: patienceMilliseconds)
    }

    deinit {
        closeReader()
        close(writer)
    }

    func closeReader() {
        let wasOpen = isReaderOpen.withLock { open in
            defer { open = false }
            return open
        }
        if wasOpen { close(reader) }
    }

    func logger(_ format: HeadraceConfiguration.LogFormat) -> Logger {
        var log = HeadraceConfiguration.Log()
        log.format = format
        let make = LogBootstrap.factory(
            log, clock: FixedClock(), environment: [:], isTerminal: false, output: output)
        return Logger(label: "test") { _ in make(nil) }
    }

    /// Everything that has been written so far.
    func text() -> String {
        var buffer = [UInt8](repeating: 0, count: 65_536)
        while true {
            let count = read(reader, &buffer, buffer.count)
            guard count > 0 else { break }
            collected.withLock { $0 += buffer[..<count] }
        }
        return collected.withLock { String(decoding: $0, as: UTF8.self) }
    }
}

private struct FixedClock: RunnerClock {
    func now() -> Timestamp { Timestamp(milliseconds: 1_500) }
    func uptime() -> Duration { .zero }
    func sleep(for duration: Duration) async throws(CancellationError) {}
}
