import HostProtocol
import JobCore
import Logging

/// Serves what one handler's host processes ask to keep, within the limits of its manifest.
struct HandlerStateDesk: Sendable {
    let store: any HandlerStateStore
    let handler: String
    /// The major version of the handler.
    let major: Int64
    let checkpointBytes: Int64
    let quota: HandlerStateQuota
    let logger: Logger

    /// Answers one request of a run.
    func answer(
        _ operation: HostStateRequest.Operation, of invocation: HandlerInvocation
    ) async -> HostStateReply.Answer {
        let key = CheckpointKey(jobID: invocation.jobID, handlerMajor: major)
        do throws(JobStoreError) {
            switch operation {
            case .putCheckpoint(let bytes):
                guard bytes.count <= checkpointBytes else { return .overLimit }
                let isSaved = try await store.saveCheckpoint(bytes, key, epoch: invocation.epoch)
                return isSaved ? .done : .notOwner
            case .getCheckpoint: return try await store.checkpoint(key).map { .value($0) } ?? .notFound
            case .putValue(let name, let bytes):
                let isSet = try await store.setValue(bytes, of: name, handler: handler, quota: quota)
                return isSet ? .done : .overLimit
            case .getValue(let name):
                return try await store.value(of: name, handler: handler).map { .value($0) } ?? .notFound
            }
        } catch {
            logger.warning(
                "the state of a handler could not be served",
                metadata: ["handler": "\(handler)", "job_id": "\(invocation.jobID)", "error": "\(error)"])
            return .failed
        }
    }
}
