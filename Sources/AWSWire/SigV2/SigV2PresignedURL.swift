package import HTTPTypes
package import JobCore

/// Why a URL that is presigned with Signature Version 2 is refused.
package enum SigV2Rejection: Error, Sendable, Hashable {
    /// One of the three parameters is missing.
    case incomplete
    /// `Expires` is not a number of seconds since 1970.
    case malformedExpiry(String)
    /// The URL is past its end.
    case expired(at: Timestamp, serverTime: Timestamp)
    /// No secret is known for this access key.
    case unknownAccessKey(String)
    /// The session token is missing or is not the one of the access key.
    case wrongSessionToken
    /// The URL is signed otherwise; the text is the one that should have been signed.
    case signatureMismatch(accessKeyID: String, provided: String, stringToSign: String)
}

/// A request of S3 that is presigned with Signature Version 2: `?AWSAccessKeyId=…&Signature=…&Expires=…`.
///
/// boto3 and version 1 of the AWS CLI presign in this way in the oldest regions unless they are told otherwise.
/// Source: Amazon S3 user guide, "Signing and authenticating REST requests (AWS signature version 2)".
package struct SigV2PresignedURL: Sendable, Hashable {
    /// The request with those parameters as headers that stand for headers: `x-amz-…`, `content-type`, `content-md5`.
    package let request: HTTPRequest
    private let accessKeyID: String
    private let signature: String
    private let expiry: Timestamp

    /// Reads a request; `nil` when it is not presigned in this way.
    package init?(_ request: HTTPRequest) throws(SigV2Rejection) {
        let query = QueryItems(parsing: RequestTarget(request).query, plusIsSpace: false)
        let names = ["AWSAccessKeyId", "Expires", "Signature"]
        guard query.contains("AWSAccessKeyId") || query.contains("Signature"), !query.contains("X-Amz-Signature") else {
            return nil
        }
        let values = names.compactMap { query[$0] }
        guard values.count == names.count else { throw .incomplete }
        guard let seconds = Int64(values[1]) else { throw .malformedExpiry(values[1]) }
        accessKeyID = values[0]
        expiry = Timestamp(seconds: seconds)
        signature = values[2]
        self.request = Self.withHeaders(of: query, request)
    }

    /// Checks end and signature.
    ///
    /// - Parameters:
    ///   - hostBucket: The bucket that the host names; `nil` when the path does.
    ///   - now: The server's time.
    ///   - credentials: The known credentials of an access key.
    /// - Throws: The reason to refuse the request.
    package func verify(
        hostBucket: String?, at now: Timestamp, credentials: (_ accessKeyID: String) -> AWSCredentials?
    ) throws(SigV2Rejection) {
        guard now <= expiry else { throw .expired(at: expiry, serverTime: now) }
        guard let known = credentials(accessKeyID) else { throw .unknownAccessKey(accessKeyID) }
        guard known.sessionToken == request.headerFields[.amzSecurityToken] else { throw .wrongSessionToken }
        let path = (hostBucket.map { "/" + $0 } ?? "") + RequestTarget(request).path
        // A bucket alone is signed with a slash at its end, whether or not the URL has it.
        let isBucketAlone = hostBucket == nil && path.utf8.count { $0 == UInt8(ascii: "/") } == 1
        for spelling in isBucketAlone ? [path, path + "/"] : [path] {
            let expected = Digest.hmacSHA1(key: known.secretAccessKey.utf8, stringToSign(path: spelling).utf8)
            if let provided = Base64.decode(signature), ConstantTime.areEqual(expected, provided) { return }
        }
        throw .signatureMismatch(
            accessKeyID: accessKeyID, provided: signature, stringToSign: stringToSign(path: path))
    }

    private func stringToSign(path: String) -> String {
        let fields = request.headerFields
        let lines = [
            request.method.rawValue, fields[.contentMD5] ?? "", fields[.contentType] ?? "", String(expiry.seconds),
        ]
        return lines.joined(separator: "\n") + "\n" + canonicalHeaders + path + signedQuery
    }

    /// The `x-amz-…` headers by name, each with a line feed.
    private var canonicalHeaders: String {
        var values: [String: [String]] = [:]
        for field in request.headerFields where field.name.canonicalName.hasPrefix("x-amz-") {
            values[field.name.canonicalName, default: []].append(String(field.value[...].trimmingSpaces()))
        }
        return values.sorted { $0.key < $1.key }
            .map { $0.key + ":" + $0.value.joined(separator: ",") + "\n" }.joined()
    }

    /// The parameters that change what is meant, by name.
    private var signedQuery: String {
        let signed = QueryItems(parsing: RequestTarget(request).query, plusIsSpace: false).items
            .filter { Self.signedParameters.contains($0.name) || $0.name.hasPrefix("response-") }
            .sorted { $0.name < $1.name }
            .map { item in item.value.map { item.name + "=" + $0 } ?? item.name }
        return signed.isEmpty ? "" : "?" + signed.joined(separator: "&")
    }

    private static let signedParameters: Set<String> = [
        "accelerate", "acl", "analytics", "cors", "defaultObjectAcl", "delete", "inventory", "lifecycle", "location",
        "logging", "metrics", "notification", "object-lock", "partNumber", "policy", "replication", "requestPayment",
        "restore", "select", "select-type", "storageClass", "tagging", "torrent", "uploadId", "uploads", "versionId",
        "versioning", "versions", "website",
    ]

    private static func withHeaders(of query: QueryItems, _ request: HTTPRequest) -> HTTPRequest {
        var request = request
        for item in query.items {
            let name = item.name.lowercased()
            guard name.hasPrefix("x-amz-") || name == "content-type" || name == "content-md5",
                let fieldName = HTTPField.Name(name), request.headerFields[fieldName] == nil
            else { continue }
            request.headerFields[fieldName] = item.value ?? ""
        }
        return request
    }
}
