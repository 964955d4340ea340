package import PureJSON

/// One scenario in one cell of its matrix, ready to be carried out.
///
/// All values are typed and checked; `${…}` is left only where it depends on the run. Two scenarios are equal when
/// they ask for the same, wherever they stand in a file.
package struct Scenario: Sendable, Hashable {
    /// What the scenario shows, in a few words.
    package var name: String
    /// Why it matters.
    package var why: String?
    /// Words to choose scenarios by.
    package var tags: [String]
    /// The combination of the matrix's values.
    package var cell: MatrixCell
    /// A run for each of these.
    package var seeds: [UInt64]
    /// How time passes.
    package var time: TimeSettings
    /// What is there at the start.
    package var setup: Setup
    /// Faults that wait from the start.
    package var faults: [Fault]
    /// What goes on beside the steps.
    package var background: [BackgroundLoad]
    /// What is done, in order.
    package var steps: [Step]
    /// What holds at the end, over the whole history.
    package var expectations: [Expectation]
    /// What holds after every event.
    package var invariants: [Invariant]
    /// What exploring may do.
    package var exploration: Exploration?
    /// The file in this cell, without matrix, variables and conditions that are known; a scenario file of its own.
    package var resolved: JSONValue
}

/// How the time of a run passes.
package struct TimeSettings: Sendable, Hashable {
    /// Whose time it is.
    package var mode = TimeMode.virtual
    /// How much faster than real time ``TimeMode/scaled`` is.
    package var scale = 1.0
    /// The most time that a run may take.
    package var limit = Duration.seconds(86_400)
    /// The time of day at the start, as RFC 3339 in UTC.
    package var start = "2026-01-01T00:00:00Z"
    /// Real time without any progress that ends a run.
    package var stallAfter = Duration.seconds(10)
    /// Virtual time that one run of a handler is taken to need.
    package var handlerCost = Duration.zero
}

/// Steps that are done again and again beside the others.
package struct BackgroundLoad: Sendable, Hashable {
    /// The time between two rounds.
    package var interval: Duration
    /// When it ends, from the start; `nil` for with the last step.
    package var end: Duration?
    /// Whether it is done at all; `nil` for yes.
    package var condition: Expression?
    /// What is done; `tick` counts the rounds from 1.
    package var steps: [Step]
    /// Where it stands.
    package var place: SourcePlace
}

/// Something that holds after every event of a run.
package struct Invariant: Sendable, Hashable {
    /// What holds.
    package enum Rule: Sendable, Hashable {
        /// A rule of the library.
        case named(InvariantName)
        /// Everything comes to an end so soon after the last fault.
        case noStuck(within: Duration)
        /// No runner ever has more memory, in bytes.
        case boundedMemory(peakBytes: Int64)
        /// A rule of the scenario's own.
        case custom(name: String, CustomRule)
    }

    /// What holds.
    package var rule: Rule
    /// Where it stands.
    package var place: SourcePlace

    /// The name in reports.
    package var name: String {
        switch rule {
        case .named(let name): name.rawValue
        case .noStuck: InvariantName.noStuck.rawValue
        case .boundedMemory: "bounded_memory"
        case .custom(let name, _): name
        }
    }
}

/// A rule such as `for each job: count(output.published) <= count(handler.started)`.
package struct CustomRule: Sendable, Hashable {
    /// What the rule holds for.
    package enum Subject: String, Word {
        case job, message, runner, run

        package var meaning: String {
            switch self {
            case .job: "Each job: its own events count."
            case .message: "Each message: its own events count."
            case .runner: "Each runner: its own events count."
            case .run: "The run as a whole."
            }
        }
    }

    /// What the rule holds for.
    package var subject: Subject
    /// True where the rule holds; only ``ExpressionFunction/count`` and literals stand in it.
    package var condition: Expression
}

/// What exploring may do to the system.
package struct Exploration: Sendable, Hashable {
    /// Faults of runners, and how long a pause lasts.
    package struct ProcessKinds: Sendable, Hashable {
        package var troubles: [ProcessTrouble]
        package var pause: ClosedRange<Duration>
    }

    /// Faults of calls.
    package struct CallKinds: Sendable, Hashable {
        /// The calls, with `*` for any characters.
        package var operations: [String]
        package var troubles: [CallTrouble]
    }

    /// How wrong clocks can be.
    package struct ClockKinds: Sendable, Hashable {
        package var skew: ClosedRange<Duration>?
        package var drift: ClosedRange<Double>?
    }

    /// When all faults end, and how soon everything must come to an end.
    package struct Healing: Sendable, Hashable {
        package var at: Duration
        package var convergeWithin: Duration
    }

    /// A decision that is not drawn.
    package struct Decision: Sendable, Hashable {
        package var key: String
        package var choice: Int64
    }

    /// Whether each run has some kinds of faults only.
    package var isSwarm = true
    /// The most faults in one run.
    package var maximumFaults = 12
    package var calls: CallKinds?
    package var processes: ProcessKinds?
    package var database: [DatabaseTrouble] = []
    package var clocks: ClockKinds?
    package var schedule: [ScheduleTrouble] = []
    package var healing: Healing?
    /// How long is explored, in real time.
    package var budget = Duration.seconds(600)
    package var pins: [Decision] = []
    /// Where it stands.
    package var place: SourcePlace
}
