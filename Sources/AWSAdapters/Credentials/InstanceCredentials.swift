internal import AWSWire
internal import HTTPTransport
internal import HTTPTypes

/// The credentials of an EC2 instance's role, from its metadata service, version 2.
///
/// Source: EC2 user guide, "Use the Instance Metadata Service to access instance metadata".
struct InstanceCredentials: CredentialSource {
    let environment: [String: String]
    let transport: any HTTPTransport

    let name = "instance metadata"

    private static let tokenName = HTTPField.Name("X-aws-ec2-metadata-token")
    private static let lifetimeName = HTTPField.Name("X-aws-ec2-metadata-token-ttl-seconds")
    private static let folder = "/latest/meta-data/iam/security-credentials/"

    func load() async throws(CredentialError) -> CredentialLookup {
        guard environment["AWS_EC2_METADATA_DISABLED"]?.lowercased() != "true" else {
            return .absent(reason: "AWS_EC2_METADATA_DISABLED is true")
        }
        let endpoint = try AWSEndpoint(
            url: environment["AWS_EC2_METADATA_SERVICE_ENDPOINT"] ?? "http://169.254.169.254")
        let token: TransportResponse
        do throws(TransportError) {
            token = try await ask(endpoint, .put, "/latest/api/token", Self.lifetimeName, "21600")
        } catch {
            return .absent(reason: "no answer from \(endpoint), this is no EC2 instance or its hop limit is 1")
        }
        guard token.head.status == .ok else {
            return .absent(reason: "\(endpoint) answered \(token.head.status.code) when asked for a token")
        }
        let tokenText = String(decoding: token.body, as: UTF8.self)
        let roles = try await document(endpoint, Self.folder, tokenText)
        guard let roles, let role = String(decoding: roles, as: UTF8.self).split(whereSeparator: \.isNewline).first
        else { return .absent(reason: "the instance has no role") }
        guard let body = try await document(endpoint, Self.folder + PercentEncoding.encode(role), tokenText) else {
            throw .sourceFailed(source: name, detail: "role \(role) has no credentials", isTransient: true)
        }
        return .found(try AWSCredentials(document: body, source: name))
    }

    /// A document of the service; `nil` when there is none.
    private func document(
        _ endpoint: AWSEndpoint, _ path: String, _ token: String
    ) async throws(CredentialError) -> [UInt8]? {
        let response: TransportResponse
        do throws(TransportError) {
            response = try await ask(endpoint, .get, path, Self.tokenName, token)
        } catch {
            throw .sourceFailed(source: name, detail: error.description, isTransient: error.isTransient)
        }
        let status = response.head.status.code
        guard status != 404 else { return nil }
        guard status == 200 else {
            throw .sourceFailed(
                source: name, detail: "\(endpoint)\(path) answered \(status)", isTransient: status >= 500)
        }
        return response.body
    }

    private func ask(
        _ endpoint: AWSEndpoint, _ method: HTTPRequest.Method, _ path: String, _ header: HTTPField.Name?,
        _ value: String
    ) async throws(TransportError) -> TransportResponse {
        var head = HTTPRequest(
            method: method, scheme: endpoint.scheme, authority: endpoint.authority, path: path)
        if let header { head.headerFields[header] = value }
        let timeouts = TransportTimeouts(connect: .seconds(1), total: .seconds(2))
        return try await transport.send(
            TransportRequest(head: head, sink: .memory(limitBytes: 1 << 20), timeouts: timeouts))
    }
}
