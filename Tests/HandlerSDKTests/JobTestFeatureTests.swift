import HandlerSDK
import Testing

/// Sums the numbers of an input line by line, with a checkpoint after each.
private struct Summing: JobHandler {
    struct Payload: Decodable {}

    struct Progress: Codable, Equatable {
        var lines = 0
        var sum = 0
    }

    static let name = "summing"
    static let version = "1.0.0"

    init(config: JSONValue) throws(HandlerError) {}

    func run(_ payload: Payload, _ job: Job) async throws -> [String: Int] {
        var progress = try job.checkpoint.load(Progress.self) ?? Progress()
        var lines = try job.input("numbers").lines().makeAsyncIterator()
        while let line = try await lines.next() {
            guard lines.lineNumber > progress.lines else { continue }
            guard let number = Int(line) else {
                throw HandlerError.invalidInput(
                    code: "not-a-number", message: "expected a number", row: lines.lineNumber,
                    column: "numbers")
            }
            progress = Progress(lines: lines.lineNumber, sum: progress.sum + number)
            try job.checkpoint.save(progress)
            job.metrics.count("numbers_read", ["sign": number < 0 ? "minus" : "plus"])
            try job.checkCancelled()
        }
        try job.store.setValue(progress, for: "last")
        try job.output("sum.txt").write("\(progress.sum)\n")
        return ["sum": progress.sum, "attempt": job.attempt]
    }
}

@Suite("What a handler can do in a unit test")
struct JobTestFeatureTests {
    private let numbers = ["numbers": "1\n2\r\n-3\n40"]

    @Test("One line runs a handler from texts")
    func oneLine() async {
        let report = await JobTest.run(Summing.self, inputs: numbers)
        #expect(report.result == ["attempt": 1, "sum": 40])
        #expect(report.text("sum.txt") == "40\n")
        #expect(
            report.metrics.map(\.labels) == [
                ["sign": "plus"], ["sign": "plus"], ["sign": "minus"], ["sign": "plus"],
            ])
        #expect(
            report.metrics.first == JobTest.Metric(.counter, "numbers_read", 1, labels: ["sign": "plus"]))
    }

    @Test(
        "Cut off after any checkpoint, the next attempt ends as an uninterrupted run", arguments: 1...4)
    func resumes(_ cut: Int) async {
        let whole = await JobTest.run(Summing.self, inputs: numbers)
        let first = await JobTest.run(Summing.self, inputs: numbers) {
            $0.cancellation = .checkpoints(cut)
        }
        #expect(first.error == .cancelled)
        #expect(first.keptOutputs.isEmpty)
        let second = await JobTest.run(Summing.self, inputs: numbers) { $0 = .init(after: first, $0) }
        #expect(second.keptOutputs == whole.keptOutputs)
        #expect(second.result == ["attempt": 2, "sum": 40])
        #expect(second.metrics.count == 4 - cut)
    }

    @Test("Stored values outlive the run")
    func values() async {
        let report = await JobTest.run(Summing.self, inputs: numbers)
        #expect(report.values["last"] == Array(#"{"lines":4,"sum":40}"#.utf8))
    }

    @Test("A fault in a line names the line and the column")
    func fault() async {
        let report = await JobTest.run(Summing.self, inputs: ["numbers": "1\nx\n"])
        #expect(
            report.error
                == .invalidInput(
                    code: "not-a-number", message: "expected a number", row: 2, column: "numbers"))
    }

    @Test("A checkpoint beyond the limit ends the run as a limit, and the old one stays")
    func checkpointLimit() async {
        let report = await JobTest.run(Summing.self, inputs: ["numbers": "1\n1000000000\n"]) {
            $0.checkpointLimit = 20
        }
        #expect(report.error?.code == "checkpointBytes")
        #expect(report.checkpoint == Array(#"{"lines":1,"sum":1}"#.utf8))
    }

    @Test("A checkpoint that is no such value is named")
    func foreignCheckpoint() async {
        let report = await JobTest.run(Summing.self, inputs: numbers) {
            $0.checkpoint = Array("[]".utf8)
        }
        #expect(report.error?.code == "checkpoint-invalid")
    }

    @Test("A read that fails ends the run as a passing fault")
    func failingRead() async {
        let report = await JobTest.run(Summing.self, inputs: numbers) { $0.failingRead = 0 }
        guard case .retry(_, let code, _) = report.error else {
            Issue.record("\(report.outcome)")
            return
        }
        #expect(code == "input-unreadable")
    }
}

