import ArgumentParser
import Glibc
import Testing

@testable import RunnerCommand

@Suite("Data directory")
struct DataDirectoryTests {
    private let endpoint = DataDirectory.Endpoint(
        url: "http://127.0.0.1:9324", region: "us-east-1", queue: "jobs", deadLetterQueue: "jobs-dlq",
        bucket: "headrace", processID: 42)

    @Test("What `up` writes is what other commands read")
    func roundTrip() throws {
        let folder = try ScratchFolder()
        let data = DataDirectory(folder.path + "/")
        #expect(try data.endpoint() == nil)
        try data.write(endpoint)
        #expect(try data.endpoint() == endpoint)
    }

    @Test("The key pair is made once and readable for its owner alone")
    func keys() throws {
        let folder = try ScratchFolder()
        let data = DataDirectory(folder.path)
        #expect(try data.keys() == nil)
        let made = try data.keysMadeOnce()
        #expect(try data.keysMadeOnce() == made)
        #expect(made.accessKeyID.count == 20)
        #expect(made.secretAccessKey.count == 40)
        var info = stat()
        #expect(stat(data.credentialsFile, &info) == 0)
        #expect(info.st_mode & 0o777 == 0o600)
    }

    @Test("A damaged endpoint file is named with what to do", arguments: ["", "{", "{\"endpoint_url\": 1}"])
    func damaged(text: String) throws {
        let folder = try ScratchFolder()
        let data = DataDirectory(folder.path)
        try LocalFile.write(text, to: data.endpointFile)
        let failure = #expect(throws: CommandFailure.self) { try data.endpoint() }
        #expect(failure?.status == .configuration)
        #expect(failure?.nextStep?.contains("Delete it") == true)
    }
}

@Suite("Session")
struct SessionTests {
    private func console() -> Console {
        let stream = ConsoleStream(capturingFor: .plain)
        return Console(out: stream, err: stream, writesJSON: false)
    }

    private func running(in folder: String) throws -> DataDirectory {
        let data = DataDirectory(folder)
        _ = try data.keysMadeOnce()
        try data.write(
            DataDirectory.Endpoint(
                url: "http://127.0.0.1:4999", region: "eu-central-1", queue: "q1", deadLetterQueue: "q1-dead",
                bucket: "b-1", processID: getpid()))
        return data
    }

    @Test("A data directory stands for services, keys, database and scratch, whatever the environment says")
    func dataDirectory() throws {
        let folder = try ScratchFolder()
        let data = try running(in: folder.path)
        let options = try GlobalOptions.parse(["--data", folder.path])
        let session = try Session.open(
            options, place: .discovered,
            environment: ["AWS_PROFILE": "prod", "AWS_ENDPOINT_URL_SQS": "https://elsewhere", "USER": "ops"],
            console: console())
        let keys = try #require(try data.keys())
        #expect(session.environment["AWS_PROFILE"] == nil)
        #expect(session.environment["AWS_ACCESS_KEY_ID"] == keys.accessKeyID)
        #expect(session.configuration.aws.effectiveSQSEndpoint == "http://127.0.0.1:4999")
        #expect(session.configuration.aws.effectiveS3Endpoint == "http://127.0.0.1:4999")
        #expect(session.configuration.queue.name == "q1")
        #expect(session.configuration.database.path == data.databaseFile)
        #expect(session.uploadBucket == "b-1")
        #expect(session.actor.hasPrefix("ops@"))
    }

    @Test("A folder in which `up` never ran is a configuration error that says how it starts")
    func noDataDirectory() throws {
        let folder = try ScratchFolder()
        let options = try GlobalOptions.parse(["--data", folder.path])
        let failure = #expect(throws: CommandFailure.self) {
            try Session.open(options, place: .discovered, environment: [:], console: console())
        }
        #expect(failure?.status == .configuration)
        #expect(failure?.nextStep == "Start `headrace up --data \(folder.path)` first.")
    }

    @Test("An embedded cloud whose process has gone is told apart from one that does not answer")
    func stoppedCloud() throws {
        let folder = try ScratchFolder()
        let data = try running(in: folder.path)
        var endpoint = try #require(try data.endpoint())
        // Larger than the kernel gives out.
        endpoint.processID = Int32.max - 1
        try data.write(endpoint)
        let options = try GlobalOptions.parse(["--data", folder.path])
        let session = try Session.open(options, place: .discovered, environment: [:], console: console())
        let failure = #expect(throws: CommandFailure.self) { try session.checkEmbeddedCloud() }
        #expect(failure?.status == .unreachable)
        #expect(failure?.nextStep == "Start them with `headrace up --data \(folder.path)`.")
    }
}
