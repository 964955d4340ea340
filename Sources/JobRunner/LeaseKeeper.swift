import JobCore
import Logging

/// Keeps messages hidden and leases alive while their jobs run, and learns of cancellation and lost leases.
struct LeaseKeeper: Sendable {
    let settings: RunnerSettings
    let ports: RunnerPorts
    let inFlight: InFlightJobs
    let logger: Logger

    /// How often the store is asked about each running job.
    private static let watchInterval = Duration.seconds(1)

    /// Runs until its task is cancelled.
    func run() async {
        let beat = settings.visibility / 3
        var nextBeat = ports.clock.uptime() + jittered(beat)
        var nextRenewal = nextBeat
        while !Task.isCancelled {
            let tick = min(Self.watchInterval, beat)
            do { try await ports.clock.sleep(for: tick) } catch { return }
            let now = ports.clock.uptime()
            if now >= nextBeat {
                await extendVisibility()
                nextBeat = ports.clock.uptime() + jittered(beat)
            }
            let renewsAll = now >= nextRenewal
            if renewsAll { nextRenewal = ports.clock.uptime() + jittered(beat) }
            for work in inFlight.all { await watch(work, renewsLease: renewsAll) }
        }
    }

    /// A beat comes up to a tenth early, never late.
    private func jittered(_ beat: Duration) -> Duration { beat * (1 - ports.random() / 10) }

    private func extendVisibility() async {
        let receipts = inFlight.beginBeat()
        defer { inFlight.endBeat() }
        guard !receipts.isEmpty else { return }
        do {
            let refused = try await ports.queue.changeVisibility(of: receipts, to: settings.visibility)
            for error in refused.values {
                logger.warning("\(LogEvent.heartbeatFailed)", metadata: [LogKey.error: "\(error)"])
            }
        } catch {
            logger.warning("\(LogEvent.heartbeatFailed)", metadata: [LogKey.error: "\(error)"])
        }
    }

    private func watch(_ work: JobWork, renewsLease: Bool) async {
        guard let record = work.record else { return }
        let progress = work.takeProgress()
        do {
            switch try await ask(record, progress, renewsLease: renewsLease) {
            case .renewed(let canceller): if let canceller { work.stop(.cancelled(by: canceller)) }
            case .lost where work.record == nil: break
            case .lost:
                logger.warning("\(LogEvent.leaseLost)", metadata: [LogKey.jobID: "\(record.id)"])
                work.stop(.leaseLost)
            }
        } catch {
            logger.warning(
                "\(LogEvent.heartbeatFailed)", metadata: [LogKey.jobID: "\(record.id)", LogKey.error: "\(error)"])
        }
    }

    private func ask(
        _ record: JobRecord, _ progress: (fraction: Double, note: String)?, renewsLease: Bool
    ) async throws(JobStoreError) -> RenewalVerdict {
        let claim = JobClaim(jobID: record.id, epoch: record.epoch, runner: settings.id)
        guard renewsLease || progress != nil else {
            guard let current = try await ports.store.record(of: record.id) else { return .lost }
            guard current.state == .running, current.epoch == record.epoch else { return .lost }
            return .renewed(cancelRequestedBy: current.cancelRequestedBy)
        }
        let until = ports.clock.now() + settings.visibility
        return try await ports.store.change(record.id) { existing in
            claim.renew(until: until, progress: progress?.fraction, note: progress?.note, existing)
        }
    }
}
