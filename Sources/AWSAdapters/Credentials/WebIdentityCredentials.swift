internal import AWSWire
internal import HTTPTransport
internal import HTTPTypes
internal import JobCore
internal import Offloading

/// A role taken with a token of another identity provider, as EKS gives to service accounts.
///
/// Source: STS API reference, AssumeRoleWithWebIdentity; the call itself is not signed.
struct WebIdentityCredentials: CredentialSource {
    let environment: [String: String]
    let transport: any HTTPTransport

    let name = "web identity"

    func load() async throws(CredentialError) -> CredentialLookup {
        guard let tokenFile = environment["AWS_WEB_IDENTITY_TOKEN_FILE"], !tokenFile.isEmpty else {
            return .absent(reason: "AWS_WEB_IDENTITY_TOKEN_FILE is not set")
        }
        guard let role = environment["AWS_ROLE_ARN"], !role.isEmpty else {
            throw .invalidSetting("AWS_WEB_IDENTITY_TOKEN_FILE is set and AWS_ROLE_ARN is not; set both or neither")
        }
        let token: String
        switch await BlockingWork.run({ SmallFile.read(tokenFile, limitBytes: 64 << 10) }) {
        case .success(let bytes):
            token = String(String(decoding: bytes, as: UTF8.self).filter { !$0.isWhitespace })
        case .failure(let failure):
            throw .invalidSetting("AWS_WEB_IDENTITY_TOKEN_FILE \(tokenFile) cannot be read (errno \(failure.errno))")
        }
        return .found(try await assume(role, token))
    }

    private func assume(_ role: String, _ token: String) async throws(CredentialError) -> AWSCredentials {
        let region = environment["AWS_REGION"] ?? environment["AWS_DEFAULT_REGION"] ?? "us-east-1"
        let configured = environment["AWS_ENDPOINT_URL_STS"] ?? environment["AWS_ENDPOINT_URL"]
        let endpoint =
            if let configured { try AWSEndpoint(url: configured) } else { AWSEndpoint(service: "sts", region: region) }
        let form = QueryItems([
            .init("Action", "AssumeRoleWithWebIdentity"), .init("Version", "2011-06-15"), .init("RoleArn", role),
            .init("RoleSessionName", environment["AWS_ROLE_SESSION_NAME"] ?? "headrace"),
            .init("WebIdentityToken", token),
        ])
        var head = HTTPRequest(method: .post, scheme: endpoint.scheme, authority: endpoint.authority, path: "/")
        head.headerFields[.contentType] = "application/x-www-form-urlencoded"
        let request = TransportRequest(
            head: head, body: .bytes(Array(form.encoded.utf8)), timeouts: TransportTimeouts(total: .seconds(10)))
        let response: TransportResponse
        do throws(TransportError) {
            response = try await transport.send(request)
        } catch {
            throw .sourceFailed(source: name, detail: error.description, isTransient: error.isTransient)
        }
        return try read(response, endpoint)
    }

    private func read(
        _ response: TransportResponse, _ endpoint: AWSEndpoint
    ) throws(CredentialError) -> AWSCredentials {
        let root: XMLElement
        do throws(XMLError) { root = try XMLElement(parsing: response.body) } catch {
            throw .sourceFailed(
                source: name, detail: "\(endpoint) answered \(response.head.status.code) with \(error)",
                isTransient: response.head.status.code >= 500)
        }
        if let refusal = root["Error"] {
            let code = refusal["Code"]?.text ?? "unknown"
            throw .sourceFailed(
                source: name, detail: "\(endpoint) answered \(code): \(refusal["Message"]?.text ?? "")",
                isTransient: response.head.status.code >= 500 || code == "IDPCommunicationError")
        }
        let given = root["AssumeRoleWithWebIdentityResult"]?["Credentials"]
        guard let given, let key = given["AccessKeyId"]?.text, let secret = given["SecretAccessKey"]?.text,
            let expiration = given["Expiration"].flatMap({ Timestamp(rfc3339: $0.text) })
        else {
            throw .sourceFailed(source: name, detail: "\(endpoint) answered without credentials", isTransient: false)
        }
        return AWSCredentials(
            accessKeyID: key, secretAccessKey: secret, sessionToken: given["SessionToken"]?.text,
            expiration: expiration)
    }
}
