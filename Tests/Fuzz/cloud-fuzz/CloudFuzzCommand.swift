import ArgumentParser
import CloudFuzz
import Foundation

@main
struct CloudFuzzCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "cloud-fuzz", abstract: "Sends mutated requests through the fake cloud's routes.",
        discussion: """
            Each target runs in a process of its own. Inputs that make an answer wrong, take longer than --limit seconds \
            or end the process are saved below --crashes with the command that runs them again.
            """)

    @Option(help: "json, query, xml, chunked or multipart; all when none is named.")
    var target: [FuzzTarget] = []

    @Option(help: "Inputs for each target.")
    var count = 100_000

    @Option(help: "Seconds for each target; it ends at --count or here, whichever comes first.")
    var seconds: Int?

    @Option(help: "Decides all inputs.")
    var seed: UInt64 = 1

    @Option(help: "Seconds that one input may take.")
    var limit = 10

    @Option(help: "The captured requests that mutation starts from.")
    var corpus = "Fixtures/wire"

    @Option(help: "Where inputs are saved.")
    var crashes = ".build/fuzz"

    @Option(help: "Runs this saved input once, in this process.")
    var reproduce: String?

    @Flag(help: .hidden)
    var worker = false

    func run() async throws {
        if let reproduce { return try await rerun(reproduce) }
        if worker, let target = target.first { return try await work(target) }
        try FileManager.default.createDirectory(atPath: crashes, withIntermediateDirectories: true)
        var isClean = true
        for target in target.isEmpty ? FuzzTarget.allCases : target {
            isClean = try FuzzWorker(command: self, target: target).run() && isClean
        }
        if !isClean { throw ExitCode(1) }
    }

    private func rerun(_ path: String) async throws {
        guard let target = target.first, let input = FuzzInput(file: Array(try Data(contentsOf: URL(filePath: path))))
        else { throw ValidationError("--reproduce needs --target and a file that cloud-fuzz has written") }
        let report = try await FuzzSession.reproduce(target, FuzzCorpus(target, wireFolder: corpus), input)
        for finding in report.findings { print("\(target.rawValue): \(finding.reason)") }
        print("\(target.rawValue): \(report.findings.isEmpty ? "nothing found" : "found again")")
        if !report.findings.isEmpty { throw ExitCode(1) }
    }

    private func work(_ target: FuzzTarget) async throws {
        let box = try BlackBox(path: FuzzWorker.boxPath(crashes, target))
        let watch = InputWatch(limit: .seconds(limit))
        let started = ContinuousClock.now
        let end = seconds.map { started + .seconds($0) }
        let corpus = try FuzzCorpus(target, wireFolder: corpus)
        let report = try await FuzzSession.run(target, corpus, seed: seed) { input in
            box.keep(input.file)
            watch.noteInput()
        } goesOn: { number in
            number < count && (end.map { ContinuousClock.now < $0 } ?? true)
        }
        let elapsed = (ContinuousClock.now - started) / .seconds(1)
        for finding in report.findings {
            let path = "\(crashes)/\(target.rawValue)-\(seed)-\(finding.number).input"
            try Data(finding.input.file).write(to: URL(filePath: path))
            print("  finding: \(finding.reason)\n    \(FuzzWorker.reproduction(target, path))")
        }
        var slowest = ""
        if let slow = report.slowest {
            let path = "\(crashes)/\(target.rawValue)-slowest.input"
            try Data(slow.input.file).write(to: URL(filePath: path))
            slowest = String(format: "%.1f ms (%d bytes)", slow.duration / .milliseconds(1), slow.input.sizeBytes)
        }
        print(
            String(
                format:
                    "%@: %d inputs, %d requests, %.0f inputs/s, %d behaviours, slowest %@, peak %.0f MiB, %d findings",
                target.rawValue, report.executions, report.requests, Double(report.executions) / elapsed,
                report.behaviours, slowest, FuzzWorker.peakMebibytes(), report.findings.count))
        if !report.findings.isEmpty { throw ExitCode(1) }
    }
}

extension FuzzTarget: ExpressibleByArgument {}
