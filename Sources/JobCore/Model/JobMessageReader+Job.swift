import PureJSON

extension JobMessageReader {
    /// Reads a `headrace.job/1` message.
    func readJob(_ fields: MessageFields) throws(MessageRejection) -> JobRequest {
        let schema = try fields.string("schema")
        guard schema == JobRequest.Format.job.rawValue else {
            throw MessageRejection(
                .unknownSchema, at: "/schema",
                "expected \"\(JobRequest.Format.job.rawValue)\", found \"\(schema.prefix(64))\"")
        }
        let text = try fields.string("job_id")
        guard let id = JobID(text) else {
            throw MessageRejection(
                .badJobID, at: "/job_id",
                "expected 1 to 128 of A-Z a-z 0-9 . _ : - without \"..\", found \"\(text.prefix(160))\"")
        }
        do {
            return try readJob(fields, id)
        } catch {
            var rejection = error
            rejection.jobID = id
            throw rejection
        }
    }

    private func readJob(_ fields: MessageFields, _ id: JobID) throws(MessageRejection) -> JobRequest {
        let params = try fields.optionalObject("params") ?? [:]
        return JobRequest(
            id: id, handler: try fields.string("handler"), inputs: try readInputs(fields), params: .object(params),
            tenant: try readTenant(fields), priority: try readPriority(fields, allowed: Priority.allCases) ?? .normal,
            submittedAt: try fields.timestamp("submitted_at"),
            notAfter: fields.object["not_after"].map(\.isNull) == false ? try fields.timestamp("not_after") : nil,
            traceparent: try readTraceparent(fields), format: .job)
    }

    private func readInputs(_ fields: MessageFields) throws(MessageRejection) -> [String: InputReference] {
        var inputs: [String: InputReference] = [:]
        for (name, value) in try fields.optionalObject("inputs") ?? [:] {
            let pointer = "/inputs/\(name)"
            guard let members = value.objectValue else {
                throw MessageRejection(
                    .wrongType, at: pointer, "expected {\"uri\": \"s3://…\"}, found \(value.typeName)")
            }
            let input = MessageFields(members, at: pointer)
            inputs[name] = InputReference(
                location: try input.location("uri"), versionID: try input.optionalString("version_id"),
                etag: try input.optionalString("etag"))
        }
        return inputs
    }

    private func readTenant(_ fields: MessageFields) throws(MessageRejection) -> Tenant? {
        guard let text = try fields.optionalString("tenant") else { return nil }
        guard let tenant = Tenant(text) else {
            throw MessageRejection(
                .badTenant, at: "/tenant", "expected 1 to 64 of A-Z a-z 0-9 _ -, found \"\(text.prefix(96))\"")
        }
        return tenant
    }

    func readPriority(
        _ fields: MessageFields, allowed: [Priority]
    ) throws(MessageRejection) -> Priority? {
        guard let text = try fields.optionalString("priority") else { return nil }
        guard let priority = Priority(rawValue: text), allowed.contains(priority) else {
            throw MessageRejection(
                .badPriority, at: "/priority",
                "expected one of \(allowed.map(\.rawValue).joined(separator: ", ")), found \"\(text.prefix(32))\"")
        }
        return priority
    }

    /// The W3C form: version-traceid-parentid-flags in lower-case hexadecimal.
    ///
    /// Source: W3C Trace Context, 3.2.2.
    private func readTraceparent(_ fields: MessageFields) throws(MessageRejection) -> String? {
        guard let text = try fields.optionalString("traceparent") else { return nil }
        let parts = text.split(separator: "-", omittingEmptySubsequences: false)
        let isHex = { (part: Substring) in
            part.utf8.allSatisfy { (0x30...0x39).contains($0) || (0x61...0x66).contains($0) }
        }
        guard parts.count >= 4, parts.prefix(4).map(\.count) == [2, 32, 16, 2], parts.prefix(4).allSatisfy(isHex) else {
            throw MessageRejection(
                .badTraceContext, at: "/traceparent",
                "expected 00-<32 hex>-<16 hex>-<2 hex>, found \"\(text.prefix(64))\"")
        }
        return text
    }
}
