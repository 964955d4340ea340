internal import AWSWire
internal import HTTPTypes
internal import PureJSON

/// What a request asks for, as faults match it and the journal names it.
package struct CloudCall: Sendable, Hashable {
    /// The service.
    package enum Service: String, Sendable, Hashable {
        case s3
        case sqs
    }

    /// The service.
    package var service: Service
    /// The operation by its API name: `GetObject`, `SendMessage`; empty when the request names none.
    package var operation: String
    /// The queue's name, the bucket, or bucket and key with a slash between them; empty for the service itself.
    package var resource: String

    /// Names a call.
    package init(_ service: Service, _ operation: String, _ resource: String) {
        self.service = service
        self.operation = operation
        self.resource = resource
    }
}

extension CloudCall {
    /// Reads a request of SQS, of either protocol.
    init(sqs head: HTTPRequest, body: [UInt8]) {
        let target = RequestTarget(head)
        if let name = head.headerFields[.amzTarget] {
            let operation = name.utf8.split(separator: UInt8(ascii: ".")).last.map { String(Substring($0)) } ?? ""
            self.init(.sqs, operation, Self.queueName(inDocument: body))
            return
        }
        let form = QueryItems(parsing: String(decoding: body, as: UTF8.self))
        let query = QueryItems(parsing: target.query)
        let url = form["QueueUrl"] ?? query["QueueUrl"] ?? form["QueueName"] ?? query["QueueName"] ?? target.path
        self.init(.sqs, form["Action"] ?? query["Action"] ?? "", Self.lastComponent(of: url))
    }

    /// The queue that a document names, found without reading all of it where that can be.
    private static func queueName(inDocument body: [UInt8]) -> String {
        let start = Array("{\"QueueUrl\":".utf8)
        if body.starts(with: start) {
            let rest = body[start.count...].drop { $0 == UInt8(ascii: " ") }
            if rest.first == UInt8(ascii: "\"") {
                let text = rest.dropFirst().prefix { $0 != UInt8(ascii: "\"") }
                if !text.contains(UInt8(ascii: "\\")) {
                    return lastComponent(of: String(decoding: text, as: UTF8.self))
                }
            }
        }
        let document: JSONValue
        // The service itself says what is wrong with the document.
        do throws(JSONParseError) { document = try JSONValue(parsing: body) } catch { return "" }
        let name = document["QueueUrl"] ?? document["QueueName"]
        return lastComponent(of: name?.stringValue ?? "")
    }

    private static func lastComponent(of url: String) -> String {
        url.utf8.split(separator: UInt8(ascii: "/")).last.map { String(Substring($0)) } ?? ""
    }
}

extension CloudCall {
    /// Reads a request of S3.
    init(s3 head: HTTPRequest, bucketHosts: [String]) {
        let target = RequestTarget(head)
        let query = target.query.isEmpty ? QueryItems() : QueryItems(parsing: target.query)
        let address = S3Address(authority: head.authority, path: target.path, baseHosts: bucketHosts)
        guard let bucket = address.bucket else {
            self.init(.s3, "ListBuckets", "")
            return
        }
        if let key = address.key {
            self.init(.s3, Self.objectOperation(head, query), bucket + "/" + key)
        } else {
            self.init(.s3, Self.bucketOperation(head, query), bucket)
        }
    }

    /// Source: Amazon S3 API reference, the sub-resources of its operations.
    private static let subresources: [(query: String, name: String)] = [
        ("accelerate", "AccelerateConfiguration"), ("acl", "Acl"), ("cors", "Cors"), ("encryption", "Encryption"),
        ("lifecycle", "LifecycleConfiguration"), ("logging", "Logging"),
        ("notification", "NotificationConfiguration"), ("object-lock", "ObjectLockConfiguration"),
        ("ownershipControls", "OwnershipControls"), ("policy", "Policy"), ("publicAccessBlock", "PublicAccessBlock"),
        ("replication", "Replication"), ("requestPayment", "RequestPayment"), ("tagging", "Tagging"),
        ("versioning", "Versioning"), ("website", "Website"), ("legal-hold", "LegalHold"),
        ("retention", "Retention"),
    ]

    private static func bucketOperation(_ head: HTTPRequest, _ query: QueryItems) -> String {
        let part = subresources.first { query.contains($0.query) }?.name
        switch head.method {
        case .put: return part.map { "PutBucket" + $0 } ?? "CreateBucket"
        case .delete: return part.map { "DeleteBucket" + $0 } ?? "DeleteBucket"
        case .head: return "HeadBucket"
        case .post: return query.contains("delete") ? "DeleteObjects" : "PostObject"
        default:
            if let part { return "GetBucket" + part }
            if query.contains("location") { return "GetBucketLocation" }
            if query.contains("versions") { return "ListObjectVersions" }
            if query.contains("uploads") { return "ListMultipartUploads" }
            return query["list-type"] == "2" ? "ListObjectsV2" : "ListObjects"
        }
    }

    private static func objectOperation(_ head: HTTPRequest, _ query: QueryItems) -> String {
        let isPart = query.contains("uploadId")
        let part = subresources.first { query.contains($0.query) }?.name
        switch head.method {
        case .put:
            let isCopy = head.headerFields[.amzCopySource] != nil
            if isPart { return isCopy ? "UploadPartCopy" : "UploadPart" }
            return part.map { "PutObject" + $0 } ?? (isCopy ? "CopyObject" : "PutObject")
        case .delete: return isPart ? "AbortMultipartUpload" : part.map { "DeleteObject" + $0 } ?? "DeleteObject"
        case .head: return "HeadObject"
        case .post: return isPart ? "CompleteMultipartUpload" : "CreateMultipartUpload"
        default:
            if isPart { return "ListParts" }
            if query.contains("attributes") { return "GetObjectAttributes" }
            return part.map { "GetObject" + $0 } ?? "GetObject"
        }
    }
}
