import Foundation
import GRDB
import JobCore
import JobTestKit
import Testing

@testable import SQLiteJobStore

@Suite("Opening the job database")
struct DatabaseOpeningTests {
    @Test("Two that open a fresh file at once both succeed")
    func concurrentCreation() async throws {
        try await TemporaryDirectory.with { directory in
            let path = "\(directory)/jobs.db"
            let states = try await withThrowingTaskGroup(of: [String].self) { group in
                for _ in 0..<4 {
                    group.addTask {
                        let store = try SQLiteJobStore.open(path: path)
                        try store.close()
                        return try SQLiteJobStore.status(path: path).pendingMigrations
                    }
                }
                return try await group.reduce(into: []) { $0.append($1) }
            }
            #expect(states == [[], [], [], []])
        }
    }

    @Test("Migrating names what was applied, and nothing the second time")
    func migrating() async throws {
        try await TemporaryDirectory.with { directory in
            let path = "\(directory)/jobs.db"
            let first = try SQLiteJobStore.migrate(path: path)
            let second = try SQLiteJobStore.migrate(path: path)
            #expect(first == JobMigrations.migrator.migrations)
            #expect(second.isEmpty)
        }
    }

    @Test("The status shows migrations, sizes, integrity and jobs by state")
    func status() async throws {
        try await withStore { store in
            _ = try await store.claim("running")
            try await store.complete("done")
            let status = try SQLiteJobStore.status(path: store.path)
            #expect(status.appliedMigrations == JobMigrations.migrator.migrations)
            #expect(status.pendingMigrations.isEmpty)
            #expect(status.integrityFaults.isEmpty)
            #expect(status.jobsByState == ["RUNNING": 1, "COMPLETED": 1])
            #expect(status.sizeBytes + status.logSizeBytes > 0)
        }
    }

    @Test("The status of a damaged database names the damage")
    func damage() async throws {
        try await withStore { store in
            _ = try await store.claim("j1")
            try await store.pool.writeWithoutTransaction { db in
                try db.execute(sql: "PRAGMA foreign_keys = OFF; DELETE FROM jobs; PRAGMA foreign_keys = ON")
            }
            let faults = try SQLiteJobStore.status(path: store.path).integrityFaults
            #expect(faults.contains { $0.contains("without its job") })
        }
    }

    @Test("A file that lacks a migration is refused until it is migrated, and keeps its jobs")
    func olderSchema() async throws {
        try await withStore { old in
            try await old.complete("j1")
            let path = old.path
            var migrator = JobMigrations.migrator
            migrator.registerMigration("0002-next") { try $0.execute(sql: "ALTER TABLE jobs ADD COLUMN next TEXT") }
            let error = #expect(throws: JobStoreError.self) {
                try SQLiteJobStore.open(path: path, busyTimeout: .seconds(5), migrator: migrator)
            }
            #expect(error == .schema(detail: "\(path) lacks 0002-next; run `headrace db migrate`"))
            let applied = try SQLiteJobStore.migrate(path: path, busyTimeout: .seconds(5), migrator: migrator)
            #expect(applied == ["0002-next"])
            let store = try SQLiteJobStore.open(path: path, busyTimeout: .seconds(5), migrator: migrator)
            #expect(try await store.record(of: try JobSamples.id("j1"))?.state == .completed)
            try store.close()
        }
    }

    @Test("A file of a newer program is refused, for migrating too")
    func newerSchema() async throws {
        try await TemporaryDirectory.with { directory in
            let path = "\(directory)/jobs.db"
            _ = try SQLiteJobStore.migrate(path: path)
            try addMigration("9999-future", to: path)
            expectError(path, contains: "9999-future; run a newer headrace", isCase: "schema")
            #expect(throws: JobStoreError.self) { try SQLiteJobStore.migrate(path: path) }
            let status = try SQLiteJobStore.status(path: path)
            #expect(status.unknownMigrations == ["9999-future"])
        }
    }

    @Test("Another program's database is left alone")
    func foreignDatabase() async throws {
        try await TemporaryDirectory.with { directory in
            let path = "\(directory)/other.db"
            let other = try DatabaseQueue(path: path)
            try await other.write { try $0.execute(sql: "CREATE TABLE theirs (a)") }
            expectError(path, contains: "another program's database (tables theirs)", isCase: "schema")
            let mode = try await other.read { try String.fetchOne($0, sql: "PRAGMA journal_mode") }
            #expect(mode == "delete")
        }
    }

    @Test("A file that is no database says so")
    func notADatabase() async throws {
        try await TemporaryDirectory.with { directory in
            let path = "\(directory)/jobs.db"
            try Data(repeating: 0x41, count: 4_096).write(to: URL(filePath: path))
            expectError(path, contains: "not a SQLite database", isCase: "corrupt")
        }
    }

    @Test("A missing folder is named")
    func missingFolder() {
        expectError(
            "/nonexistent/folder/jobs.db", contains: "/nonexistent/folder does not exist", isCase: "unreachable")
    }

    @Test("A folder in the place of the file is named")
    func folderInPlace() async throws {
        try await TemporaryDirectory.with { expectError($0, contains: "directory", isCase: "unreachable") }
    }

    @Test("The status of a missing file is an error and makes no file")
    func missingFile() async throws {
        try await TemporaryDirectory.with { directory in
            let path = "\(directory)/jobs.db"
            #expect(throws: JobStoreError.self) { try SQLiteJobStore.status(path: path) }
            #expect(!FileManager.default.fileExists(atPath: path))
        }
    }

    @Test("A folder that may not be written is a storage error", .disabled(if: geteuid() == 0, "root may write all"))
    func unwritableFolder() async throws {
        try await TemporaryDirectory.with { directory in
            let path = "\(directory)/locked"
            try FileManager.default.createDirectory(
                atPath: path, withIntermediateDirectories: false, attributes: [.posixPermissions: 0o500])
            expectError("\(path)/jobs.db", contains: "Permission denied", isCase: "storage")
        }
    }

    @Test("A file system that takes no new files is a storage error", .enabled(if: isSysfsMounted))
    func refusingFileSystem() {
        expectError("/sys/kernel/headrace-jobs.db", contains: "/sys/kernel", isCase: "storage")
    }

    private static var isSysfsMounted: Bool { FileManager.default.fileExists(atPath: "/sys/kernel") }

    private func addMigration(_ name: String, to path: String) throws {
        let queue = try DatabaseQueue(path: path)
        try queue.write { db in
            try db.execute(sql: "INSERT INTO grdb_migrations VALUES (?)", arguments: [name])
        }
        try queue.close()
    }

    private func expectError(_ path: String, contains text: String, isCase name: String) {
        do {
            let store = try SQLiteJobStore.open(path: path, busyTimeout: .seconds(1))
            try store.close()
            Issue.record("\(path) was opened")
        } catch {
            #expect("\(error)".contains(text))
            #expect(String(describing: Mirror(reflecting: error).children.first?.label ?? "") == name)
        }
    }
}
