/// One thing that is done.
package struct Step: Sendable, Hashable {
    /// What is done.
    package indirect enum Action: Sendable, Hashable {
        case send(SendAction)
        case upload(key: TextTemplate, InputReference, label: String?)
        /// Goes on at an event, with everything frozen at it; inconclusive when none comes within the time.
        case wait(EventPattern, within: Duration, label: String?)
        case eventually(StateCheck, within: Duration)
        case expect([Expectation])
        case advance(Duration)
        case signal(runner: TextTemplate, SignalWord)
        case pause(runner: TextTemplate, label: String?)
        case resume(runner: TextTemplate)
        /// `like` names the runner whose settings it takes; `nil` for its own, or the first one's.
        case start(runner: TextTemplate, like: TextTemplate?, BinaryWord?)
        case restart(runner: TextTemplate, SignalWord, after: Duration)
        case rolling(RollingAction)
        case deploy(handler: TextTemplate, HandlerVersionWord)
        case revoke(CredentialSelection)
        case fault(Fault)
        /// `nil` for all faults.
        case clear(fault: TextTemplate?)
        case `repeat`(RepeatAction)
        case parallel([[Step]])
        case capture(CaptureSubject, label: String)
        case run(ProgramRun)
        case note(TextTemplate)
    }

    package var action: Action
    /// Its name in reports, and for `always … during`.
    package var id: String?
    /// Whether it is done; `nil` for yes.
    package var condition: Expression?
    /// Where its verb stands.
    package var place: SourcePlace
}

/// A message that is sent.
package struct SendAction: Sendable, Hashable {
    /// What is in the message.
    package enum Content: Sendable, Hashable {
        case job(JobContent)
        case text(TextTemplate)
        /// A text said again until there are so many bytes.
        case repeated(String, bytes: Int64)
        case bytes([UInt8])
    }

    package var content: Content
    /// `nil` for the first queue.
    package var queue: TextTemplate?
    /// How often the same body is sent.
    package var copies: Computed<Int64> = .value(1)
    /// How much later it is there; may be longer than SQS itself allows.
    package var delay = Duration.zero
    package var attributes: [NamedText] = []
    /// The name that checks and patterns use for the message.
    package var label: String?
}

/// A job's message.
package struct JobContent: Sendable, Hashable {
    package var job: TextTemplate
    package var handler: TextTemplate
    /// The inputs by name; a single one is called `input`.
    package var inputs: [NamedInput] = []
    package var params: [ValueTemplate.Member] = []
    package var priority: PriorityWord?
    package var tenant: TextTemplate?
}

/// A text with a name.
package struct NamedText: Sendable, Hashable {
    package var name: String
    package var text: TextTemplate
}

/// An input with a name.
package struct NamedInput: Sendable, Hashable {
    package var name: String
    package var input: InputReference
}

/// Where an input is.
package enum InputReference: Sendable, Hashable {
    /// Data of the setup, by name.
    case data(String)
    /// An s3:// address.
    case address(TextTemplate)
}

/// Runners that are replaced one after the other.
package struct RollingAction: Sendable, Hashable {
    /// The runners; empty for all.
    package var runners: [String]
    package var binary: BinaryWord
    package var drain: SignalWord
    package var overlap: Duration
}

/// Steps that are done several times.
package struct RepeatAction: Sendable, Hashable {
    package var times: Computed<Int64>
    /// The name of the counter, which starts at 1.
    package var counter: String?
    package var steps: [Step]
}

/// What is kept under a name.
package enum CaptureSubject: Sendable, Hashable {
    /// An object by its key: `key`, `size`, `sha256`, `versions`.
    case object(TextTemplate)
    /// A job: `state`, `attempts`, `epoch`, `error`, `result`.
    case job(TextTemplate)
}

/// One of the product's own programs that is run.
package struct ProgramRun: Sendable, Hashable {
    /// The program and its arguments.
    package var command: [TextTemplate]
    package var exitCode: Int
    /// The name for what it wrote: `stdout`, `stderr`, `exit_code`.
    package var label: String?
    package var within: Duration
}
