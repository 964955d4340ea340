import AWSAdapters
import AWSWire
import HandlerHosting
import JobCore
import SQLiteJobStore

/// Looks at everything that a runner needs, one area after the other; nothing keeps the next from being looked at.
struct DoctorChecks {
    private let session: Session
    private let composition: Composition

    /// Prepares the checks of a session.
    init(_ session: Session) {
        self.session = session
        composition = Composition(session)
    }

    private var settings: HeadraceConfiguration { session.configuration }

    /// Runs all checks.
    func run() async -> [Finding] {
        var findings = configuration()
        let hasCredentials = await credentials(&findings)
        let (handlerFindings, longestTimeout) = await handlers()
        if hasCredentials {
            findings += await queues(longestTimeout)
            findings += await buckets()
        }
        findings += await database()
        findings += handlerFindings
        findings += await isolation()
        findings += scratch()
        return findings
    }

    private func configuration() -> [Finding] {
        var findings: [Finding] = []
        if let data = session.data, let endpoint = session.endpoint {
            findings.append(.ok("configuration", "data directory \(data.path), embedded cloud at \(endpoint.url)"))
        } else {
            let own = settings.entries.count { $0.origin != .builtIn }
            findings.append(
                .ok("configuration", "\(settings.file ?? "no configuration file"), \(own) settings of your own"))
            do {
                try settings.checkForRunning()
            } catch {
                findings.append(
                    .error(
                        "configuration", CommandFailure(.configuration, error.description),
                        fix: "Write `storage: { allowed_buckets: [BUCKET] }` into headrace.yml."))
            }
        }
        findings += settings.warnings.map { .warning("configuration", $0, fix: "Rename or unset the variable.") }
        return findings
    }

    private func credentials(_ findings: inout [Finding]) async -> Bool {
        do {
            let found = try await composition.resolvedCredentials()
            findings.append(.ok("credentials", "access key \(found.accessKeyID)"))
            let region = try await composition.region()
            findings.append(.ok("region", region))
            return true
        } catch {
            findings.append(
                .error(
                    "credentials", error, fix: "Set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, or AWS_PROFILE."))
            return false
        }
    }

    private func queues(_ longestTimeout: Duration?) async -> [Finding] {
        var findings: [Finding] = []
        var source: QueueAttributes?
        do {
            let attributes = try await attributes(of: composition.queue())
            source = attributes
            findings += QueueChecks.findings(
                attributes, settings: settings, longestTimeout: longestTimeout, isEmbedded: session.data != nil)
        } catch {
            findings.append(.error("queue", error, fix: fix(for: error)))
        }
        do {
            let attributes = try await attributes(of: composition.deadLetterQueue())
            findings += QueueChecks.deadLetterFindings(attributes, source: source, settings: settings)
        } catch {
            findings.append(.error("dead letters", error, fix: fix(for: error)))
        }
        return findings
    }

    /// The fix where a command would point here.
    private func fix(for failure: CommandFailure) -> String? {
        guard failure.status == .unreachable, session.data == nil else { return failure.nextStep }
        return "Start the service, or mend aws.endpoint_url, aws.region and the network."
    }

    private func attributes(of queue: SQSMessageQueue) async throws(CommandFailure) -> QueueAttributes {
        do {
            return try await queue.attributes()
        } catch {
            throw CommandFailure(error)
        }
    }

    private func buckets() async -> [Finding] {
        var names = settings.storage.allowedBuckets
        for name in [settings.storage.outputBucket, session.endpoint?.bucket] {
            if let name, !names.contains(name) { names.append(name) }
        }
        var findings: [Finding] = []
        do {
            let admin = S3Admin(store: try await composition.objects())
            for name in names { findings.append(await bucket(name, admin)) }
        } catch {
            findings.append(.error("buckets", error))
        }
        return findings
    }

