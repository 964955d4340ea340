/// Something that must hold.
package struct Expectation: Sendable, Hashable {
    /// What must hold.
    package enum Claim: Sendable, Hashable {
        /// Something holds now.
        case holds(StateCheck)
        case eventually(StateCheck, within: Duration)
        /// Something holds after every event, while something else does, or during a step.
        case always(StateCheck, while: StateCheck?, during: String?)
        /// No event fits, or none at such a rate over any 10 seconds.
        case never(Pattern, rate: Matcher?)
        /// In at least one seed an event fits.
        case sometimes(Pattern)
        case count(EventPattern, Matcher)
        /// Each fits after the one before, for the same subject.
        case order([Pattern])
        case latency(jobs: String, [PropertyTest<LatencyProperty>])
        case retries(RetryClaim)
        case snapshot(name: String, SnapshotSubject)
    }

    package var claim: Claim
    package var id: String?
    /// Whether anything is expected; `nil` for yes.
    package var condition: Expression?
    package var severity = ExpectationSeverity.error
    package var note: String?
    /// Where its assertion stands.
    package var place: SourcePlace
}

/// Events, or log lines.
package enum Pattern: Sendable, Hashable {
    case event(EventPattern)
    case log(LogPattern)
}

/// Which events fit.
package struct EventPattern: Sendable, Hashable {
    package var type: EventType
    package var job: TextTemplate?
    /// The name that a `send` gave its message.
    package var message: TextTemplate?
    package var runner: TextTemplate?
    package var queue: TextTemplate?
    /// The queue that a message has gone to.
    package var destination: TextTemplate?
    package var operation: TextTemplate?
    package var key: TextTemplate?
    package var fault: TextTemplate?
    package var condition: EventCondition?
    /// Where it stands.
    package var place: SourcePlace
}

/// What else must be true of an event's data.
package enum EventCondition: Sendable, Hashable {
    /// A matcher for a field of the data; `a.b` is the field `b` of `a`.
    package struct FieldTest: Sendable, Hashable {
        package var field: String
        package var matcher: Matcher
    }

    /// All of them hold.
    case fields([FieldTest])
    /// The fields of the data are names in it.
    case expression(Expression)
}

/// Which log lines fit.
package struct LogPattern: Sendable, Hashable {
    /// The event's name in the log; texts have `*` for any characters.
    package var event: Matcher
    package var runner: TextTemplate?
    package var level: LogLevelWord?
    /// The whole line.
    package var line: Matcher?
    /// Fields that it has.
    package var fields: [String] = []
}

/// Something about a subject, and what it must be like.
package struct PropertyTest<Property: CheckedProperty>: Sendable, Hashable {
    package var property: Property
    package var matcher: Matcher
    /// Where it stands.
    package var place: SourcePlace
}

/// Something that holds now, or not.
package enum StateCheck: Sendable, Hashable {
    case message(MessageReference, [PropertyTest<MessageProperty>])
    case job(TextTemplate, [PropertyTest<JobProperty>])
    /// All jobs whose names fit, with `*` for any characters; at least one must.
    case jobs(String, [PropertyTest<JobProperty>])
    case queue(TextTemplate, [PropertyTest<QueueProperty>])
    case object(TextTemplate, [PropertyTest<ObjectProperty>])
    /// How many objects have keys that fit.
    case objects(TextTemplate, count: Matcher)
    /// How many log lines fit; `nil` for at least one.
    case log(LogPattern, count: Matcher?)
    /// A metric of one runner, or the sum over all.
    case metric(String, runner: TextTemplate?, Matcher)
    case runner(TextTemplate, [PropertyTest<RunnerProperty>])
    case runners(RunnerPhase, count: Matcher)
    case alarm(String, Matcher)
    /// The rows that a query of the runners' database gives.
    case query(String, rows: [[ValueTemplate]])
}

/// A message, by the name that its `send` gave it, or by its job.
package enum MessageReference: Sendable, Hashable {
    case label(TextTemplate)
    case job(TextTemplate)
}

/// How calls are tried again.
package struct RetryClaim: Sendable, Hashable {
    /// Service and API name, with `*` for any characters.
    package var operation: String
    package var backoff: BackoffWord?
    package var hasJitter: Bool?
    /// The most tries a second, over any 10 seconds.
    package var maximumPerSecond: Double?
}
