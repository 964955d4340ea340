internal import AWSWire
internal import Glibc
internal import HTTPTransport
internal import HTTPTypes
internal import Offloading

/// The credentials endpoint of ECS, EKS Pod Identity and their like.
///
/// Source: AWS SDKs and tools reference guide, "Container credential provider".
struct ContainerCredentials: CredentialSource {
    let environment: [String: String]
    let transport: any HTTPTransport

    let name = "container endpoint"

    func load() async throws(CredentialError) -> CredentialLookup {
        guard let url = try endpoint() else {
            return .absent(
                reason: "neither AWS_CONTAINER_CREDENTIALS_RELATIVE_URI nor AWS_CONTAINER_CREDENTIALS_FULL_URI is set")
        }
        var head = HTTPRequest(method: .get, scheme: url.scheme, authority: url.authority, path: url.path)
        head.headerFields[.authorization] = try await token()
        head.headerFields[.accept] = "application/json"
        let timeouts = TransportTimeouts(connect: .seconds(2), total: .seconds(5))
        let request = TransportRequest(head: head, sink: .memory(limitBytes: 1 << 20), timeouts: timeouts)
        let response: TransportResponse
        do throws(TransportError) {
            response = try await transport.send(request)
        } catch {
            throw .sourceFailed(source: name, detail: error.description, isTransient: error.isTransient)
        }
        guard response.head.status == .ok else {
            let status = response.head.status.code
            throw .sourceFailed(
                source: name, detail: "\(url.authority) answered \(status)", isTransient: status >= 500 || status == 429
            )
        }
        return .found(try AWSCredentials(document: response.body, source: name))
    }

    private func endpoint() throws(CredentialError) -> (scheme: String, authority: String, path: String)? {
        if let relative = environment["AWS_CONTAINER_CREDENTIALS_RELATIVE_URI"], !relative.isEmpty {
            guard relative.hasPrefix("/") else {
                throw .invalidSetting("AWS_CONTAINER_CREDENTIALS_RELATIVE_URI '\(relative)' does not start with /")
            }
            return ("http", "169.254.170.2", relative)
        }
        guard let full = environment["AWS_CONTAINER_CREDENTIALS_FULL_URI"], !full.isEmpty else { return nil }
        let parts = full.split(separator: "://", maxSplits: 1).map(String.init)
        guard parts.count == 2, let scheme = parts.first, scheme == "http" || scheme == "https" else {
            throw .invalidSetting("AWS_CONTAINER_CREDENTIALS_FULL_URI '\(full)' is not an http or https URL")
        }
        let slash = parts[1].firstIndex(of: "/") ?? parts[1].endIndex
        let authority = String(parts[1][..<slash])
        let path = slash == parts[1].endIndex ? "/" : String(parts[1][slash...])
        guard scheme == "https" || Self.isAllowedOverPlainHTTP(authority) else {
            throw .invalidSetting(
                "AWS_CONTAINER_CREDENTIALS_FULL_URI '\(full)' is plain http to a host that is neither local nor AWS's")
        }
        return (scheme, authority, path)
    }

    /// Loopback and the link-local addresses of ECS and EKS.
    private static func isAllowedOverPlainHTTP(_ authority: String) -> Bool {
        if authority.hasPrefix("[") {
            return authority.hasPrefix("[::1]") || authority.lowercased().hasPrefix("[fd00:ec2::23]")
        }
        let host = authority.split(separator: ":").first.map(String.init) ?? ""
        let octets = host.split(separator: ".").compactMap { UInt8($0) }
        return host == "localhost" || host == "169.254.170.2" || host == "169.254.170.23"
            || (octets.count == 4 && octets[0] == 127 && host.split(separator: ".").count == 4)
    }

    private func token() async throws(CredentialError) -> String? {
        guard let path = environment["AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE"], !path.isEmpty else {
            return environment["AWS_CONTAINER_AUTHORIZATION_TOKEN"].flatMap { $0.isEmpty ? nil : $0 }
        }
        switch await BlockingWork.run({ SmallFile.read(path, limitBytes: 64 << 10) }) {
        case .success(let bytes):
            return String(decoding: bytes, as: UTF8.self).split(whereSeparator: \.isNewline).first.map(String.init)
        case .failure(let failure):
            throw .invalidSetting(
                "AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE \(path) cannot be read (errno \(failure.errno))")
        }
    }
}
