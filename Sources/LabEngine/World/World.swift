internal import FakeCloud
internal import Glibc
internal import JobCore
internal import LabProtocol
internal import PureJSON

/// The lab's world: the processes under test, the cloud and the script, with one clock, and one thing at a time.
///
/// The shell of ``WorldScheduler``: it owns the time, lets processes and calls go on one by one, records what happens
/// and stops the world where the script waits for it.
actor World: CallGate {
    private struct Script {
        let continuation: CheckedContinuation<WorldStop, Never>
        let deadline: Int64?
        let matches: @Sendable (HistoryEvent) -> Bool
    }

    private struct Gate {
        let continuation: CheckedContinuation<Bool, Never>
    }

    let history: History
    private let cloud: FakeCloudAdministration
    private let seed: UInt64
    private var scheduler: WorldScheduler
    private var lines: [String: ProcessLine] = [:]
    private var gates: [WorldScheduler.CallName: Gate] = [:]
    private var script: Script?
    private let watch = CloudWatch()
    private var isDeciding = false
    private var mustDecide = false
    /// Why the world cannot go on; the first reason stays.
    private(set) var fault: String?

    /// Makes the world of a cloud whose clock stands still.
    init(cloud: FakeCloudAdministration, history: History, seed: UInt64) {
        self.cloud = cloud
        self.history = history
        self.seed = seed
        scheduler = WorldScheduler(seed: seed)
    }

    /// From here on calls that name themselves wait for this world.
    func open() { cloud.attach(self, observer: watch) }

    /// The time, in nanoseconds since the Unix epoch.
    var now: Int64 { Int64(clamping: cloud.clock.now().nanoseconds) }

    // MARK: - Processes

    /// A process is being started; nothing happens before it stands still for the first time.
    func starts(_ name: String) { scheduler.starts(name) }

    /// A process has greeted.
    func greeted(_ name: String, by line: ProcessLine) {
        lines[name] = line
        line.send(LabWire.Start(now: now, seed: KeyedChoice(seed: seed).weight(of: name)).line)
    }

    /// A process stands still.
    func reported(_ name: String, _ report: StandstillReport) async {
        scheduler.reports(name, added: report.added, withdrawn: report.withdrawn)
        for event in report.events { record(source: name, event) }
        await decide()
    }

    /// A process is gone.
    func left(_ name: String, status: String) async {
        lines[name] = nil
        for (call, gate) in gates where call.process == name {
            gates[call] = nil
            gate.continuation.resume(returning: false)
        }
        scheduler.ends(name)
        record(source: name, WorldEvent("runner.exited", subject: name, data: ["status": .string(status)]))
        await decide()
    }

    /// Tells a process that stands still of a signal, before it is sent.
    func announces(signal: Int32, to name: String) {
        guard let line = lines[name] else { return }
        scheduler.resumes(name)
        line.send(WorldOrder(now: now, happening: .signal(signal)).line)
    }

    /// A process is about to be killed: what it waits for will not happen, and the world waits for its end.
    func kills(_ name: String) { scheduler.starts(name) }

    /// A process speaks another language than this lab.
    func breaks(_ name: String, _ reason: String) {
        fault = fault ?? "\(name.isEmpty ? "a process" : name) cannot be understood: \(reason)"
        stop(.standstill)
    }

    // MARK: - Calls at the cloud

    func admit(_ call: String) async -> Bool {
        guard let call = WorldScheduler.CallName(call), lines[call.process] != nil else { return false }
        scheduler.arrives(call)
        return await wait(at: call)
    }

    func park(_ call: String, until time: Timestamp, queue: String?) async -> Bool {
        guard let call = WorldScheduler.CallName(call), scheduler.calls[call] != nil else { return false }
        scheduler.parks(call, until: Int64(clamping: time.nanoseconds), queue: queue)
        return await wait(at: call)
    }

    func finished(_ call: String) async {
        guard let call = WorldScheduler.CallName(call) else { return }
        gates[call] = nil
        scheduler.answers(call)
        recordCloud()
        await decide()
    }

    private func wait(at call: WorldScheduler.CallName) async -> Bool {
        Task { await self.decide() }
        return await withCheckedContinuation { gates[call] = Gate(continuation: $0) }
    }

    // MARK: - The script

    /// Lets the world go on until an event matches, a time has come, or nothing can happen any more.
    ///
    /// - Parameters:
    ///   - deadline: the time in nanoseconds since the Unix epoch; `nil` for none.
    ///   - matches: whether an event that has just been recorded is the one.
    /// - Returns: why the world stands still again.
    func run(until deadline: Int64?, matches: @escaping @Sendable (HistoryEvent) -> Bool = { _ in false }) async
        -> WorldStop
    {
        scheduler.cloudChanges()
        recordCloud()
        return await withCheckedContinuation { continuation in
            script = Script(continuation: continuation, deadline: deadline, matches: matches)
            Task { await self.decide() }
        }
    }

    /// Records something that the lab itself did.
    func note(_ type: String, subject: String = "", data: JSONObject = [:]) {
        record(source: "lab", WorldEvent(type, subject: subject, data: data))
    }

    private func recordCloud() { for event in watch.take() { record(source: "cloud", event) } }

    private func stop(_ reason: WorldStop) {
        let waiting = script
        script = nil
        waiting?.continuation.resume(returning: reason)
    }

    private func record(source: String, _ event: WorldEvent) {
        let recorded = history.append(source: source, event, at: now)
        if let script, script.matches(recorded) { stop(.found(recorded)) }
    }

    // MARK: - Going on

    /// Lets things happen until something runs again or the script has its turn.
    private func decide() async {
        mustDecide = true
        guard !isDeciding else { return }
        isDeciding = true
        defer { isDeciding = false }
        while mustDecide {
            mustDecide = false
            guard let script else { return }
            let time = now
            let decision = scheduler.decide(now: time, deadline: script.deadline) { [cloud] queue in
                cloud.nextMessage(inQueue: queue).map { Int64(clamping: $0.nanoseconds) }
            }
            switch decision {
            case .wait: break
            case .wake(let process, let effect):
                lines[process]?.send(WorldOrder(now: time, happening: .effect(effect)).line)
            case .proceed(let call):
                let gate = gates.removeValue(forKey: call)
                gate?.continuation.resume(returning: true)
            case .advance(let to): await advance(to: to, script)
            case .standstill: stop(.standstill)
            }
        }
    }

    private func advance(to time: Int64, _ script: Script) async {
        if let deadline = script.deadline, time >= deadline, now >= deadline { return stop(.time) }
        do {
            try await cloud.advance(by: .nanoseconds(time - now))
        } catch {
            fault = "the cloud's time cannot be moved: \(error)"
            return stop(.standstill)
        }
        scheduler.cloudChanges()
        recordCloud()
        mustDecide = true
        if let deadline = script.deadline, now >= deadline { stop(.time) }
    }
}
