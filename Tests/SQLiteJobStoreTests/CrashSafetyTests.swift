import Foundation
import JobCore
import JobTestKit
import Testing

@testable import SQLiteJobStore

@Suite("The job database after a crash")
struct CrashSafetyTests {
    @Test("A process that is killed loses nothing that a change had returned")
    func killedProcess() async throws {
        try await TemporaryDirectory.with { directory in
            let path = "\(directory)/jobs.db"
            await #expect(processExitsWith: .signal(SIGKILL)) { [path = path as String] in
                let store = try SQLiteJobStore.open(path: path)
                for number in 0..<20 { try await store.complete("j\(number)") }
                _ = try await store.claim("half")
                kill(getpid(), SIGKILL)
            }
            let store = try SQLiteJobStore.open(path: path)
            #expect(try await store.records(matching: JobFilter(states: [.completed])).count == 20)
            #expect(try await store.record(of: try JobSamples.id("half"))?.state == .running)
            let status = try SQLiteJobStore.status(path: path)
            #expect(status.integrityFaults.isEmpty)
            try store.close()
        }
    }

    @Test(
        "A log that was cut off in the middle of a transaction gives the state before it", arguments: [1, 100, 5_000])
    func tornLog(missingBytes: Int) async throws {
        try await withStore { store in
            try await store.complete("first")
            let whole = try Data(contentsOf: URL(filePath: store.path + "-wal")).count
            _ = try await store.claim("second")
            let copy = store.path + "-copy"
            try FileManager.default.copyItem(atPath: store.path, toPath: copy)
            let log = try Data(contentsOf: URL(filePath: store.path + "-wal"))
            try #require(log.count - missingBytes > whole)
            try log.dropLast(missingBytes).write(to: URL(filePath: copy + "-wal"))
            let reopened = try SQLiteJobStore.open(path: copy)
            #expect(try await reopened.record(of: try JobSamples.id("first"))?.state == .completed)
            #expect(try await reopened.record(of: try JobSamples.id("second")) == nil)
            #expect(try await reopened.events(of: try JobSamples.id("second")).isEmpty)
            try reopened.close()
        }
    }
}
