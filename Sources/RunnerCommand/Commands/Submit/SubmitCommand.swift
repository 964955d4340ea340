import ArgumentParser
import JobCore
import PureJSON

/// `headrace submit`: puts a job into the queue.
struct SubmitCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "submit", abstract: "Upload a file and submit a job for it.",
        discussion: """
            The handler, its inputs and parameters are checked before anything is sent when the handlers are \
            installed here. With --wait the job is followed to its end; the exit code is then 1 if it failed.

            Examples:
              headrace submit churn-predict customers.csv --wait --output results/
              headrace submit csv-validate s3://uploads/customers.csv --param level=schema
            """)

    @OptionGroup var global: GlobalOptions

    @Argument(help: ArgumentHelp("The handler's name; see `headrace handler list`.", valueName: "handler"))
    var handler: String

    @Argument(
        help: ArgumentHelp("The main input: a file of this machine or s3://bucket/key.", valueName: "file"),
        completion: .file())
    var file: String?

    @Option(
        name: .customLong("input"), parsing: .singleValue,
        help: ArgumentHelp("A further input by name.", valueName: "name=file"))
    var inputs: [String] = []

    @Option(
        name: .customLong("param"), parsing: .singleValue,
        help: ArgumentHelp("A parameter; the value is JSON or plain text.", valueName: "key=value"))
    var params: [String] = []

    @Option(help: ArgumentHelp("All parameters as a JSON object in a file.", valueName: "file"), completion: .file())
    var paramsFile: String?

    @Option(help: ArgumentHelp("The idempotency key; made up when not given.", valueName: "id"))
    var jobID: JobName?

    @Option(help: ArgumentHelp("On whose behalf: 1 to 64 of A-Z a-z 0-9 _ -", valueName: "name"))
    var tenant: TenantName?

    @Option(help: ArgumentHelp("How urgent it is.", valueName: "priority"))
    var priority: PriorityName = PriorityName(priority: .normal)

    @Option(help: ArgumentHelp("The bucket that local files are uploaded to.", valueName: "name"))
    var bucket: String?

    @Flag(help: "Wait until the job is over.")
    var wait = false

    @Option(
        name: .shortAndLong,
        help: ArgumentHelp("Download the outputs into this directory; implies --wait.", valueName: "dir"),
        completion: .directory)
    var output: String?

    @OptionGroup var patience: PatienceOption

    func run() async throws {
        let session = try global.session()
        let composition = Composition(session)
        let waits = wait || output != nil
        // Before anything is sent: without the database a job can be sent but not followed.
        let store = waits ? try await followableStore(composition) : nil
        let catalog = try await composition.installedHandlers()
        let submission = try plan(catalog, session)
        let submitter = Submitter(
            queue: try await composition.queue(), objects: try await composition.objects(), clock: session.clock,
            console: session.console, bucket: bucket ?? session.uploadBucket)
        let sent = try await submitter.submit(submission)
        guard let store else { return report(sent, session.console) }
        session.console.note("job \(sent.request.id) is in the queue")
        let desk = JobsDesk(store: store, console: session.console, clock: session.clock)
        let quiet = Console(out: session.console.err, err: session.console.err, writesJSON: false)
        let following = JobsDesk(
            store: store, console: session.console.writesJSON ? quiet : session.console, clock: session.clock)
        let record = try await following.follow(sent.request.id, patience: patience.timeout.duration)
        try desk.verdict(on: record)
        var files: [ResultDownload.File] = []
        if let output {
            let download = ResultDownload(
                objects: try await composition.objects(), console: session.console, clock: session.clock)
            files = try await download.download(record, into: output)
        }
        desk.show(record, files: files)
    }

    private func followableStore(_ composition: Composition) async throws(CommandFailure) -> any JobStore {
        do {
            return try await composition.existingStore()
        } catch {
            throw CommandFailure(
                error.status, "--wait and --output follow the job in the runner's database: \(error.message)",
                next: "Run it where the runner's database is, or submit without --wait and --output.")
        }
    }

    private func plan(
        _ catalog: (any HandlerCatalog)?, _ session: Session
    ) throws(CommandFailure) -> JobSubmission {
        var sources: [String: JobSubmission.Source] = [:]
        if let file { sources[JobSubmission.mainInput(of: handler, in: catalog)] = try JobSubmission.Source(file) }
        for text in inputs {
            guard let equals = text.firstIndex(of: "="), equals > text.startIndex else {
                throw CommandFailure(.usage, "--input takes name=file, found \"\(text)\"")
            }
            let path = String(text[text.index(after: equals)...])
            sources[String(text[..<equals])] = try JobSubmission.Source(path)
        }
        guard let id = jobID?.id ?? JobSubmission.newID(for: handler, now: session.clock.now()) else {
            throw CommandFailure(.usage, "\"\(handler)\" is no handler name", next: "See `headrace handler list`.")
        }
        let submission = JobSubmission(
            id: id, handler: handler, inputs: sources, params: try parameters(), tenant: tenant?.tenant,
            priority: priority.priority)
        if let catalog {
            try submission.check(against: catalog)
        } else {
            session.console.note("no handlers are installed here; the runner checks the parameters")
        }
        return submission
    }

    private func parameters() throws(CommandFailure) -> JSONObject {
        var object = JSONObject()
        if let paramsFile {
            guard let text = try LocalFile.read(paramsFile) else {
                throw CommandFailure(.usage, "there is no file \(paramsFile)")
            }
            do {
                object = try JSONValue(parsing: text).objectValue ?? [:]
            } catch {
                throw CommandFailure(.usage, "\(paramsFile) is not JSON: \(error)")
            }
        }
        for text in params {
            let (key, value) = try ParameterText.read(text)
            object[key] = value
        }
        return object
    }

    private func report(_ sent: Submitter.Sent, _ console: Console) {
        let id = sent.request.id.rawValue
        if console.writesJSON {
            var inputs = JSONObject()
            for (name, input) in sent.request.inputs.sorted(by: { $0.key < $1.key }) {
                inputs[name] = .string(input.location.uri)
            }
            return console.json([
                "job_id": .string(id), "message_id": .string(sent.messageID), "inputs": .object(inputs),
            ])
        }
        console.out.line(id)
        console.note("in the queue; follow it with `headrace jobs watch \(id)`")
    }
}
