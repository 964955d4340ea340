import Foundation
import PureJSON
import Testing

/// Runs the built `headrace` with its bundled handlers, as a user does.
///
/// `make test` puts the handlers beside the executable; without them these tests skip.
@Suite("Demo, end to end", .enabled(if: BuiltProgram.isComplete, "no handlers beside the executable: run `make test`"))
struct DemoEndToEndTests {
    @Test("The demo exits 0 and leaves a row of scores for every customer", .timeLimit(.minutes(2)))
    func demo() throws {
        let folder = try ScratchFolder()
        let done = try BuiltProgram.run(["demo", "--rows", "300", "--json", "--data", folder.path + "/demo"])
        #expect(done.status == 0, "\(done.standardError)")
        let report = try JSONValue(parsing: done.standardOutput)
        #expect(report["results"]?["rows"] == 300)
        #expect(
            report["jobs"]?.arrayValue?.compactMap { $0["handler"]?.stringValue } == [
                "csv-validate", "column-map", "churn-predict",
            ])
        #expect(report["highest_risk"]?.arrayValue?.count == 10)
        let path = try #require(report["results"]?["path"]?.stringValue)
        let lines = try String(contentsOfFile: path, encoding: .utf8).split(separator: "\n")
        #expect(lines.count == 301)
    }

    @Test("After the demo its jobs are listed from the data directory", .timeLimit(.minutes(2)))
    func jobsAfterwards() throws {
        let folder = try ScratchFolder()
        let data = folder.path + "/demo"
        #expect(try BuiltProgram.run(["demo", "--rows", "50", "--data", data]).status == 0)
        let listed = try BuiltProgram.run(["jobs", "list", "--json", "--data", data])
        let jobs = try JSONValue(parsing: listed.standardOutput).arrayValue
        #expect(jobs?.map { $0["state"]?.stringValue } == ["COMPLETED", "COMPLETED", "COMPLETED"])
        let submitted = try BuiltProgram.run(["submit", "csv-validate", "x.csv", "--data", data])
        #expect(submitted.status == 4)
        #expect(submitted.standardError.contains("headrace up --data"))
    }
}

/// The program beside the tests.
enum BuiltProgram {
    /// The folder that the tests were built into.
    private static let folder = URL(fileURLWithPath: CommandLine.arguments[0]).deletingLastPathComponent()

    /// Whether executable and bundled handlers are there.
    static var isComplete: Bool {
        let files = ["headrace", "headrace-host", "handlers/churn-predict/handler.yml"]
        return files.allSatisfy { FileManager.default.fileExists(atPath: folder.appendingPathComponent($0).path) }
    }

    /// How a run ended.
    struct Done {
        let status: Int32
        let standardOutput: String
        let standardError: String
    }

    /// Runs the program to its end, without the caller's AWS and Headrace settings.
    static func run(_ arguments: [String]) throws -> Done {
        let process = Process()
        process.executableURL = folder.appendingPathComponent("headrace")
        process.arguments = arguments
        process.environment = ProcessInfo.processInfo.environment.filter {
            !$0.key.hasPrefix("AWS_") && !$0.key.hasPrefix("HEADRACE_")
        }
        let output = try ScratchFolder()
        let files = ["out", "err"].map { output.path + "/" + $0 }
        for file in files { try Data().write(to: URL(fileURLWithPath: file)) }
        process.standardOutput = FileHandle(forWritingAtPath: files[0])
        process.standardError = FileHandle(forWritingAtPath: files[1])
        process.standardInput = FileHandle.nullDevice
        try process.run()
        process.waitUntilExit()
        return Done(
            status: process.terminationStatus,
            standardOutput: try String(contentsOfFile: files[0], encoding: .utf8),
            standardError: try String(contentsOfFile: files[1], encoding: .utf8))
    }
}
