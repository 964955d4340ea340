import PureJSON

/// Turns the body of a message into a request, or says why it never reaches a handler.
///
/// Two formats are read: `headrace.job/1`, and the prediction message of the system that this one replaces, which is
/// known by its `prediction_id` and mapped to `churn-predict`.
package struct JobMessageReader: Sendable {
    /// What is accepted beyond the form.
    package let rules: MessageRules

    /// Makes a reader.
    package init(rules: MessageRules) { self.rules = rules }

    /// Reads one body.
    ///
    /// - Parameters:
    ///   - body: the message's body as delivered.
    ///   - now: the time against which ages are judged.
    /// - Returns: the request; handler and parameters are not yet checked against a catalogue.
    /// - Throws: the first rule that the message breaks.
    package func read(_ body: String, now: Timestamp) throws(MessageRejection) -> JobRequest {
        guard body.utf8.count <= rules.maximumBytes else {
            throw MessageRejection(
                .tooLarge, "expected at most \(rules.maximumBytes) bytes, found \(body.utf8.count)")
        }
        let fields = MessageFields(try Self.object(in: body))
        let isPrediction = fields.object["schema"] == nil && fields.object["prediction_id"] != nil
        let request = isPrediction ? try readPrediction(fields) : try readJob(fields)
        do {
            try check(request, isPrediction ? "/timestamp" : "/submitted_at", now: now)
        } catch {
            var rejection = error
            rejection.jobID = request.id
            throw rejection
        }
        return request
    }

    /// Checks that the catalogue has the handler, that required inputs are there and that the parameters fit.
    ///
    /// - Parameters:
    ///   - request: a request that ``read(_:now:)`` returned.
    ///   - handlers: the catalogue.
    /// - Returns: what the catalogue says of the handler.
    /// - Throws: the rule that the request breaks.
    package func check(
        _ request: JobRequest, against handlers: any HandlerCatalog
    ) throws(MessageRejection) -> HandlerDescription {
        guard let handler = handlers.description(of: request.handler) else {
            if let fault = handlers.loadFault(of: request.handler) {
                throw MessageRejection(
                    .handlerNotLoaded, at: "/handler",
                    "the handler \"\(request.handler)\" is installed but cannot be used: \(fault)", jobID: request.id)
            }
            let known = handlers.descriptions().map(\.name)
            let list = known.isEmpty ? "(none is loaded)" : known.joined(separator: ", ")
            throw MessageRejection(
                .unknownHandler, at: "/handler",
                "expected one of the handlers \(list), found \"\(request.handler.prefix(96))\""
                    + NearestName.sentence(for: request.handler, among: known), jobID: request.id)
        }
        if let missing = handler.requiredInputs.first(where: { request.inputs[$0] == nil }) {
            throw MessageRejection(
                .missingField, at: "/inputs/\(missing)", "\(handler.name) needs the input \"\(missing)\"",
                jobID: request.id)
        }
        let known = Set(handler.requiredInputs + handler.optionalInputs)
        if let unknown = request.inputs.keys.sorted().first(where: { !known.contains($0) }) {
            throw MessageRejection(
                .badInput, at: "/inputs/\(unknown)",
                "\(handler.name) takes the inputs \(known.sorted().joined(separator: ", ")), found \"\(unknown)\"",
                jobID: request.id)
        }
        try checkLocations(of: request, for: handler)
        if let fault = handlers.faultInParams(request.params, for: request.handler) {
            throw MessageRejection(.badParams, at: "/params\(fault.pointer)", fault.reason, jobID: request.id)
        }
        return handler
    }

    private func checkLocations(
        of request: JobRequest, for handler: HandlerDescription
    ) throws(MessageRejection) {
        guard let reads = handler.reads else { return }
        for (name, input) in request.inputs.sorted(by: { $0.key < $1.key })
        where !reads.contains(where: { $0.contains(input.location) }) {
            let place = request.format == .prediction ? "/s3_file_path" : "/inputs/\(name)/uri"
            throw MessageRejection(
                .locationNotGranted, at: place,
                "\(handler.name) reads from \(ObjectPrefix.list(reads)), found \(input.location)", jobID: request.id)
        }
    }

    private static func object(in body: String) throws(MessageRejection) -> JSONObject {
        let value: JSONValue
        do {
            value = try JSONValue(parsing: body, limits: JSONLimits(depth: 64))
        } catch {
            throw MessageRejection(.notJSON, "\(error)")
        }
        guard let object = value.objectValue else {
            throw MessageRejection(.notAnObject, "expected a JSON object, found \(value.typeName)")
        }
        return object
    }

    private func check(_ request: JobRequest, _ timePointer: String, now: Timestamp) throws(MessageRejection) {
        if request.submittedAt < now - rules.maxAge {
            throw MessageRejection(
                .timestampTooOld, at: timePointer,
                "submitted at \(request.submittedAt.rfc3339), more than \(rules.maxAge) ago")
        }
        if request.submittedAt > now + rules.maxAhead {
            throw MessageRejection(
                .timestampInFuture, at: timePointer,
                "submitted at \(request.submittedAt.rfc3339), more than \(rules.maxAhead) ahead of this runner's clock")
        }
        guard let allowed = rules.allowedBuckets else { return }
        for (name, input) in request.inputs.sorted(by: { $0.key < $1.key })
        where !allowed.contains(input.location.bucket) {
            let place = request.format == .prediction ? "/s3_file_path" : "/inputs/\(name)/uri"
            throw MessageRejection(
                .bucketNotAllowed, at: place,
                "expected one of the buckets \(allowed.sorted().joined(separator: ", ")), found \"\(input.location.bucket)\""
            )
        }
    }
}
