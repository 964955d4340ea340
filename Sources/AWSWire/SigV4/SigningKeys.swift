internal import Synchronization

/// The signing keys that were computed last: those of a day are the same for every request.
package final class SigningKeys: Sendable {
    private struct Owner: Sendable, Hashable {
        let secret: String
        let scope: SigningScope
    }

    /// At most so many keys are kept; then all are forgotten.
    private static let limit = 64

    private let keys = Mutex<[Owner: [UInt8]]>([:])

    /// Makes an empty store.
    package init() {}

    /// The signing key of a secret for a scope, 32 bytes.
    func key(secret: String, scope: SigningScope) -> [UInt8] {
        let owner = Owner(secret: secret, scope: scope)
        if let known = keys.withLock({ $0[owner] }) { return known }
        let key = scope.signingKey(secret: secret)
        keys.withLock { keys in
            if keys.count >= Self.limit { keys = [:] }
            keys[owner] = key
        }
        return key
    }
}
