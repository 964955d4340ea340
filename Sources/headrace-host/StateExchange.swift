import CHandlerABI
import Glibc
import HostProtocol
import Synchronization

/// Sends state requests to the runner and waits for their replies, one at a time.
///
/// SAFETY: the semaphore is made once, never destroyed, and is itself thread-safe.
@safe final class StateExchange: @unchecked Sendable {
    private struct State {
        var lastNumber: UInt64 = 0
        var reply: HostStateReply?
    }

    // Held while waiting for a reply, so that the runner has one request of this process at most.
    private let turn = Mutex<Void>(())
    private let state = Mutex(State())
    private let arrivals: UnsafeMutablePointer<sem_t>

    init() {
        unsafe arrivals = .allocate(capacity: 1)
        unsafe sem_init(arrivals, 0, 0)
    }

    /// Blocks until the runner has answered; a runner that is gone ends this process.
    func perform(_ operation: HostStateRequest.Operation, run: UInt64) -> HostStateReply.Answer {
        turn.withLock { _ in
            let number = state.withLock { state in
                state.lastNumber += 1
                return state.lastNumber
            }
            hostState.channel.send(.stateRequest(HostStateRequest(run: run, number: number, operation: operation)))
            while true {
                unsafe sem_wait(arrivals)
                let reply = state.withLock { state in
                    defer { state.reply = nil }
                    return state.reply
                }
                if let reply, reply.number == number { return reply.answer }
            }
        }
    }

    /// Hands over a reply; called by the main thread.
    func deliver(_ reply: HostStateReply) {
        state.withLock { $0.reply = reply }
        unsafe sem_post(arrivals)
    }
}

/// What a run has read of its kept state, so that a length and the bytes after it come from one reading.
final class KeptState: Sendable {
    typealias Ask = (HostStateRequest.Operation) -> HostStateReply.Answer

    private struct State {
        var checkpoint: Result<[UInt8], ABIFailure>?
        var lastValue: (key: String, bytes: [UInt8])?
    }

    private let state = Mutex(State())

    func putCheckpoint(_ bytes: [UInt8], ask: Ask) -> Int32 {
        let failure = Self.failure(of: ask(.putCheckpoint(bytes)))
        if failure == nil { state.withLock { $0.checkpoint = .success(bytes) } }
        return failure?.code ?? JH_OK
    }

    func checkpoint(ask: Ask) -> Result<[UInt8], ABIFailure> {
        if let known = state.withLock({ $0.checkpoint }) { return known }
        let found = Self.value(of: ask(.getCheckpoint))
        // Only what the runner is sure of is remembered.
        if found != .failure(.inputOutput) { state.withLock { $0.checkpoint = found } }
        return found
    }

    func putValue(_ bytes: [UInt8]?, key: String, ask: Ask) -> Int32 {
        state.withLock { if $0.lastValue?.key == key { $0.lastValue = nil } }
        return Self.failure(of: ask(.putValue(key: key, bytes)))?.code ?? JH_OK
    }

    /// Reads a value; one that was just found too long for the buffer is given as it was then.
    func value(of key: String, capacity: UInt64, ask: Ask) -> Result<[UInt8], ABIFailure> {
        let known = state.withLock { state in
            defer { state.lastValue = nil }
            return state.lastValue?.key == key ? state.lastValue?.bytes : nil
        }
        let found = known.map { .success($0) } ?? Self.value(of: ask(.getValue(key: key)))
        if case .success(let bytes) = found, UInt64(bytes.count) > capacity {
            state.withLock { $0.lastValue = (key, bytes) }
        }
        return found
    }

    private static func value(of answer: HostStateReply.Answer) -> Result<[UInt8], ABIFailure> {
        guard case .value(let bytes) = answer else { return .failure(failure(of: answer) ?? .inputOutput) }
        return .success(bytes)
    }

    private static func failure(of answer: HostStateReply.Answer) -> ABIFailure? {
        switch answer {
        case .done, .value: nil
        case .notFound: .notFound
        case .overLimit: .limit
        case .notOwner: .state
        case .failed: .inputOutput
        }
    }
}