    private func bucket(_ name: String, _ admin: S3Admin) async -> Finding {
        do {
            try await admin.headBucket(name)
            return .ok("bucket", "\(name) answers")
        } catch {
            return .error(
                "bucket", CommandFailure(error),
                fix: error.kind == .notFound
                    ? "Create the bucket \(name), or take it out of storage.allowed_buckets."
                    : fix(for: CommandFailure(error)))
        }
    }

    private func database() async -> [Finding] {
        let database = settings.database
        guard LocalFile.isFile(database.path) else {
            return [.note("database", "\(database.path) is not there yet; the runner makes it")]
        }
        do {
            let status = try await DatabaseWork.run { () throws(JobStoreError) in
                try SQLiteJobStore.status(path: database.path, busyTimeout: database.busyTimeout)
            }
            let jobs = status.jobsByState.values.reduce(0, +)
            var findings: [Finding] = []
            if !status.integrityFaults.isEmpty {
                let faults = status.integrityFaults.joined(separator: "; ")
                findings.append(
                    .error(
                        "database", CommandFailure(.unreachable, "\(status.path) is damaged: \(faults)"),
                        fix: "Stop the runners and restore the file from a backup."))
            }
            if !status.pendingMigrations.isEmpty {
                let pending = status.pendingMigrations.joined(separator: ", ")
                findings.append(
                    .error(
                        "database", CommandFailure(.configuration, "\(status.path) lacks \(pending)"),
                        fix: "Run `headrace db migrate`."))
            }
            if !status.unknownMigrations.isEmpty {
                findings.append(
                    .error(
                        "database", CommandFailure(.configuration, "\(status.path) was written by a newer headrace"),
                        fix: "Run a newer headrace."))
            }
            if findings.isEmpty {
                findings.append(
                    .ok(
                        "database",
                        "\(status.path): \(HumanFormat.count(jobs)) jobs, \(HumanFormat.bytes(status.sizeBytes))"))
            }
            return findings
        } catch {
            return [.error("database", error)]
        }
    }

    private func handlers() async -> (findings: [Finding], longestTimeout: Duration?) {
        do {
            let (catalog, faults) = try await composition.handlers(logger: .silent)
            let all = catalog.descriptions()
            await catalog.shutdown()
            var findings = [Finding.ok("host", composition.hostExecutable)]
            findings += all.map { .ok("handler", "\($0.name) \($0.version): \($0.title)") }
            findings += faults.map {
                .error(
                    "handler", CommandFailure(.configuration, $0),
                    fix: "Mend or remove the handler; the others are not affected.")
            }
            if all.isEmpty && faults.isEmpty {
                let folders = settings.handlers.directories.joined(separator: ", ")
                findings.append(
                    .error(
                        "handler", CommandFailure(.configuration, "there is no handler in \(folders)"),
                        fix: "Set handlers.directories to folders with one folder per handler."))
            }
            return (findings, all.map(\.timeout).max())
        } catch {
            return ([.error("host", error)], nil)
        }
    }

    private func isolation() async -> [Finding] {
        do {
            return try await composition.isolation().map { layer in
                let text = "\(layer.name): \(layer.why)"
                guard !layer.isOn else { return .ok("isolation", text) }
                return .warning("isolation", text, fix: "Handlers run without this layer until that is mended.")
            }
        } catch {
            return [.error("isolation", error, fix: error.nextStep)]
        }
    }

    private func scratch() -> [Finding] {
        let path = settings.scratch.directory
        do {
            try LocalFile.makeDirectory(path, mode: 0o700)
            try LocalFile.checkWritable(path)
            guard let free = LocalFile.freeBytes(path) else { return [.ok("scratch", path)] }
            let text = "\(path): \(HumanFormat.bytes(free)) free"
            guard free < 1_000_000_000 else { return [.ok("scratch", text)] }
            return [.warning("scratch", text, fix: "Free disk space, or set scratch.directory to a larger disk.")]
        } catch {
            return [.error("scratch", error, fix: "Set scratch.directory to a directory that may be written.")]
        }
    }
}
