import ArgumentParser
import Glibc
import JobCore
import Logging
import SampleData
import SystemTime

/// `headrace demo`: the main job, end to end.
struct DemoCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "demo", abstract: "Run the main job on bundled data, end to end, and show the result.",
        discussion: """
            A made-up customer table goes into an embedded S3, three jobs go through an embedded SQS, each with the \
            one before's output as input: csv-validate, column-map, churn-predict. Shown are the verdict, the column \
            mapping, the customers at the highest risk with the reasons, and each job's history.

            Everything stays in the data directory: `headrace jobs list --data .headrace/demo` shows the jobs.
            """)

    @OptionGroup var global: GlobalOptions

    @Option(help: ArgumentHelp("Customers in the made-up table, 1 to 1000000.", valueName: "n"))
    var rows = 7_043

    @Option(help: ArgumentHelp("Decides every value of the table.", valueName: "n"))
    var seed: UInt64 = 2_026

    @Option(help: ArgumentHelp("Customers to show.", valueName: "n"))
    var top = 10

    @Option(
        help: ArgumentHelp("Use this customer table instead of a made-up one.", valueName: "file"), completion: .file())
    var file: String?

    /// Where the demo keeps everything unless told otherwise.
    static let defaultPath = ".headrace/demo"

    func validate() throws {
        guard (1...1_000_000).contains(rows) else { throw ValidationError("--rows must be 1 to 1000000") }
        guard (1...100).contains(top) else { throw ValidationError("--top must be 1 to 100") }
    }

    func run() async throws {
        let environment = HeadraceProgram.environment
        let console = Console.standard(writesJSON: global.json, environment: environment)
        let data = DataDirectory(global.data ?? Self.defaultPath)
        let clock = SystemClock()
        let start = clock.uptime()
        var plan = try Session.load(global.config, environment, [])
        if plan.origin(of: "log.level") == .builtIn { plan.log.level = .error }
        LogBootstrap.install(plan.log, clock: clock, environment: environment)
        let logger = Logger(label: "headrace")
        let cloud = EmbeddedCloud(data: data, host: "127.0.0.1", port: 0, configuration: plan)
        let report = try await cloud.serve(clock: clock, logger: logger) { endpoint in
            let session = try Session.embedded(
                data, endpoint, config: global.config, flags: [], environment: environment, console: console)
            let assembly = try await RunnerAssembly.make(
                Composition(session), allowsEveryBucket: true, logger: logger)
            for warning in assembly.warnings { console.warning(warning) }
            let table = try table(in: data)
            let run = DemoRun(
                assembly: assembly, session: session, bucket: endpoint.bucket, data: data, startedAt: start, top: top)
            return try await run.report(for: table)
        }
        report.show(on: console)
    }

    /// The customer table as a file of this machine.
    private func table(in data: DataDirectory) throws(CommandFailure) -> String {
        if let file {
            guard LocalFile.size(file) != nil else { throw CommandFailure(.usage, "there is no file \(file)") }
            return file
        }
        let path = "\(data.path)/customers.csv"
        try LocalFile.write(TelcoSample(rows: rows, seed: seed).bytes(), to: path)
        return path
    }
}
