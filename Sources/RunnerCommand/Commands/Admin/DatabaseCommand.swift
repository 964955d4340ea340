import ArgumentParser
import JobCore
import Offloading
import PureJSON
import SQLiteJobStore

/// `headrace db`: the job database.
struct DatabaseCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "db", abstract: "Bring the job database up to date, and show what is in it.",
        subcommands: [Status.self, Migrate.self])

    /// `headrace db migrate`.
    struct Migrate: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Bring the database's tables to this version; make the file when it is missing.")

        @OptionGroup var global: GlobalOptions

        func run() async throws {
            let session = try global.session()
            let database = session.configuration.database
            try LocalFile.makeDirectory(LocalFile.directory(of: database.path))
            let applied = try await DatabaseWork.run { () throws(JobStoreError) in
                try SQLiteJobStore.migrate(path: database.path, busyTimeout: database.busyTimeout)
            }
            if session.console.writesJSON {
                return session.console.json([
                    "path": .string(database.path), "applied": .array(applied.map { .string($0) }),
                ])
            }
            guard !applied.isEmpty else {
                return session.console.out.line("\(database.path) is up to date")
            }
            for name in applied { session.console.out.line("applied  \(name)") }
        }
    }

    /// `headrace db status`.
    struct Status: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Show migrations, size, integrity and the number of jobs in each state.")

        @OptionGroup var global: GlobalOptions

        func run() async throws {
            let session = try global.session()
            let database = session.configuration.database
            let status = try await DatabaseWork.run { () throws(JobStoreError) in
                try SQLiteJobStore.status(path: database.path, busyTimeout: database.busyTimeout)
            }
            show(status, session.console)
            guard status.integrityFaults.isEmpty else {
                throw CommandFailure(
                    .unreachable, "\(status.path) is damaged: \(status.integrityFaults.joined(separator: "; "))",
                    next: "Stop the runners and restore the file from a backup.")
            }
            guard status.unknownMigrations.isEmpty, status.pendingMigrations.isEmpty else {
                throw CommandFailure(
                    .configuration, "\(status.path) does not fit this version",
                    next: status.unknownMigrations.isEmpty
                        ? "Run `headrace db migrate`." : "Run a newer headrace.")
            }
        }

        private func show(_ status: DatabaseStatus, _ console: Console) {
            let states = JobState.allCases.compactMap { state in
                status.jobsByState[state.rawValue].map { (state, $0) }
            }
            if console.writesJSON {
                var jobs = JSONObject()
                for (state, count) in states { jobs[state.rawValue] = .integer(Int64(count)) }
                return console.json([
                    "path": .string(status.path), "size_bytes": .integer(status.sizeBytes),
                    "log_size_bytes": .integer(status.logSizeBytes), "free_bytes": .integer(status.freeBytes),
                    "applied": .array(status.appliedMigrations.map { .string($0) }),
                    "pending": .array(status.pendingMigrations.map { .string($0) }),
                    "unknown": .array(status.unknownMigrations.map { .string($0) }),
                    "integrity_faults": .array(status.integrityFaults.map { .string($0) }),
                    "jobs": .object(jobs), "sqlite_version": .string(status.sqliteVersion),
                ])
            }
            let pending = status.pendingMigrations
            console.facts(
                [
                    ("file", status.path),
                    (
                        "size",
                        "\(HumanFormat.bytes(status.sizeBytes)), log \(HumanFormat.bytes(status.logSizeBytes)), "
                            + "\(HumanFormat.bytes(status.freeBytes)) free"
                    ),
                    ("applied", status.appliedMigrations.joined(separator: ", ")),
                    ("pending", pending.isEmpty ? "none" : pending.joined(separator: ", ")),
                    ("integrity", status.integrityFaults.isEmpty ? "ok" : "\(status.integrityFaults.count) faults"),
                    ("sqlite", status.sqliteVersion),
                    (
                        "jobs",
                        states.isEmpty
                            ? "none"
                            : states.map { "\(HumanFormat.count($0.1)) \($0.0.rawValue)" }.joined(separator: ", ")
                    ),
                ], indent: 0)
        }
    }
}

/// Calls to the database file that block.
enum DatabaseWork {
    /// Runs a call off the cooperative threads.
    static func run<Value: Sendable>(
        _ call: @escaping @Sendable () throws(JobStoreError) -> Value
    ) async throws(CommandFailure) -> Value {
        let outcome: Result<Value, JobStoreError> = await BlockingWork.run {
            do throws(JobStoreError) { return .success(try call()) } catch { return .failure(error) }
        }
        switch outcome {
        case .success(let value): return value
        case .failure(let error): throw CommandFailure(error)
        }
    }
}
