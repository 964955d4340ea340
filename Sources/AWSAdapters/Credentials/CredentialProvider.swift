package import AWSWire

/// Gives the credentials that calls are signed with.
package protocol CredentialProvider: Sendable {
    /// Credentials that are good now; refreshed before they expire.
    func credentials() async throws(CredentialError) -> AWSCredentials

    /// Told that a service no longer accepts these, so that the next call brings newer ones where there are any.
    func invalidate(_ credentials: AWSCredentials) async
}

/// Why there are no credentials.
package enum CredentialError: Error, Sendable, Hashable {
    /// A setting cannot be used; the text says which and why.
    case invalidSetting(String)
    /// A source is configured and does not answer.
    case sourceFailed(source: String, detail: String, isTransient: Bool)
    /// No source has any; each with its reason.
    case notFound(tried: [String])

    /// Whether it may work a moment later.
    package var isTransient: Bool {
        if case .sourceFailed(_, _, let isTransient) = self { isTransient } else { false }
    }
}

extension CredentialError: CustomStringConvertible {
    /// What was tried and what to do.
    package var description: String {
        switch self {
        case .invalidSetting(let text): text
        case .sourceFailed(let source, let detail, _): "no AWS credentials from \(source): \(detail)"
        case .notFound(let tried):
            "no AWS credentials found; set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, or a profile. Tried: "
                + tried.joined(separator: "; ")
        }
    }
}

/// Credentials that never change.
package struct StaticCredentials: CredentialProvider {
    private let fixed: AWSCredentials

    /// Wraps credentials.
    package init(_ credentials: AWSCredentials) { fixed = credentials }

    /// The credentials.
    package func credentials() async throws(CredentialError) -> AWSCredentials { fixed }

    /// Changes nothing.
    package func invalidate(_ credentials: AWSCredentials) async {}
}

/// One place where credentials may be.
protocol CredentialSource: Sendable {
    /// The source's name, for messages.
    var name: String { get }

    /// The credentials, or why this source is not used.
    func load() async throws(CredentialError) -> CredentialLookup
}

/// What a source says.
enum CredentialLookup: Sendable, Hashable {
    case found(AWSCredentials)
    case absent(reason: String)
}
