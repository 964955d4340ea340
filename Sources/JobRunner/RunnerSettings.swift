package import JobCore

/// How one runner works; every value has been checked by whoever made it.
package struct RunnerSettings: Sendable, Hashable {
    /// The process's name, unique per start.
    package var id: RunnerID
    /// Jobs at once, from 1.
    package var concurrency: Int
    /// How long a message stays hidden unless the runner extends it; also the lease's length.
    package var visibility: Duration
    /// How long a poll waits for a message, 0...20 s.
    package var wait: Duration
    /// How long running jobs may go on after the first signal.
    package var grace: Duration
    /// What becomes of messages that are not jobs.
    package var malformed: MalformedPolicy
    /// The bucket for outputs; the first input's bucket when `nil`.
    package var outputBucket: String?
    /// The stable keys are `{outputPrefix}{job_id}/{name}`.
    package var outputPrefix: String
    /// The staged keys are `{stagingPrefix}{job_id}/{epoch}/{name}`.
    package var stagingPrefix: String
    /// An existing directory; each run gets a fresh one below it.
    package var scratchDirectory: String
    /// What is accepted in messages.
    package var rules: MessageRules
    /// Starts that may vanish without a word before the job is set aside.
    package var maxUnfinishedStarts: Int

    /// Makes settings with the defaults of the replaced system.
    package init(
        id: RunnerID, concurrency: Int, visibility: Duration = .seconds(300), wait: Duration = .seconds(20),
        grace: Duration = .seconds(30), malformed: MalformedPolicy = .deadLetter, outputBucket: String? = nil,
        outputPrefix: String = "results/", stagingPrefix: String = "staging/", scratchDirectory: String,
        rules: MessageRules = MessageRules(), maxUnfinishedStarts: Int = 2
    ) {
        self.id = id
        self.concurrency = concurrency
        self.visibility = visibility
        self.wait = wait
        self.grace = grace
        self.malformed = malformed
        self.outputBucket = outputBucket
        self.outputPrefix = outputPrefix
        self.stagingPrefix = stagingPrefix
        self.scratchDirectory = scratchDirectory
        self.rules = rules
        self.maxUnfinishedStarts = maxUnfinishedStarts
    }
}

/// Everything outside that a runner talks to.
package struct RunnerPorts: Sendable {
    /// Where jobs come from.
    package var queue: any MessageQueue
    /// Where messages go that no attempt can help.
    package var deadLetterQueue: (any MessageQueue)?
    /// Where inputs and outputs are.
    package var objects: any ObjectStore
    /// Where jobs' states are.
    package var store: any JobStore
    /// What does the work.
    package var handlers: any HandlerCatalog
    /// Where time comes from.
    package var clock: any RunnerClock
    /// A random number in 0..<1.
    package var random: @Sendable () -> Double

    /// Makes a set of ports.
    package init(
        queue: any MessageQueue, deadLetterQueue: (any MessageQueue)?, objects: any ObjectStore,
        store: any JobStore, handlers: any HandlerCatalog, clock: any RunnerClock,
        random: @escaping @Sendable () -> Double
    ) {
        self.queue = queue
        self.deadLetterQueue = deadLetterQueue
        self.objects = objects
        self.store = store
        self.handlers = handlers
        self.clock = clock
        self.random = random
    }
}
