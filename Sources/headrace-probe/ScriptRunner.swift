import CHandlerABI
import CHandlerProbe
import CHostProcess
import Glibc
import ProbeProtocol
import Synchronization

/// Does what a script says, on a thread of its own, and ends the process.
struct ScriptRunner: Sendable {
    /// After how many repetitions the surroundings are looked at.
    private static let lookInterval = 10

    let script: ProbeScript

    func run() {
        ProbeChannel.send(.began(Surroundings.look()))
        guard let host = unsafe HostTable.make(script.table) else { ProbeFailure.end("no memory for a host table") }
        if let library = unsafe ProbedLibrary.load(script.libraryPath, host: host), create(library) {
            for repetition in 1...max(script.repetitions, 1) {
                let isLast = repetition >= script.repetitions
                runAll(library, isReported: isLast)
                if !isLast, repetition.isMultiple(of: Self.lookInterval) || repetition == 1 {
                    ProbeChannel.send(.repeated(count: repetition, Surroundings.look()))
                }
            }
            listenForLateCalls()
            library.destroyAll()
            ProbeChannel.send(.destroyed)
        }
        ProbeChannel.send(.late(probeState.takeStrayCalls()))
        ProbeChannel.send(.finished(Surroundings.look()))
        host_leave(0)
    }

    /// Makes all instances; `false` as soon as one cannot be made.
    private func create(_ library: ProbedLibrary) -> Bool {
        for instance in 0..<script.instances {
            let status = library.create(config: script.config)
            let error = probeState.takeCreationError()
            ProbeChannel.send(.created(instance: instance, status: status, error: error))
            guard status == JH_OK else { return false }
        }
        return true
    }

    private func runAll(_ library: ProbedLibrary, isReported: Bool) {
        switch script.order {
        case .oneByOne:
            for (place, plan) in script.runs.enumerated() { run(plan, place, library, isReported) }
        case .together:
            let gate = Gate()
            for (place, plan) in script.runs.enumerated() {
                let failed = ProbeThread.start {
                    run(plan, place, library, isReported)
                    gate.open()
                }
                if failed != 0 { ProbeFailure.end("no thread for a run (errno \(failed))") }
            }
            for _ in script.runs { gate.wait() }
        }
    }

    private func run(_ plan: ProbeRun, _ place: Int, _ library: ProbedLibrary, _ isReported: Bool) {
        if plan.startsAfresh, StateCalls.forgetCheckpoint(of: plan) != 0 {
            ProbeFailure.end("the checkpoint of an earlier run cannot be removed")
        }
        let run = probeState.begin(plan, place: place)
        run.whenCancelled { library.cancel(run) }
        if isReported { ProbeChannel.send(.started(run: place)) }
        run.reached(.beforeStart)
        let status = library.run(run)
        let facts = run.finish(status: status)
        probeState.end(run)
        if isReported { ProbeChannel.send(.ended(facts)) }
    }

    private func listenForLateCalls() {
        guard script.lateCallMilliseconds > 0 else { return }
        // Nobody opens this gate: it is the time that counts.
        _ = Gate().wait(milliseconds: Int64(script.lateCallMilliseconds))
    }
}

/// What this process looks like.
enum Surroundings {
    static func look() -> ProcessSurroundings {
        var found = probe_surroundings()
        let failed = unsafe probe_look(&found)
        guard failed == 0 else { ProbeFailure.end("this process cannot be looked at (errno \(-failed))") }
        var surroundings = ProcessSurroundings()
        surroundings.residentBytes = found.resident_bytes
        surroundings.descriptors = Int(found.descriptors)
        surroundings.threads = Int(found.threads)
        surroundings.umask = found.umask
        surroundings.handledSignals = signals(found.handled_signals)
        surroundings.blockedSignals = signals(found.blocked_signals)
        surroundings.environmentDigest = Int64(bitPattern: found.environment)
        surroundings.directory = text(of: &found.directory)
        surroundings.locale = text(of: &found.locale)
        return surroundings
    }

    private static func signals(_ bits: UInt64) -> [Int32] {
        (0..<64).filter { bits & (1 << UInt64($0)) != 0 }.map { Int32($0 + 1) }
    }

    private static func text<Tuple>(of field: inout Tuple) -> String {
        unsafe withUnsafeBytes(of: &field) { bytes in
            unsafe String(decoding: bytes.prefix { $0 != 0 }, as: UTF8.self)
        }
    }
}