@Suite("Inputs as sequences")
struct JobInputSequenceTests {
    private struct Lines: JobHandler {
        static let name = "lines"
        static let version = "1.0.0"

        init(config: JSONValue) throws(HandlerError) {}

        func run(_ payload: [String: Int], _ job: Job) async throws -> [String] {
            var lines: [String] = []
            for try await line in try job.input("text").lines(limit: payload["limit"] ?? 100) {
                lines.append(line)
            }
            return lines
        }
    }

    private struct Copy: JobHandler {
        static let name = "copy"
        static let version = "1.0.0"

        init(config: JSONValue) throws(HandlerError) {}

        func run(_ payload: [String: Int], _ job: Job) async throws -> Int {
            let output = try job.output("copy")
            try await output.write(contentsOf: try job.input("text").blocks)
            return output.size
        }
    }

    @Test(
        "Lines end at a line feed, with or without a carriage return, and the last needs no end",
        arguments: [
            ("", []), ("\n", [""]), ("a", ["a"]), ("a\n", ["a"]), ("a\r\n\r\nb", ["a", "", "b"]),
            ("ä\n€\n😀", ["ä", "€", "😀"]),
        ] as [(String, [String])], [1, 2, 3, Int.max])
    func lines(_ example: (text: String, lines: [String]), bytesPerRead: Int) async {
        let report = await JobTest.run(Lines.self, inputs: ["text": example.text]) {
            $0.bytesPerRead = bytesPerRead
        }
        #expect(report.result == .array(example.lines.map { .string($0) }))
    }

    @Test(
        "A line beyond the limit and bytes that are no text are the submitter's fault, with the line")
    func badLines() async throws {
        let long = await JobTest.run(Lines.self, ["limit": 3], inputs: ["text": "abc\nabcd\n"])
        #expect(long.error?.code == "line-too-long")
        let bytes = await JobTest.run(
            try Lines(config: [:]), inputs: ["text": [0x61, 0x0A, 0xFF, 0x0A]])
        guard case .invalidInput(let code, _, let row, _, _, _) = bytes.error else {
            Issue.record("\(bytes.outcome)")
            return
        }
        #expect(code == "not-utf8")
        #expect(row == 2)
    }

    @Test("Blocks can be written as they come, and stop when the run is told to")
    func blocks() async {
        let text = String(repeating: "0123456789", count: 60_000)
        let whole = await JobTest.run(Copy.self, inputs: ["text": text])
        #expect(whole.result == 600_000)
        #expect(whole.text("copy") == text)
        let cut = await JobTest.run(Copy.self, inputs: ["text": text]) { $0.cancellation = .writes(1) }
        #expect(cut.error == .cancelled)
        #expect(cut.outputs["copy"]?.count == JobInput.blockSize)
    }
}

@Suite("The clock of a run")
struct JobClockTests {
    private struct Waiting: JobHandler {
        static let name = "waiting"
        static let version = "1.0.0"

        init(config: JSONValue) throws(HandlerError) {}

        func run(_ payload: [String: Int], _ job: Job) async throws -> [Int64] {
            let start = job.clock.now
            job.progress(0.5)
            try await job.clock.sleep(for: .seconds(3600))
            return [
                start.duration(to: job.clock.now).components.seconds, job.wallTime.components.seconds,
            ]
        }
    }

    @Test("Waiting takes no time in a test, and the clock says that it did")
    func waits() async {
        let report = await JobTest.run(Waiting.self) { $0.wallTime = .seconds(1000) }
        #expect(report.result == [3600, 4600])
    }

    @Test("A clock that goes on at each look is the same in every run")
    func steps() async {
        let report = await JobTest.run(Waiting.self) { $0.clockStep = .seconds(1) }
        #expect(report.result?[0] == 3601)
        let again = await JobTest.run(Waiting.self) { $0.clockStep = .seconds(1) }
        #expect(again.result == report.result)
    }

    @Test("Waiting ends when the run is told to stop, by way of the task's own cancellation")
    func cancelled() async {
        let report = await JobTest.run(Waiting.self) { $0.cancellation = .progress(0.5) }
        #expect(report.error == .cancelled)
    }
}
