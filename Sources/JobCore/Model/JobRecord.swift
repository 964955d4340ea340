package import PureJSON

/// One output of a job: where its bytes wait until the commit, and where readers find them.
package struct JobOutput: Sendable, Hashable {
    /// The output's name, such as `scores.csv`.
    package var name: String
    /// Where the winning attempt staged it.
    package var staged: ObjectLocation
    /// The stable place to which it is published.
    package var published: ObjectLocation
    /// The size in bytes.
    package var sizeBytes: Int64
    /// The staged object's ETag.
    package var etag: String
    /// The media type.
    package var contentType: String

    /// Makes an output.
    package init(
        name: String, staged: ObjectLocation, published: ObjectLocation, sizeBytes: Int64, etag: String,
        contentType: String
    ) {
        self.name = name
        self.staged = staged
        self.published = published
        self.sizeBytes = sizeBytes
        self.etag = etag
        self.contentType = contentType
    }
}

/// Everything that is stored about one job.
package struct JobRecord: Sendable, Hashable {
    package var request: JobRequest
    package var state: JobState
    /// The number of claims so far.
    package var epoch: Epoch
    /// Attempts that count against the handler's limit.
    package var attempts: Int
    /// Claims whose owner vanished without a word.
    package var unfinishedStarts: Int
    /// Who owns the running attempt.
    package var leaseOwner: RunnerID?
    /// Until when the owner's lease holds.
    package var leaseUntil: Timestamp?
    /// Earliest time of the next attempt, while retrying.
    package var notBefore: Timestamp?
    /// The SQS message that was last received for it.
    package var messageID: String?
    /// How often SQS had delivered that message.
    package var receiveCount: Int
    package var createdAt: Timestamp
    package var startedAt: Timestamp?
    package var finishedAt: Timestamp?
    /// When the final state's effects outside the database were done: outputs published, or dead letter sent.
    package var settledAt: Timestamp?
    /// The version of the handler that ran last.
    package var handlerVersion: String?
    /// The outputs of the winning epoch.
    package var outputs: [JobOutput]
    /// The handler's result; its `rows` member is the count of processed rows.
    package var result: JSONValue?
    /// Timings and memory of the last attempt: `{"fetch_ms", "handler_ms", "stage_ms", "peak_memory_bytes"}`.
    package var metrics: JSONValue?
    /// Why the last attempt failed.
    package var failure: JobFailure?
    /// Who asked for cancellation.
    package var cancelRequestedBy: String?
    /// How far the running attempt is, 0...1; `nil` before its first word.
    package var progress: Double?
    /// What the running attempt last said it is doing.
    package var progressNote: String?

    /// A new, queued job.
    package init(request: JobRequest, messageID: String?, receiveCount: Int, createdAt: Timestamp) {
        self.request = request
        self.messageID = messageID
        self.receiveCount = receiveCount
        self.createdAt = createdAt
        state = .queued
        epoch = 0
        attempts = 0
        unfinishedStarts = 0
        outputs = []
    }

    /// The idempotency key.
    package var id: JobID { request.id }

    /// Rows that the handler processed, where its result says so.
    package var rowsProcessed: Int64? { result?["rows"]?.integerValue }
}

/// One attempt at a job: what a runner did between a claim and its end.
package struct AttemptRecord: Sendable, Hashable {
    /// The job.
    package var jobID: JobID
    /// The claim's fencing token; unique within the job.
    package var epoch: Epoch
    /// Who ran it.
    package var runner: RunnerID
    /// When it was claimed.
    package var startedAt: Timestamp
    /// When it ended; `nil` while it runs, and for ever when its owner vanished.
    package var finishedAt: Timestamp?
    /// How it ended, such as `completed`, `handler-crashed`, `handed-back`.
    package var outcome: String?
    /// Why it failed.
    package var failure: JobFailure?
    /// The version of the handler that ran.
    package var handlerVersion: String?
    /// The last log lines of the handler.
    package var lastLogLines: [String]
    /// What is known about its end; `nil` while it runs, and where no handler ran.
    package var evidence: AttemptEvidence?

    /// An attempt that has just been claimed.
    package init(jobID: JobID, epoch: Epoch, runner: RunnerID, startedAt: Timestamp) {
        self.jobID = jobID
        self.epoch = epoch
        self.runner = runner
        self.startedAt = startedAt
        lastLogLines = []
    }
}

/// One line of a job's audit trail.
package struct JobEvent: Sendable, Hashable {
    /// The job.
    package var jobID: JobID
    /// When it happened, by the runner's clock.
    package var at: Timestamp
    /// Who did it: a runner's id, or an operator's name.
    package var actor: String
    /// What happened, such as `claimed`, `completed`, `released`, `cancel-requested`.
    package var kind: String
    /// The state before; `nil` for the first line.
    package var from: JobState?
    /// The state after.
    package var to: JobState
    /// The epoch after.
    package var epoch: Epoch
    /// Why, for a person.
    package var detail: String?

    /// Makes an event.
    package init(
        jobID: JobID, at: Timestamp, actor: String, kind: String, from: JobState?, to: JobState, epoch: Epoch,
        detail: String? = nil
    ) {
        self.jobID = jobID
        self.at = at
        self.actor = actor
        self.kind = kind
        self.from = from
        self.to = to
        self.epoch = epoch
        self.detail = detail
    }
}
