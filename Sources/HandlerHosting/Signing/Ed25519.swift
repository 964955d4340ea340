import CLibcrypto

/// Signatures with Ed25519 (RFC 8032), by OpenSSL.
///
/// Keys are PEM files as `openssl genpkey -algorithm ed25519` and `openssl pkey -pubout` write them.
package enum Ed25519 {
    /// The size of a signature, in bytes.
    package static let signatureBytes = 64

    /// Why a key cannot be used; completes a sentence that begins with its file.
    package struct KeyFault: Error, Hashable {
        package var reason: String
    }

    /// Makes a key pair.
    ///
    /// - Returns: two PEM texts, PKCS #8 without a passphrase and SubjectPublicKeyInfo.
    package static func makeKeyPair() throws(KeyFault) -> (secret: [UInt8], public: [UInt8]) {
        guard let context = unsafe EVP_PKEY_CTX_new_id(EVP_PKEY_ED25519, nil) else {
            throw KeyFault(reason: "OpenSSL has no Ed25519")
        }
        defer { unsafe EVP_PKEY_CTX_free(context) }
        var raw: OpaquePointer?
        guard unsafe EVP_PKEY_keygen_init(context) == 1, unsafe EVP_PKEY_keygen(context, &raw) == 1,
            let key = unsafe raw
        else { throw KeyFault(reason: "OpenSSL cannot make a key") }
        defer { unsafe EVP_PKEY_free(key) }
        let secret = unsafe text { unsafe PEM_write_bio_PrivateKey($0, key, nil, nil, 0, nil, nil) }
        let publicKey = unsafe text { unsafe PEM_write_bio_PUBKEY($0, key) }
        guard let secret, let publicKey else { throw KeyFault(reason: "OpenSSL cannot write the key") }
        return (secret, publicKey)
    }

    /// Signs a message.
    ///
    /// - Parameters:
    ///   - message: the whole message.
    ///   - secretKey: a PEM text with a secret key that has no passphrase.
    /// - Returns: 64 bytes.
    /// - Throws: why the key cannot be used.
    package static func sign(_ message: [UInt8], secretKey: [UInt8]) throws(KeyFault) -> [UInt8] {
        let key = try unsafe key(secretKey, "a secret key without a passphrase") {
            unsafe PEM_read_bio_PrivateKey($0, nil, noPassphrase, nil)
        }
        defer { unsafe EVP_PKEY_free(key) }
        guard let context = unsafe EVP_MD_CTX_new() else { throw KeyFault(reason: "cannot be used: no memory") }
        defer { unsafe EVP_MD_CTX_free(context) }
        var signature = [UInt8](repeating: 0, count: signatureBytes)
        var count = signature.count
        guard unsafe EVP_DigestSignInit(context, nil, nil, nil, key) == 1,
            unsafe EVP_DigestSign(context, &signature, &count, message, message.count) == 1, count == signatureBytes
        else { throw KeyFault(reason: "cannot sign") }
        return signature
    }

    /// Whether a signature fits a message and a key, a PEM text with a public key.
    package static func verify(
        _ signature: [UInt8], of message: [UInt8], publicKey: [UInt8]
    ) throws(KeyFault) -> Bool {
        let key = try unsafe key(publicKey, "a public key") { unsafe PEM_read_bio_PUBKEY($0, nil, nil, nil) }
        defer { unsafe EVP_PKEY_free(key) }
        guard let context = unsafe EVP_MD_CTX_new() else { throw KeyFault(reason: "cannot be used: no memory") }
        defer { unsafe EVP_MD_CTX_free(context) }
        guard unsafe EVP_DigestVerifyInit(context, nil, nil, nil, key) == 1 else {
            throw KeyFault(reason: "cannot be used for verification")
        }
        let result = unsafe EVP_DigestVerify(context, signature, signature.count, message, message.count)
        ERR_clear_error()
        return result == 1
    }

    /// The public half of a secret key, as PEM.
    package static func publicKey(ofSecret secretKey: [UInt8]) throws(KeyFault) -> [UInt8] {
        let key = try unsafe key(secretKey, "a secret key without a passphrase") {
            unsafe PEM_read_bio_PrivateKey($0, nil, noPassphrase, nil)
        }
        defer { unsafe EVP_PKEY_free(key) }
        guard let text = unsafe text({ unsafe PEM_write_bio_PUBKEY($0, key) }) else {
            throw KeyFault(reason: "has no public half")
        }
        return text
    }

    // MARK: - PEM

    /// OpenSSL would ask at the terminal.
    private static let noPassphrase:
        @convention(c) (
            UnsafeMutablePointer<CChar>?, Int32, Int32, UnsafeMutableRawPointer?
        ) -> Int32 = { _, _, _, _ in -1 }

    private static func key(
        _ pem: [UInt8], _ kind: String, _ read: (OpaquePointer) -> OpaquePointer?
    ) throws(KeyFault) -> OpaquePointer {
        guard let memory = unsafe BIO_new(BIO_s_mem()) else { throw KeyFault(reason: "cannot be used: no memory") }
        defer {
            unsafe BIO_free(memory)
            ERR_clear_error()
        }
        guard unsafe BIO_write(memory, pem, Int32(clamping: pem.count)) == pem.count else {
            throw KeyFault(reason: "is not \(kind) in PEM form")
        }
        guard let key = unsafe read(memory) else { throw KeyFault(reason: "is not \(kind) in PEM form") }
        guard unsafe EVP_PKEY_get_id(key) == EVP_PKEY_ED25519 else {
            unsafe EVP_PKEY_free(key)
            throw KeyFault(reason: "is a key of another kind, expected Ed25519")
        }
        return unsafe key
    }

    private static func text(_ write: (OpaquePointer) -> Int32) -> [UInt8]? {
        guard let memory = unsafe BIO_new(BIO_s_mem()) else { return nil }
        defer { unsafe BIO_free(memory) }
        guard unsafe write(memory) == 1 else { return nil }
        var text: [UInt8] = []
        var block = [UInt8](repeating: 0, count: 4_096)
        while case let count = unsafe BIO_read(memory, &block, Int32(block.count)), count > 0 {
            text += block[..<Int(count)]
        }
        return text
    }
}
