/// What S3 answers when it refuses a request.
package struct S3Error: Error, S3Document {
    /// The error's name: `NoSuchKey`.
    package var code: String
    /// S3's sentence.
    package var message: String
    /// The bucket or object that it is about.
    package var resource: String?
    /// The service's name for the request.
    package var requestID: String?
    /// The second name of the request, for AWS support.
    package var hostID: String?
    /// Further elements by name, such as `Key`, `BucketName`, `ServerTime`.
    package var details: [String: String]

    /// Makes an error from its parts.
    package init(
        code: String, message: String, resource: String? = nil, requestID: String? = nil, hostID: String? = nil,
        details: [String: String] = [:]
    ) {
        self.code = code
        self.message = message
        self.resource = resource
        self.requestID = requestID
        self.hostID = hostID
        self.details = details
    }

    /// Reads an `<Error>` document.
    package init(xml: XMLElement) throws(S3CodecError) {
        try xml.requireRoot("Error")
        code = try xml.requiredText("Code")
        message = xml["Message"]?.text ?? ""
        resource = xml["Resource"]?.text
        requestID = xml["RequestId"]?.text
        hostID = xml["HostId"]?.text
        let named: Set<String> = ["Code", "Message", "Resource", "RequestId", "HostId"]
        details = Dictionary(
            xml.children.filter { !named.contains($0.name) }.map { ($0.name, $0.text) },
            uniquingKeysWith: { first, _ in first })
    }

    /// The `<Error>` document.
    package var xml: XMLElement {
        XMLElement(
            "Error",
            [XMLElement("Code", code), XMLElement("Message", message)]
                + details.sorted { $0.key < $1.key }.map { XMLElement($0.key, $0.value) } + [
                    .optional("Resource", resource), .optional("RequestId", requestID), .optional("HostId", hostID),
                ])
    }

    /// The document as a body; S3's errors are in no namespace.
    package var body: [UInt8] { xml.document() }

    /// Makes an error of a status whose answer has no document, as answers to HEAD have none.
    package init(status: Int, requestID: String?) {
        let code =
            switch status {
            case 301: "PermanentRedirect"
            case 304: "NotModified"
            case 400: "BadRequest"
            case 403: "AccessDenied"
            case 404: "NotFound"
            case 409: "Conflict"
            case 412: "PreconditionFailed"
            case 416: "InvalidRange"
            case 500: "InternalError"
            case 503: "SlowDown"
            default: "HTTP\(status)"
            }
        self.init(code: code, message: "", requestID: requestID)
    }
}
