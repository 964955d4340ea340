import GRDB
import JobCore
import JobTestKit
import Testing

@testable import SQLiteJobStore

@Suite("SQLite job store")
struct SQLiteJobStoreTests {
    @Test("A record in which every member has a value comes back unchanged")
    func fullRecord() async throws {
        try await withStore { store in
            let full = try JobSamples.fullRecord(id: "full", now: Timestamp(nanoseconds: 1_800_000_000_123_456_789))
            _ = try await store.change(full.id) { _ in JobChange(true, record: full) }
            #expect(try await store.record(of: full.id) == full)
        }
    }

    @Test(
        "Times are stored to the nanosecond, whatever the year",
        arguments: [
            (Int128(0), "1970-01-01T00:00:00.000000000Z"),
            (1_800_000_000_000_000_001, "2027-01-15T08:00:00.000000001Z"),
            (-1, "1969-12-31T23:59:59.999999999Z"),
            (253_402_300_799_999_999_999, "9999-12-31T23:59:59.999999999Z"),
        ])
    func storedTimes(nanoseconds: Int128, text: String) {
        let time = Timestamp(nanoseconds: nanoseconds)
        #expect(time.stored == text)
        #expect(Timestamp(rfc3339: text) == time)
    }

    @Test("The columns of the replaced system are there under clear names")
    func replacedColumns() async throws {
        try await withStore { store in
            try await store.complete("j1")
            let row = try store.pool.read { db in
                try Row.fetchOne(
                    db, sql: "SELECT message_id, queued_at, output_key, rows_processed, error_message FROM jobs")
            }
            #expect(row?["message_id"] == "m-1")
            #expect(row?["queued_at"] == "2027-01-15T08:00:00.000000000Z")
            #expect(row?["output_key"] == "results/scores.csv")
            #expect(row?["rows_processed"] == 3)
            #expect(row?["error_message"] == DatabaseValue.null)
        }
    }

    @Test("The compare-and-set refuses a record whose state or epoch has moved on")
    func compareAndSet() async throws {
        try await withStore { store in
            guard case .start(let current) = try await store.claim("j1") else {
                Issue.record("expected a start")
                return
            }
            var oldEpoch = current
            oldEpoch.epoch -= 1
            var oldState = current
            oldState.state = .queued
            let (first, second) = (oldEpoch, oldState)
            let answers = try await store.pool.write { db in
                (
                    try JobTable.update(current, expecting: first, db),
                    try JobTable.update(current, expecting: second, db),
                    try JobTable.insert(current, db), try JobTable.update(current, expecting: current, db)
                )
            }
            #expect(answers == (false, false, false, true))
        }
    }

    @Test("Of concurrent claims through two stores on one file exactly one starts the job")
    func twoStores() async throws {
        try await withStore { first in
            let second = try SQLiteJobStore.open(path: first.path, busyTimeout: .seconds(10))
            for job in 0..<10 {
                let starts = try await withThrowingTaskGroup(of: Bool.self) { group in
                    for place in 0..<8 {
                        let store = place.isMultiple(of: 2) ? first : second
                        group.addTask { try await store.claim("j\(job)", by: "r\(place)").isStart }
                    }
                    return try await group.reduce(0) { $0 + ($1 ? 1 : 0) }
                }
                #expect(starts == 1, "starts of j\(job)")
            }
            try second.close()
        }
    }

    @Test("A change is carried out even when its task has been cancelled")
    func cancelledTask() async throws {
        try await withStore { store in
            let task = Task {
                withUnsafeCurrentTask { $0?.cancel() }
                return try await store.claim("j1").isStart
            }
            let isStart = try await task.value
            #expect(isStart)
        }
    }

    @Test("A job whose row is damaged says which column, and harms no other job in the same transaction")
    func damagedRow() async throws {
        try await withStore { store in
            _ = try await store.claim("bad")
            try await store.pool.write { try $0.execute(sql: "UPDATE jobs SET inputs = '{' WHERE job_id = 'bad'") }
            let outcomes = await withTaskGroup(of: (String, Bool).self) { group in
                for id in ["bad", "good-1", "good-2", "good-3"] {
                    group.addTask { (id, ((try? await store.claim(id).isStart) ?? false)) }
                }
                return await group.reduce(into: [:]) { $0[$1.0] = $1.1 }
            }
            #expect(outcomes == ["bad": false, "good-1": true, "good-2": true, "good-3": true])
            let error = await #expect(throws: JobStoreError.self) {
                try await store.record(of: try JobSamples.id("bad"))
            }
            #expect(error?.description.contains("jobs.inputs of job bad") == true)
        }
    }

    @Test("A database that another process holds for too long is busy, and usable afterwards")
    func lockedDatabase() async throws {
        try await TemporaryDirectory.with { directory in
            let store = try SQLiteJobStore.open(path: "\(directory)/jobs.db", busyTimeout: .milliseconds(50))
            var configuration = Configuration()
            configuration.allowsUnsafeTransactions = true
            let other = try DatabaseQueue(path: store.path, configuration: configuration)
            try await other.writeWithoutTransaction { try $0.execute(sql: "BEGIN IMMEDIATE") }
            let error = await #expect(throws: JobStoreError.self) { try await store.claim("j1") }
            guard case .busy = error else {
                Issue.record("expected busy, found \(String(describing: error))")
                return
            }
            try await other.writeWithoutTransaction { try $0.execute(sql: "ROLLBACK") }
            #expect(try await store.claim("j1").isStart)
            try store.close()
        }
    }

    @Test("A full disk is a storage error, nothing is half written, and room makes it work again")
    func fullDisk() async throws {
        try await withStore { store in
            _ = try await store.claim("j0")
            try await store.pool.writeWithoutTransaction { db in
                _ = try Int.fetchOne(db, sql: "PRAGMA max_page_count = 1")
            }
            var failed: String?
            for number in 1...500 where failed == nil {
                do { _ = try await store.claim("j\(number)") } catch let error as JobStoreError {
                    guard case .storage = error else { throw error }
                    failed = "j\(number)"
                }
            }
            let loser = try #require(failed)
            #expect(try await store.record(of: try JobSamples.id(loser)) == nil)
            #expect(try await store.events(of: try JobSamples.id(loser)).isEmpty)
            try await store.pool.writeWithoutTransaction { db in
                _ = try Int.fetchOne(db, sql: "PRAGMA max_page_count = 1000000")
            }
            #expect(try await store.claim(loser).isStart)
        }
    }
}
