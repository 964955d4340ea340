import JobCore
import JobTestKit
import PureJSON
import Testing

@testable import RunnerCommand

@Suite("Submitter")
struct SubmitterTests {
    private let queue = InMemoryMessageQueue(name: "jobs", clock: ManualClock(now: DeskSamples.start))
    private let objects = InMemoryObjectStore()
    private let clock = ManualClock(now: DeskSamples.start)

    private func submitter(bucket: String?) -> Submitter {
        let stream = ConsoleStream(capturingFor: .plain)
        return Submitter(
            queue: queue, objects: objects, clock: clock,
            console: Console(out: stream, err: stream, writesJSON: false), bucket: bucket)
    }

    private func submission(_ source: JobSubmission.Source) -> JobSubmission {
        JobSubmission(id: DeskSamples.id("job-1"), handler: "csv-validate", inputs: ["csv": source])
    }

    @Test("A file is uploaded below the job's id, and the message names it")
    func uploads() async throws {
        let folder = try ScratchFolder()
        let path = folder.path + "/my customers (1).csv"
        try LocalFile.write("a,b\n1,2\n", to: path)
        let sent = try await submitter(bucket: "headrace").submit(submission(.file(path)))
        let location = ObjectLocation(bucket: "headrace", key: "uploads/job-1/my_customers__1_.csv")
        #expect(sent.request.inputs["csv"]?.location == location)
        #expect(objects.bytes(at: location) == Array("a,b\n1,2\n".utf8))
        let messages = try await queue.receive(upTo: 1, waitingFor: .zero, visibility: .seconds(30))
        #expect(messages.first?.body == sent.body)
    }

    @Test("Nothing is sent for a file that is not there")
    func missingFile() async throws {
        let failure = await #expect(throws: CommandFailure.self) {
            try await submitter(bucket: "headrace").submit(submission(.file("/nonexistent/x.csv")))
        }
        #expect(failure?.status == .usage)
        #expect(try await queue.attributes().visibleCount == 0)
    }

    @Test("Nothing is sent for an object that is not there")
    func missingObject() async throws {
        let location = ObjectLocation(bucket: "headrace", key: "nope.csv")
        let failure = await #expect(throws: CommandFailure.self) {
            try await submitter(bucket: nil).submit(submission(.object(location)))
        }
        #expect(failure?.status == .usage)
        #expect(try await queue.attributes().visibleCount == 0)
    }

    @Test("A file without a bucket to put it in is a configuration error that names the settings")
    func noBucket() async throws {
        let folder = try ScratchFolder()
        let path = folder.path + "/a.csv"
        try LocalFile.write("a\n", to: path)
        let failure = await #expect(throws: CommandFailure.self) {
            try await submitter(bucket: nil).submit(submission(.file(path)))
        }
        #expect(failure?.status == .configuration)
        #expect(failure?.nextStep?.contains("storage.output_bucket") == true)
    }
}
