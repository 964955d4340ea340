import JobCore
import Logging
import Testing

@testable import RunnerCommand

@Suite("Configuration")
struct ConfigurationLoadingTests {
    @Test("Without file, variables and flags the defaults of the replaced system hold")
    func builtInDefaults() throws {
        let configuration = try HeadraceConfiguration.load(file: nil, environment: [:])
        #expect(configuration.queue.visibility == .seconds(300))
        #expect(configuration.queue.wait == .seconds(20))
        #expect(configuration.queue.maxReceives == 3)
        #expect(configuration.queue.retention == .seconds(345_600))
        #expect(configuration.deadLetter.retention == .seconds(1_209_600))
        #expect(configuration.malformed == .deadLetter)
        #expect(configuration.entries.allSatisfy { $0.origin == .builtIn })
    }

    @Test("A file sets values of every shape")
    func fileSetsValues() throws {
        let configuration = try load(
            """
            queue:
              name: work          # a comment
              visibility: 1m30s
            malformed: leave
            storage:
              allowed_buckets: [uploads, other-bucket]
              output_prefix: "out/"
            runner: { concurrency: 7 }
            retry: { factor: 1.5 }
            log: { level: debug, format: json }
            """)
        #expect(configuration.queue.name == "work")
        #expect(configuration.queue.visibility == .seconds(90))
        #expect(configuration.malformed == .leave)
        #expect(configuration.storage.allowedBuckets == ["uploads", "other-bucket"])
        #expect(configuration.storage.outputPrefix == "out/")
        #expect(configuration.runner.concurrency == 7)
        #expect(configuration.retry.factor == 1.5)
        #expect(configuration.log.level == .debug)
        #expect(configuration.log.format == .json)
    }

    @Test("YAML 1.1 booleans and numbers stay the text that was written", arguments: ["on", "no", "yes", "007"])
    func scalarsStayText(name: String) throws {
        #expect(try load("queue: {name: \(name)}").queue.name == name)
    }

    @Test("A file of comments and empty sections changes nothing", arguments: ["", "# only\n", "queue:\nlog: ~\n"])
    func emptyFile(text: String) throws {
        #expect(try load(text).queue == HeadraceConfiguration.Queue())
    }

    @Test("Flags win over variables, variables over the file, the file over defaults")
    func layers() throws {
        let text = "queue: {name: from-file, wait: 1s}\nrunner: {concurrency: 3}"
        let configuration = try load(
            text, environment: ["HEADRACE_QUEUE_NAME": "from-variable", "HEADRACE_QUEUE_WAIT": "2s"],
            overrides: [ConfigurationOverride("queue.name", "from-flag", flag: "--queue")])
        #expect(configuration.queue.name == "from-flag")
        #expect(configuration.queue.wait == .seconds(2))
        #expect(configuration.runner.concurrency == 3)
    }

    @Test("Each value remembers where it came from")
    func origins() throws {
        let configuration = try load(
            "queue:\n  name: q\n  wait: 1s\n", environment: ["HEADRACE_QUEUE_WAIT": "2s"],
            overrides: [ConfigurationOverride("log.level", "trace", flag: "--verbose")])
        let origins = Dictionary(uniqueKeysWithValues: configuration.entries.map { ($0.key, "\($0.origin)") })
        #expect(origins["queue.name"] == "conf/headrace.yml:2:9")
        #expect(origins["queue.wait"] == "$HEADRACE_QUEUE_WAIT")
        #expect(origins["log.level"] == "--verbose")
        #expect(origins["dead_letter.name"] == "from queue.name")
        #expect(origins["malformed"] == "default")
    }

    @Test("The printed values, put into a file, give the same configuration")
    func entriesRoundTrip() throws {
        let original = try load("queue: {visibility: 1500ms}\nstorage: {allowed_buckets: [aaa, bbb]}")
        let overrides = original.entries.filter { !$0.value.isEmpty }.map {
            ConfigurationOverride($0.key, $0.value, flag: "--\($0.key)")
        }
        let copy = try HeadraceConfiguration.load(file: nil, environment: [:], overrides: overrides)
        #expect(copy.entries.map(\.value) == original.entries.map(\.value))
    }

    @Test("Relative paths start from the folder of the file, but from the working directory elsewhere")
    func relativePaths() throws {
        let configuration = try load(
            "database: {path: jobs.db}\nhandlers: {directories: [a, /b]}",
            environment: ["HEADRACE_SCRATCH_DIRECTORY": "tmp"])
        #expect(configuration.database.path == "conf/jobs.db")
        #expect(configuration.handlers.directories == ["conf/a", "/b"])
        #expect(configuration.scratch.directory == "tmp")
    }

    @Test("The dead-letter queue is named after the queue", arguments: [("q", "q-dlq"), ("q.fifo", "q-dlq.fifo")])
    func deadLetterName(queue: String, expected: String) throws {
        #expect(try load("queue: {name: \(queue)}").deadLetter.name == expected)
    }

    @Test("AWS variables count, HEADRACE ones count more")
    func awsVariables() throws {
        let configuration = try load(
            "aws: {region: eu-west-1, profile: filed}",
            environment: [
                "AWS_REGION": "eu-central-1", "AWS_DEFAULT_REGION": "us-east-1", "AWS_PROFILE": "theirs",
                "HEADRACE_AWS_PROFILE": "ours", "AWS_ENDPOINT_URL": "http://127.0.0.1:1",
                "AWS_ENDPOINT_URL_S3": "http://127.0.0.1:2",
            ])
        #expect(configuration.aws.region == "eu-central-1")
        #expect(configuration.aws.profile == "ours")
        #expect(configuration.aws.effectiveSQSEndpoint == "http://127.0.0.1:1")
        #expect(configuration.aws.effectiveS3Endpoint == "http://127.0.0.1:2")
    }

    @Test("Configured AWS endpoints can be switched off as with AWS's own tools")
    func ignoredEndpoints() throws {
        let configuration = try load(
            "",
            environment: ["AWS_ENDPOINT_URL": "http://127.0.0.1:1", "AWS_IGNORE_CONFIGURED_ENDPOINT_URLS": "true"])
        #expect(configuration.aws.endpointURL == nil)
    }

    @Test("A runner without an allowed bucket is told what to set")
    func checkForRunning() throws {
        let configuration = try load("")
        #expect(throws: ConfigurationError.self) { try configuration.checkForRunning() }
        #expect(throws: Never.self) { try load("storage: {allowed_buckets: [bbb]}").checkForRunning() }
    }
}

/// Loads a file called `conf/headrace.yml` with this text.
func load(
    _ text: String, environment: [String: String] = [:], overrides: [ConfigurationOverride] = []
) throws(ConfigurationError) -> HeadraceConfiguration {
    var loader = ConfigurationLoader()
    try loader.apply(ConfigurationFile(path: "conf/headrace.yml", text: text))
    try loader.apply(environment: environment)
    try loader.apply(overrides)
    return try loader.finish(environment: environment)
}
