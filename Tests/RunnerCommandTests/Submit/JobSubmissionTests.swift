import JobCore
import JobTestKit
import PureJSON
import Testing

@testable import RunnerCommand

@Suite("Job submission")
struct JobSubmissionTests {
    @Test(
        "A parameter is JSON where it reads as JSON, else text",
        arguments: [
            ("reasons=3", "reasons", .integer(3)), ("model=telco-v1", "model", "telco-v1"),
            ("explain=true", "explain", true), ("tiers={\"high\":0.5}", "tiers", ["high": 0.5]),
            ("note=a=b", "note", "a=b"), ("empty=", "empty", ""), ("quoted=\"3\"", "quoted", "3"),
        ] as [(String, String, JSONValue)])
    func parameters(text: String, key: String, value: JSONValue) throws {
        let read = try ParameterText.read(text)
        #expect(read.key == key)
        #expect(read.value == value)
    }

    @Test("A parameter without a key or a value sign is a usage error", arguments: ["reasons", "=3", ""])
    func badParameters(text: String) {
        let failure = #expect(throws: CommandFailure.self) { try ParameterText.read(text) }
        #expect(failure?.status == .usage)
    }

    @Test("The message is one that a runner accepts")
    func message() throws {
        let now = DeskSamples.start
        let id = try #require(JobSubmission.newID(for: "churn-predict", now: now))
        let submission = JobSubmission(
            id: id, handler: "churn-predict", inputs: ["csv": .file("a.csv")], params: ["reasons": 3],
            tenant: Tenant("acme"), priority: .high)
        let location = ObjectLocation(bucket: "headrace", key: "uploads/a.csv")
        let body = submission.message(inputs: ["csv": location], submittedAt: now).serialized()
        let request = try JobMessageReader(rules: MessageRules()).read(body, now: now)
        #expect(request.id == id)
        #expect(request.inputs["csv"]?.location == location)
        #expect(request.params == ["reasons": 3])
        #expect(request.priority == .high)
        #expect(request.tenant == Tenant("acme"))
    }

    @Test("New ids tell handler and time, and differ")
    func ids() throws {
        let first = try #require(JobSubmission.newID(for: "column-map", now: DeskSamples.start))
        let second = try #require(JobSubmission.newID(for: "column-map", now: DeskSamples.start))
        #expect(first.rawValue.hasPrefix("column-map-20270115-080000-"))
        #expect(first != second)
    }

    @Test(
        "An object that S3 could not have is refused before anything is sent",
        arguments: ["s3://b/k", "s3://bucket/../x"])
    func badLocations(text: String) {
        let failure = #expect(throws: CommandFailure.self) { try JobSubmission.Source(text) }
        #expect(failure?.status == .usage)
    }
}
