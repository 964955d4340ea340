internal import AWSWire
internal import HTTPTypes

extension S3Routes {
    private static let methods: Set<String> = ["DELETE", "GET", "HEAD", "POST", "PUT"]

    /// GetBucketCors, PutBucketCors and DeleteBucketCors.
    func cors(_ call: S3Call, _ bucket: String) async throws -> HTTPAnswer {
        switch call.head.method {
        case .get:
            guard let configuration = try settings(of: bucket).cors else {
                throw S3Refusal(
                    "NoSuchCORSConfiguration", "The CORS configuration does not exist", details: ["BucketName": bucket])
            }
            return call.answer(configuration)
        case .put:
            let configuration = try await call.document(S3CORSConfiguration.self)
            try Self.check(configuration)
            try await configure(bucket) { $0.cors = configuration }
            return HTTPAnswer(call.responseHead())
        case .delete:
            try await configure(bucket) { $0.cors = nil }
            return HTTPAnswer(call.responseHead(.noContent))
        default: throw Self.methodNotAllowed(call)
        }
    }

    private static func check(_ configuration: S3CORSConfiguration) throws(S3Refusal) {
        guard (1...100).contains(configuration.rules.count) else { throw .malformedXML }
        for rule in configuration.rules {
            guard !rule.allowedOrigins.isEmpty, !rule.allowedMethods.isEmpty else { throw .malformedXML }
            if let method = rule.allowedMethods.first(where: { !methods.contains($0) }) {
                throw S3Refusal(
                    "InvalidRequest",
                    "Found unsupported HTTP method in CORS config. Unsupported method is \(method)")
            }
            for origin in rule.allowedOrigins where origin.filter({ $0 == "*" }).count > 1 {
                throw S3Refusal(
                    "InvalidRequest", "AllowedOrigin \"\(origin)\" can not have more than one wildcard.")
            }
            for header in rule.allowedHeaders where header.filter({ $0 == "*" }).count > 1 {
                throw S3Refusal(
                    "InvalidRequest", "AllowedHeader \"\(header)\" can not have more than one wildcard.")
            }
        }
    }

    /// The answer to a browser that asks, unsigned, whether a page of another origin may do something.
    func preflight(_ head: HTTPRequest, bucketHosts: [String], requestID: String) -> HTTPAnswer {
        let bucket = S3Address(
            authority: head.authority, path: RequestTarget(head).path, baseHosts: bucketHosts
        ).bucket
        do throws(S3Refusal) {
            let fields = head.headerFields
            guard let origin = fields[.origin] else {
                throw S3Refusal("BadRequest", "Insufficient information. Origin request header needed.")
            }
            let method = fields[.accessControlRequestMethod] ?? "null"
            guard Self.methods.contains(method) else {
                throw S3Refusal("BadRequest", "Invalid Access-Control-Request-Method: \(method)")
            }
            guard let bucket, let configuration = try settings(of: bucket).cors else {
                throw Self.forbidden("CORSResponse: CORS is not enabled for this bucket.", method: method)
            }
            let wanted = (fields[.accessControlRequestHeaders] ?? "").split(separator: ",")
                .map { $0.filter { $0 != " " }.lowercased() }.filter { !$0.isEmpty }
            guard let decision = CORSDecision(configuration, origin: origin, method: method, headers: wanted) else {
                throw Self.forbidden(
                    "CORSResponse: This CORS request is not allowed. This is usually because the evalution of Origin, "
                        + "request method / Access-Control-Request-Method or Access-Control-Request-Headers are not "
                        + "whitelisted by the resource's CORS spec.", method: method)
            }
            var response = HTTPResponse(status: .ok)
            response.headerFields[.amzRequestID] = requestID
            response.headerFields[.amzID2] = requestID
            Self.allow(decision, in: &response.headerFields)
            if !wanted.isEmpty {
                response.headerFields[.accessControlAllowHeaders] = wanted.joined(separator: ", ")
            }
            return HTTPAnswer(response)
        } catch {
            return S3Call.answer(refusing: error, head: head, requestID: requestID)
        }
    }

    /// Tells a browser in the answer to a request itself that its page may read it.
    func allowOrigin(_ call: S3Call, in answer: inout HTTPAnswer) {
        guard let origin = call[.origin], let bucket = call.bucket else { return }
        // A bucket that is not there has no rules; the answer says so already.
        let configuration: S3CORSConfiguration?
        do throws(S3Refusal) { configuration = try settings(of: bucket).cors } catch { configuration = nil }
        guard let configuration,
            let decision = CORSDecision(
                configuration, origin: origin, method: call.head.method.rawValue, headers: [])
        else { return }
        Self.allow(decision, in: &answer.head.headerFields)
    }

    private static func allow(_ decision: CORSDecision, in fields: inout HTTPFields) {
        fields[.accessControlAllowOrigin] = decision.origin
        fields[.accessControlAllowMethods] = decision.rule.allowedMethods.joined(separator: ", ")
        if decision.origin != "*" { fields[.accessControlAllowCredentials] = "true" }
        if !decision.rule.exposedHeaders.isEmpty {
            fields[.accessControlExposeHeaders] = decision.rule.exposedHeaders.joined(separator: ", ")
        }
        if let seconds = decision.rule.maxAgeSeconds { fields[.accessControlMaxAge] = String(seconds) }
        fields[.vary] = "Origin, Access-Control-Request-Headers, Access-Control-Request-Method"
    }

    private static func forbidden(_ message: String, method: String) -> S3Refusal {
        S3Refusal("AccessForbidden", message, details: ["Method": method, "ResourceType": "BUCKET"])
    }
}
