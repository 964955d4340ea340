package import HTTPTransport
internal import HTTPTypes
internal import LabProtocol

/// HTTP in the lab's world: requests go out at once, answers come when the lab says so, time limits are virtual.
package struct LabTransport: HTTPTransport {
    private let base: any HTTPTransport
    private let world: LabWorld

    /// Wraps a transport; requests from before the world is entered go through unchanged.
    package init(_ base: any HTTPTransport, in world: LabWorld) {
        self.base = base
        self.world = world
    }

    package func send(_ request: TransportRequest) async throws(TransportError) -> TransportResponse {
        guard world.hasEntered else { return try await base.send(request) }
        guard let header = HTTPField.Name(LabWire.callHeader) else { preconditionFailure("a name of a header") }
        let id = world.beginCall()
        defer { world.endCall(id) }
        var request = request
        request.head.headerFields[header] = "\(world.name)/\(id)"
        let limit = request.timeouts.total ?? request.timeouts.stall
        request.timeouts = TransportTimeouts(connect: .seconds(30), total: .seconds(86_400))
        guard let limit else { return try await exchange(request, id).get() }
        return try await exchange(request, id, limit: limit).get()
    }

    private func exchange(_ request: TransportRequest, _ id: UInt64) async -> Result<TransportResponse, TransportError>
    {
        await withTaskCancellationHandler {
            world.sendCall(id)
            defer { world.takeCall(id) }
            do throws(TransportError) {
                return .success(try await base.send(request))
            } catch {
                return .failure(error)
            }
        } onCancel: {
            // The transport's thread reports the end in a moment.
            world.awaitCall(id)
        }
    }

    private func exchange(
        _ request: TransportRequest, _ id: UInt64, limit: Duration
    ) async -> Result<TransportResponse, TransportError> {
        let host = request.head.authority ?? ""
        return await withTaskGroup(of: Result<TransportResponse, TransportError>?.self) { group in
            group.addTask { await exchange(request, id) }
            group.addTask {
                do { try await LabClock(world).sleep(for: limit) } catch { return nil }
                return .failure(.timedOut(host: host, phase: .total))
            }
            var outcome: Result<TransportResponse, TransportError>?
            for await ended in group {
                if outcome == nil, let ended {
                    outcome = ended
                    group.cancelAll()
                }
            }
            return outcome ?? .failure(.cancelled(host: host))
        }
    }
}
