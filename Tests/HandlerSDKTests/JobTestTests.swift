import HandlerSDK
import PureJSON
import Testing

/// Counts lines, and does what its payload asks for besides.
private struct LineCount: JobHandler {
    struct Payload: Decodable {
        var limit: Int?
        var fail: String?
    }

    struct Result: Encodable {
        var lines: Int
        var share: Double?
    }

    static let name = "line-count"
    static let version = "1.0.0"

    init(config: JSONValue) throws(HandlerError) {
        if config["broken"] == true { throw .failed(code: "config", message: "broken") }
    }

    func run(_ payload: Payload, _ job: Job) async throws -> Result {
        let csv = try job.input("csv")
        let output = try job.output("copy.csv", contentType: "text/csv")
        var lines = 0
        while let block = try csv.nextBlock() {
            try job.checkCancelled()
            lines += block.count { $0 == 10 }
            try output.write(block)
            job.progress(0.5, "block")
        }
        try output.write("end")
        try output.close()
        job.log.warning("counted", ["lines": "\(lines)"])
        switch payload.fail {
        case "own": throw HandlerError.retry(after: .seconds(2), code: "later", message: "not now")
        case "other": throw JSONDecodingFailure(path: "/x", expected: "a", found: "b")
        case "cancellation": throw CancellationError()
        default: return Result(lines: lines, share: payload.fail == "nan" ? .nan : nil)
        }
    }
}

@Suite("Handlers in unit tests")
struct JobTestTests {
    private let handler: LineCount
    private let inputs = ["csv": Array("a\nb\nc\n".utf8)]

    init() throws { handler = try LineCount(config: [:]) }

    @Test("A run gives its result, outputs, log and progress", arguments: [1, 2, Int.max])
    func complete(_ bytesPerRead: Int) async {
        var conditions = JobTest.Conditions()
        conditions.bytesPerRead = bytesPerRead
        let report = await JobTest.run(handler, ["limit": 1], inputs: inputs, conditions: conditions)
        #expect(report.result == ["lines": 3])
        #expect(report.text("copy.csv") == "a\nb\nc\nend")
        #expect(report.contentTypes == ["copy.csv": "text/csv"])
        #expect(
            report.logs == [JobTest.LogLine(level: .warning, message: "counted", fields: ["lines": "3"])])
        #expect(report.progress.map(\.note) == ["block"])
    }

    @Test("A payload that does not decode is the submitter's fault, with the place")
    func invalidPayload() async {
        let report = await JobTest.run(handler, ["limit": "many"], inputs: inputs)
        guard case .invalidInput(let code, let message, _, let column, _, _) = report.error else {
            Issue.record("\(report.outcome)")
            return
        }
        #expect(code == "payload-invalid")
        #expect(message.contains("at /limit: expected an integer"))
        #expect(column == "/limit")
    }

    @Test("A missing input is the submitter's fault")
    func missingInput() async {
        let report = await JobTest.run(handler)
        #expect(
            report.error
                == .invalidInput(code: "input-missing", message: "the job has no input named csv"))
    }

    @Test("A run stops at the next block once it is cancelled")
    func cancelled() async {
        var conditions = JobTest.Conditions()
        conditions.cancellation = .reads(0)
        let report = await JobTest.run(handler, inputs: inputs, conditions: conditions)
        #expect(report.error == .cancelled)
    }

    @Test("Outputs beyond the limit end the run as a limit")
    func outputLimit() async {
        var conditions = JobTest.Conditions()
        conditions.outputLimit = 7
        let report = await JobTest.run(handler, inputs: inputs, conditions: conditions)
        guard case .resource(let limit, _) = report.error else {
            Issue.record("\(report.outcome)")
            return
        }
        #expect(limit == "outputBytes")
    }

    @Test(
        "Thrown errors are sorted by what they mean",
        arguments: [
            ("own", HandlerError.retry(after: .seconds(2), code: "later", message: "not now")),
            ("other", .failed(code: "handler-error", message: "at /x: expected a, found b")),
            ("cancellation", .cancelled),
            (
                "nan",
                .failed(
                    code: "result-not-json",
                    message: "the result has no JSON form: at /share: expected a finite number, found nan")
            ),
        ])
    func errors(_ fail: String, _ expected: HandlerError) async {
        #expect(await JobTest.run(handler, ["fail": .string(fail)], inputs: inputs).error == expected)
    }

    @Test("Random numbers repeat with their seed")
    func random() async throws {
        struct Dice: JobHandler {
            static let name = "dice"
            static let version = "1.0.0"
            init(config: JSONValue) throws(HandlerError) {}
            func run(_ payload: [String: Int], _ job: Job) async throws -> [Int] {
                var random = job.random
                return (0..<8).map { _ in Int.random(in: 1...6, using: &random) }
            }
        }
        let dice = try Dice(config: [:])
        #expect(await JobTest.run(dice).result == JobTest.run(dice).result)
        var other = JobTest.Conditions()
        other.seed = 2
        #expect(await JobTest.run(dice).result != JobTest.run(dice, conditions: other).result)
    }
}
