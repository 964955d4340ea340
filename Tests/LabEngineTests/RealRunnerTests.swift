import FakeCloud
import Foundation
import JobCore
import Logging
import Testing

@testable import LabEngine

/// The built `headrace` in the lab's world; `make test` builds it and its handlers first.
@Suite("The real runner in the lab's world", .timeLimit(.minutes(2)))
struct RealRunnerTests {
    private static let build = URL(fileURLWithPath: CommandLine.arguments[0]).deletingLastPathComponent().path

    private func history(seed: UInt64, jobs: Int) async throws -> String {
        let folder = FileManager.default.temporaryDirectory.path + "/lab-\(UUID().uuidString.prefix(8))"
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(atPath: folder) }
        var logger = Logger(label: "lab")
        logger.logLevel = .critical
        let settings = LabEnvironment.Settings(runner: Self.build + "/headrace", folder: folder, seed: seed)
        let environment = try await LabEnvironment.open(settings, logger: logger)
        try await environment.prepare(jobs: jobs)
        try await environment.startRunner(
            "r1",
            variables: [
                "HEADRACE_QUEUE_NAME": "jobs", "HEADRACE_DEAD_LETTER_NAME": "jobs-dlq",
                "HEADRACE_DATABASE_PATH": folder + "/jobs.sqlite", "HEADRACE_SCRATCH_DIRECTORY": folder + "/scratch",
                "HEADRACE_STORAGE_OUTPUT_BUCKET": "results", "HEADRACE_STORAGE_ALLOWED_BUCKETS": "inputs,results",
                "HEADRACE_HANDLERS_DIRECTORIES": Self.build + "/handlers",
            ])
        let stop = await environment.run(until: .seconds(600)) {
            $0.type == "job.published" && $0.subject == "job-\(jobs)"
        }
        guard case .found = stop else {
            Issue.record("\(stop)\n\(environment.history.lines)")
            await environment.close()
            return ""
        }
        _ = await environment.run(until: .seconds(700))
        await environment.signal(SIGTERM, to: "r1")
        _ = await environment.run(until: .seconds(900)) { $0.type == "runner.exited" }
        await environment.close()
        return environment.history.lines
    }

    @Test("The same seed gives the same history to the byte, another seed another one")
    func determinism() async throws {
        let first = try await history(seed: 1, jobs: 3)
        for _ in 1...4 {
            let again = try await history(seed: 1, jobs: 3)
            let difference = zip(first.split(separator: "\n"), again.split(separator: "\n")).first { $0 != $1 }
            let isSame = again == first
            #expect(isSame, "\(difference.map { "\($0)\n\($1)" } ?? "\(first.suffix(500))\n---\n\(again.suffix(500))")")
        }
        let isOther = try await history(seed: 2, jobs: 3) != first
        #expect(isOther)
        let isWhole = first.contains("runner.exited")
        #expect(isWhole)
    }
}

extension LabEnvironment {
    fileprivate func prepare(jobs: Int) async throws {
        for bucket in ["inputs", "results"] { try await cloud.createBucket(bucket) }
        _ = try await cloud.createQueue("jobs-dlq")
        let queue = try await cloud.createQueue("jobs", attributes: ["VisibilityTimeout": "300"])
        try await cloud.putObject(Array("customer_id,tenure\nA,1\nB,2\n".utf8), at: "in.csv", in: "inputs")
        for number in 1...jobs {
            try await cloud.send(
                """
                {"schema":"headrace.job/1","job_id":"job-\(number)","handler":"csv-validate",\
                "inputs":{"csv":{"uri":"s3://inputs/in.csv"}},"params":{},"submitted_at":"2026-01-01T00:00:00Z"}
                """, to: queue)
        }
    }
}
