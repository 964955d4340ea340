package import PureJSON

/// What a valid message asks for, whichever of the two formats it came in.
package struct JobRequest: Sendable, Hashable {
    /// Which message format a request was read from.
    package enum Format: String, Sendable, Hashable {
        /// `headrace.job/1`.
        case job = "headrace.job/1"
        /// The prediction message of the system that this one replaces.
        case prediction = "prediction"
    }

    /// The idempotency key.
    package var id: JobID
    /// The handler's name.
    package var handler: String
    /// Input name to object.
    package var inputs: [String: InputReference]
    /// Parameters for the handler, to be checked against its schema.
    package var params: JSONValue
    /// On whose behalf.
    package var tenant: Tenant?
    /// How urgent.
    package var priority: Priority
    /// When the caller submitted it.
    package var submittedAt: Timestamp
    /// After this the job fails as expired instead of starting.
    package var notAfter: Timestamp?
    /// W3C trace context.
    package var traceparent: String?
    /// The format it came in.
    package var format: Format

    /// Makes a request from checked parts.
    package init(
        id: JobID, handler: String, inputs: [String: InputReference] = [:], params: JSONValue = [:],
        tenant: Tenant? = nil, priority: Priority = .normal, submittedAt: Timestamp, notAfter: Timestamp? = nil,
        traceparent: String? = nil, format: Format = .job
    ) {
        self.id = id
        self.handler = handler
        self.inputs = inputs
        self.params = params
        self.tenant = tenant
        self.priority = priority
        self.submittedAt = submittedAt
        self.notAfter = notAfter
        self.traceparent = traceparent
        self.format = format
    }
}

/// Why a message never reaches a handler.
package struct MessageRejection: Error, Sendable, Hashable {
    /// The rule that the message breaks.
    package enum Code: String, Sendable, Hashable, CaseIterable {
        case tooLarge = "message-too-large"
        case notJSON = "message-not-json"
        case notAnObject = "message-not-an-object"
        case unknownSchema = "unknown-schema"
        case missingField = "missing-field"
        case wrongType = "wrong-type"
        case badJobID = "bad-job-id"
        case badUserID = "bad-user-id"
        case badTenant = "bad-tenant"
        case badPriority = "bad-priority"
        case badTimestamp = "bad-timestamp"
        case timestampTooOld = "timestamp-too-old"
        case timestampInFuture = "timestamp-in-future"
        case badInput = "bad-input"
        case bucketNotAllowed = "bucket-not-allowed"
        case locationNotGranted = "location-not-granted"
        case unknownHandler = "unknown-handler"
        case handlerNotLoaded = "handler-not-loaded"
        case badParams = "bad-params"
        case badTraceContext = "bad-traceparent"
    }

    /// The rule that the message breaks.
    package let code: Code
    /// Where in the message, as a JSON Pointer; empty for the message as a whole.
    package let pointer: String
    /// What was expected and what was found.
    package let reason: String
    /// The job's id, where the message had a good one.
    package var jobID: JobID?

    /// Makes a rejection.
    package init(_ code: Code, at pointer: String = "", _ reason: String, jobID: JobID? = nil) {
        self.code = code
        self.pointer = pointer
        self.reason = reason
        self.jobID = jobID
    }
}

extension MessageRejection: CustomStringConvertible {
    /// One sentence with the place and the code.
    package var description: String {
        let place = pointer.isEmpty ? "" : " at \(pointer)"
        return "\(reason)\(place) [\(code.rawValue)]"
    }
}
