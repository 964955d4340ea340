internal import AWSWire
internal import JobCore
internal import PureJSON

extension AWSCredentials {
    /// Reads the JSON document of container and instance endpoints.
    init(document body: [UInt8], source: String) throws(CredentialError) {
        let document: JSONValue
        do throws(JSONParseError) { document = try JSONValue(parsing: body) } catch {
            throw .sourceFailed(source: source, detail: error.description, isTransient: false)
        }
        guard let key = document["AccessKeyId"]?.stringValue, let secret = document["SecretAccessKey"]?.stringValue
        else {
            let code = document["Code"]?.stringValue ?? document["code"]?.stringValue
            let reason = code.map { " (\($0))" } ?? ""
            throw .sourceFailed(
                source: source, detail: "the answer has no AccessKeyId or SecretAccessKey\(reason)",
                isTransient: false)
        }
        var expiration: Timestamp?
        if let text = document["Expiration"]?.stringValue {
            guard let moment = Timestamp(rfc3339: text) else {
                throw .sourceFailed(
                    source: source, detail: "the Expiration '\(text)' is not RFC 3339", isTransient: false)
            }
            expiration = moment
        }
        self.init(
            accessKeyID: key, secretAccessKey: secret, sessionToken: document["Token"]?.stringValue,
            expiration: expiration)
    }
}
