import CHandlerABI
import HostProtocol
import ProbeProtocol
import Synchronization

/// What the functions that a handler calls can reach.
let probeState = ProbeState()

/// The runs under way, and the calls that belong to none of them.
final class ProbeState: Sendable {
    private struct State {
        var lastNumber: UInt64 = 0
        var runs: [UInt64: ProbedRun] = [:]
        var creationError: ReportedError?
        var strayCalls: [String: Int] = [:]
    }

    private let state = Mutex(State())

    /// Starts a run under a number that was never used before.
    func begin(_ plan: ProbeRun, place: Int) -> ProbedRun {
        state.withLock { state in
            state.lastNumber += 1
            let run = ProbedRun(number: state.lastNumber, place: place, plan: plan)
            state.runs[state.lastNumber] = run
            return run
        }
    }

    func end(_ run: ProbedRun) { state.withLock { _ = $0.runs.removeValue(forKey: run.number) } }

    /// The run that a handle stands for; a handle that stands for none is noted.
    func run(_ job: OpaquePointer?, _ call: String) -> ProbedRun? {
        let found = unsafe ProbeHandle.run(of: job).flatMap { number in state.withLock { $0.runs[number] } }
        guard let found else {
            noteStray("\(call): \(unsafe wrongness(ProbeHandle.run(of: job), job))")
            return nil
        }
        found.count()
        return found
    }

    /// The stream that a handle stands for; a handle that stands for none is noted.
    func stream(_ stream: OpaquePointer?, _ call: String) -> (stream: ProbeStream, run: ProbedRun)? {
        let handle = unsafe ProbeHandle.stream(of: stream)
        let run = handle.flatMap { handle in state.withLock { $0.runs[handle.run] } }
        guard let handle, let run else {
            noteStray("\(call): \(unsafe wrongness(handle?.run, stream))")
            return nil
        }
        run.count()
        guard let found = run.stream(handle.place) else {
            run.note("\(call): the stream is closed")
            return nil
        }
        return (found, run)
    }

    private func wrongness(_ number: UInt64?, _ handle: OpaquePointer?) -> String {
        guard unsafe handle != nil else { return "the handle is NULL" }
        guard let number, number <= state.withLock({ $0.lastNumber }) else { return "the handle is none of the host's" }
        return "the run had ended"
    }

    func noteStray(_ what: String) { state.withLock { $0.strayCalls[what, default: 0] += 1 } }

    func noteCreation(_ error: ReportedError) { state.withLock { $0.creationError = error } }

    func takeCreationError() -> ReportedError? {
        state.withLock { state in
            defer { state.creationError = nil }
            return state.creationError
        }
    }

    /// The calls so far that belong to no run.
    func takeStrayCalls() -> [Misuse] {
        state.withLock { state in
            defer { state.strayCalls = [:] }
            return state.strayCalls.sorted { $0.key < $1.key }.map { Misuse(what: $0.key, count: $0.value) }
        }
    }
}

/// Handles: numbers that no address can be, so that a handler which follows one crashes.
enum ProbeHandle {
    // Neither user nor kernel addresses on x86_64 and aarch64 with 48 bits.
    private static let jobMark: UInt64 = 0x6A6F << 48
    private static let streamMark: UInt64 = 0x7374 << 48
    private static let markMask: UInt64 = 0xFFFF << 48
    private static let placeBits: UInt64 = 16
    private static let placeMask: UInt64 = 0xFFFF
    /// The most streams of one run.
    static let streamLimit = 0xFFFF

    static func job(_ run: UInt64) -> OpaquePointer? { unsafe OpaquePointer(bitPattern: UInt(jobMark | run)) }

    static func stream(run: UInt64, place: Int) -> OpaquePointer? {
        unsafe OpaquePointer(bitPattern: UInt(streamMark | run << placeBits | UInt64(place)))
    }

    static func run(of job: OpaquePointer?) -> UInt64? {
        let value = UInt64(UInt(bitPattern: job))
        return value & markMask == jobMark ? value & ~markMask : nil
    }

    static func stream(of stream: OpaquePointer?) -> (run: UInt64, place: Int)? {
        let value = UInt64(UInt(bitPattern: stream))
        guard value & markMask == streamMark else { return nil }
        return ((value & ~markMask) >> placeBits, Int(value & placeMask))
    }
}

/// SplitMix64.
///
/// Source: Steele, Lea, Flood, "Fast splittable pseudorandom number generators", 2014.
struct SplitMix64: RandomNumberGenerator, Sendable {
    private var state: UInt64

    init(seed: UInt64) { state = seed }

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var word = state
        word = (word ^ (word >> 30)) &* 0xBF58_476D_1CE4_E5B9
        word = (word ^ (word >> 27)) &* 0x94D0_49BB_1331_11EB
        return word ^ (word >> 31)
    }
}
