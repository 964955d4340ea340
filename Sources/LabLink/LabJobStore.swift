package import JobCore
internal import LabProtocol
internal import PureJSON
internal import Synchronization

/// The job database in the lab's world: one call at a time, and each line of the audit trail is an event that the
/// runner can be stopped at, after it has been committed and before anybody knows.
package struct LabJobStore: JobStore {
    private let base: any JobStore
    private let world: LabWorld

    /// Wraps a store.
    package init(_ base: any JobStore, in world: LabWorld) {
        self.base = base
        self.world = world
    }

    package func change<Decision: Sendable>(
        _ id: JobID, _ decide: @escaping @Sendable (JobRecord?) -> JobChange<Decision>
    ) async throws(JobStoreError) -> Decision {
        let written = Written()
        await world.beginWork()
        let result: Result<Decision, JobStoreError>
        do throws(JobStoreError) {
            result = .success(
                try await base.change(id) { record in
                    let change = decide(record)
                    written.events.withLock { $0 = change.record == nil ? [] : change.events }
                    return change
                })
        } catch {
            result = .failure(error)
        }
        world.endWork()
        if case .success = result {
            for event in written.events.withLock(\.self) { await world.hold(WorldEvent(event)) }
        }
        return try result.get()
    }

    package func record(of id: JobID) async throws(JobStoreError) -> JobRecord? {
        await world.beginWork()
        defer { world.endWork() }
        return try await base.record(of: id)
    }

    package func records(matching filter: JobFilter) async throws(JobStoreError) -> [JobRecord] {
        await world.beginWork()
        defer { world.endWork() }
        return try await base.records(matching: filter)
    }

    package func events(of id: JobID) async throws(JobStoreError) -> [JobEvent] {
        await world.beginWork()
        defer { world.endWork() }
        return try await base.events(of: id)
    }

    package func attempts(of id: JobID) async throws(JobStoreError) -> [AttemptRecord] {
        await world.beginWork()
        defer { world.endWork() }
        return try await base.attempts(of: id)
    }

    private final class Written: Sendable {
        let events = Mutex<[JobEvent]>([])
    }
}

extension WorldEvent {
    /// A line of a job's audit trail, as `job.` and its kind.
    init(_ event: JobEvent) {
        var data: JSONObject = ["to": .string(event.to.rawValue), "epoch": .integer(event.epoch)]
        if let from = event.from { data["from"] = .string(from.rawValue) }
        if let detail = event.detail { data["detail"] = .string(detail) }
        data["actor"] = .string(event.actor)
        self.init("job.\(event.kind)", subject: event.jobID.rawValue, data: data)
    }
}
