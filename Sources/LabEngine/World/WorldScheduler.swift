internal import LabProtocol

/// Decides what happens next in the lab's world: the one thing that goes on when everything stands still.
///
/// Pure: the shell tells it what it learns and asks for the next decision.
struct WorldScheduler: Sendable {
    /// Names an HTTP call: the process and the number of its effect.
    struct CallName: Sendable, Hashable, Comparable {
        let process: String
        let id: UInt64

        /// Reads `PROCESS/ID`.
        init?(_ text: String) {
            guard let slash = text.lastIndex(of: "/"), let id = UInt64(text[text.index(after: slash)...]) else {
                return nil
            }
            self.init(process: String(text[..<slash]), id: id)
        }

        init(process: String, id: UInt64) {
            self.process = process
            self.id = id
        }

        static func < (left: CallName, right: CallName) -> Bool { (left.process, left.id) < (right.process, right.id) }
    }

    /// What a call at the cloud waits for.
    enum CallState: Sendable, Hashable {
        /// It has come in.
        case arrived
        /// It has been begun and goes on at a time, or earlier when a queue has something for it.
        case parked(until: Int64, queue: String?, lookedAt: UInt64)
        /// It is being done.
        case underWay
        /// Its answer is on its way; its process does not know yet.
        case answered
    }

    /// What happens next.
    enum Decision: Sendable, Hashable {
        /// Something is still running.
        case wait
        /// A pending effect of a process is over.
        case wake(process: String, effect: UInt64)
        /// A call is done, or goes on.
        case proceed(CallName)
        /// Nothing can happen before this time.
        case advance(to: Int64)
        /// Nothing will ever happen.
        case standstill
    }

    private struct Process: Sendable {
        var isRunning = true
        var effects: [UInt64: PendingEffect.Kind] = [:]
    }

    private let choice: KeyedChoice
    private var processes: [String: Process] = [:]
    private(set) var calls: [CallName: CallState] = [:]
    /// Counts what has changed in the cloud; a receiver that found nothing looks again after a change only.
    private var changes: UInt64 = 1

    init(seed: UInt64) { choice = KeyedChoice(seed: seed) }

    // MARK: - What the shell learns

    /// A process is on its way; nothing happens before it reports.
    mutating func starts(_ process: String) { processes[process] = Process() }

    /// A process is gone, with everything that it waited for.
    mutating func ends(_ process: String) {
        processes[process] = nil
        calls = calls.filter { $0.key.process != process }
        changes += 1
    }

    /// A process stands still.
    mutating func reports(_ process: String, added: [PendingEffect], withdrawn: [UInt64]) {
        guard processes[process] != nil else { return }
        processes[process]?.isRunning = false
        for effect in added { processes[process]?.effects[effect.id] = effect.kind }
        for id in withdrawn {
            processes[process]?.effects[id] = nil
            calls[CallName(process: process, id: id)] = nil
        }
    }

    /// A process has been told to go on.
    mutating func resumes(_ process: String) { processes[process]?.isRunning = true }

    /// A call has come in at the cloud.
    mutating func arrives(_ call: CallName) { calls[call] = .arrived }

    /// A call cannot be answered before a time, or before a queue has something for it.
    mutating func parks(_ call: CallName, until: Int64, queue: String?) {
        guard calls[call] != nil else { return }
        calls[call] = .parked(until: until, queue: queue, lookedAt: changes)
    }

    /// A call has its answer, or the end of its connection in the place of one.
    mutating func answers(_ call: CallName) {
        guard calls[call] != nil else { return }
        calls[call] = .answered
        changes += 1
    }

    /// The script has changed something in the cloud, or time has passed.
    mutating func cloudChanges() { changes += 1 }

    // MARK: - Decisions

    /// Whether all processes stand still, with every call that they wait for at the cloud.
    var standsStill: Bool {
        guard !calls.values.contains(.underWay) else { return false }
        return processes.allSatisfy { name, process in
            !process.isRunning
                && process.effects.allSatisfy { id, kind in
                    kind != .call || calls[CallName(process: name, id: id)] != nil
                }
        }
    }

    /// What happens next.
    ///
    /// - Parameters:
    ///   - now: the time, in nanoseconds since the Unix epoch.
    ///   - deadline: when the script or a fault wants to be asked; `nil` when neither does.
    ///   - nextMessage: when a queue has something to receive: a time that has passed means now, `nil` never.
    /// - Returns: the decision; what it names counts as going on from then.
    mutating func decide(now: Int64, deadline: Int64?, nextMessage: (String) -> Int64?) -> Decision {
        guard standsStill else { return .wait }
        var ready: [(key: String, decision: Decision)] = []
        var next = deadline
        func consider(_ time: Int64) { next = min(next ?? time, time) }
        for (name, process) in processes {
            for (id, kind) in process.effects {
                switch kind {
                case .hold: ready.append(("\(name)/\(id)", .wake(process: name, effect: id)))
                case .sleep(let until) where until <= now:
                    ready.append(("\(name)/\(id)", .wake(process: name, effect: id)))
                case .sleep(let until): consider(until)
                case .call: break
                }
            }
        }
        for (call, state) in calls {
            guard let due = dueTime(state, now: now, nextMessage: nextMessage) else { continue }
            if state == .answered {
                ready.append(("\(call.process)/\(call.id)", .wake(process: call.process, effect: call.id)))
            } else if due <= now {
                ready.append(("\(call.process)/\(call.id)", .proceed(call)))
            } else {
                consider(due)
            }
        }
        guard let chosen = ready.min(by: { order($0.key) < order($1.key) }) else {
            return next.map { .advance(to: max($0, now)) } ?? .standstill
        }
        switch chosen.decision {
        case .wake(let process, let effect):
            calls[CallName(process: process, id: effect)] = nil
            processes[process]?.effects[effect] = nil
            processes[process]?.isRunning = true
        case .proceed(let call): calls[call] = .underWay
        case .wait, .advance, .standstill: break
        }
        return chosen.decision
    }

    private func order(_ key: String) -> (UInt64, String) { (choice.weight(of: key), key) }

    private func dueTime(_ state: CallState, now: Int64, nextMessage: (String) -> Int64?) -> Int64? {
        switch state {
        case .arrived, .answered: return now
        case .underWay: return nil
        case .parked(let until, let queue, let lookedAt):
            guard until > now, let queue, let message = nextMessage(queue) else { return until }
            // It has looked at this very state already and found nothing for itself.
            guard message > now || lookedAt != changes else { return until }
            return min(until, message)
        }
    }
}
