package import ProbeProtocol

/// What was seen of one probe process, from its start to its end.
package struct ProbeObservation: Sendable, Hashable {
    /// How the process ended.
    package enum Ending: Sendable, Hashable {
        case exited(code: Int32)
        case killed(signal: Int32)
        /// It did not end in time and was killed by the checker.
        case timedOut
        /// It could not be started at all.
        case notStarted(errno: Int32)
    }

    /// How the process ended.
    package var ending: Ending
    /// What it told, in order.
    package var events: [ProbeEvent] = []
    /// The first bytes that it wrote to stdout and stderr.
    package var output: [UInt8] = []
    /// How many bytes it wrote there.
    package var outputBytes = 0
    /// The system calls that were watched.
    package var calls: [WatchedCall] = []

    /// Makes an observation.
    package init(ending: Ending, events: [ProbeEvent] = []) {
        self.ending = ending
        self.events = events
    }

    /// What the handler's table says; `nil` when the process did not come so far.
    package var table: HandlerTable? {
        for case .table(let table) in events { return table }
        return nil
    }

    /// The runs that returned, in the order of their ends.
    package var runs: [RunFacts] { events.compactMap { if case .ended(let facts) = $0 { facts } else { nil } } }

    /// The calls to the host that belong to no run.
    package var lateCalls: [Misuse] {
        events.flatMap { if case .late(let calls) = $0 { calls } else { [] as [Misuse] } }
    }

    /// What the process looked like before the library was loaded.
    package var before: ProcessSurroundings? {
        for case .began(let surroundings) in events { return surroundings }
        return nil
    }

    /// What the process looked like at its end; `nil` when it did not come so far.
    package var after: ProcessSurroundings? {
        for case .finished(let surroundings) in events { return surroundings }
        return nil
    }

    /// What the process looked like after so many repetitions.
    package var repetitions: [(count: Int, surroundings: ProcessSurroundings)] {
        events.compactMap { if case .repeated(let count, let surroundings) = $0 { (count, surroundings) } else { nil } }
    }

    /// What the handler was doing when the last event came.
    package var stage: String {
        switch events.last {
        case nil, .began: "while it was loaded"
        case .loaded: "in its entry point"
        case .notLoaded, .table, .created: runs.isEmpty ? "in create" : "after create"
        case .started(let run): "in run\(ordinal(run))"
        case .cancelling(let run): "in run\(ordinal(run)), after it was told to stop"
        case .repeated(let count, _): "in one of the runs after the first \(count)"
        case .ended: "after run had returned"
        case .late, .destroyed, .finished: "after destroy"
        }
    }

    private func ordinal(_ run: Int) -> String { run == 0 ? "" : " number \(run + 1)" }

    /// The last line that the process wrote, for messages; empty when it wrote none.
    package var lastLine: String {
        String(decoding: output, as: UTF8.self).split(separator: "\n").last.map { String($0.prefix(160)) } ?? ""
    }
}

/// A system call that a handler may have no business with.
package struct WatchedCall: Sendable, Hashable {
    /// What it is about.
    package enum Kind: Int32, Sendable {
        case open = 1
        case change, network, process, foreign, kernel
    }

    /// What it is about.
    package var kind: Kind
    /// As manual pages spell it.
    package var name: String
    /// The file's absolute path; empty when there is none.
    package var path: String
    /// Whether a file is opened for writing.
    package var writes: Bool
    /// Whether the checker let it go on.
    package var isAllowed: Bool

    /// Makes a call.
    package init(kind: Kind, name: String, path: String = "", writes: Bool = false, isAllowed: Bool = false) {
        self.kind = kind
        self.name = name
        self.path = path
        self.writes = writes
        self.isAllowed = isAllowed
    }
}
