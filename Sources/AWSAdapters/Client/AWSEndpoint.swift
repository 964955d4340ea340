/// Where a service answers.
package struct AWSEndpoint: Sendable, Hashable, CustomStringConvertible {
    /// `http` or `https`.
    package let scheme: String
    /// The host, with a port where it is not the scheme's own.
    package let authority: String
    /// Whether it was configured, as opposed to derived from service and region.
    package let isCustom: Bool

    /// Reads `http://host[:port]`; a path may only be `/`.
    ///
    /// - Throws: ``CredentialError/invalidSetting(_:)`` with what is wrong.
    package init(url: String) throws(CredentialError) {
        let parts = url.split(separator: "://", maxSplits: 1).map(String.init)
        guard parts.count == 2, parts[0] == "http" || parts[0] == "https" else {
            throw .invalidSetting("the endpoint '\(url)' is not of the form http://host:port")
        }
        let authority = parts[1].hasSuffix("/") ? String(parts[1].dropLast()) : parts[1]
        guard !authority.isEmpty, authority.utf8.allSatisfy({ $0 > 0x20 && $0 < 0x7F }), !authority.contains("/"),
            !authority.contains("@"), !authority.contains("?")
        else { throw .invalidSetting("the endpoint '\(url)' has no plain host, or a path; expected http://host:port") }
        scheme = parts[0]
        self.authority = authority
        isCustom = true
    }

    /// The public endpoint of a service in a region.
    package init(service: String, region: String) {
        scheme = "https"
        let suffix = region.hasPrefix("cn-") ? "amazonaws.com.cn" : "amazonaws.com"
        authority = "\(service).\(region).\(suffix)"
        isCustom = false
    }

    /// The endpoint as a URL.
    package var description: String { scheme + "://" + authority }
}
