package import JobCore

/// An access key with its secret, and the session token when the key is temporary.
package struct AWSCredentials: Sendable, Hashable {
    /// The public name of the key, such as `AKIDEXAMPLE`.
    package let accessKeyID: String
    /// The secret that signatures are computed with.
    package let secretAccessKey: String
    /// Sent as `X-Amz-Security-Token`; temporary keys only.
    package let sessionToken: String?
    /// When the key stops to work; `nil` for a key that does not expire.
    package let expiration: Timestamp?

    /// Makes credentials; an empty token counts as none.
    package init(
        accessKeyID: String, secretAccessKey: String, sessionToken: String? = nil, expiration: Timestamp? = nil
    ) {
        self.accessKeyID = accessKeyID
        self.secretAccessKey = secretAccessKey
        self.sessionToken = sessionToken?.isEmpty == true ? nil : sessionToken
        self.expiration = expiration
    }
}

extension AWSCredentials: CustomStringConvertible, CustomDebugStringConvertible {
    /// The key's public name; never the secret.
    package var description: String { "credentials of access key \(accessKeyID)" }

    /// The key's public name; never the secret.
    package var debugDescription: String { description }
}
