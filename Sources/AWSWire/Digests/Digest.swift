internal import CLibcrypto

/// The hash functions that AWS protocols use, as OpenSSL's libcrypto computes them.
package enum Digest: Sendable, Hashable, CaseIterable {
    /// RFC 1321, 16 bytes; integrity only, never security.
    case md5
    /// FIPS 180-4, 20 bytes; integrity only, never security.
    case sha1
    /// FIPS 180-4, 32 bytes.
    case sha256

    /// The length of a result in bytes.
    package var byteCount: Int {
        switch self {
        case .md5: 16
        case .sha1: 20
        case .sha256: 32
        }
    }

    /// The hash of all these bytes.
    package func hash(_ bytes: some Collection<UInt8>) -> [UInt8] {
        unsafe withContiguousBytes(of: bytes) { buffer in
            unsafe [UInt8](unsafeUninitializedCapacity: byteCount) { output, count in
                var length: UInt32 = 0
                let status = unsafe EVP_Digest(
                    buffer.baseAddress, buffer.count, output.baseAddress, &length, algorithm, nil)
                precondition(status == 1, "libcrypto refuses to compute \(self)")
                count = Int(length)
            }
        }
    }

    /// The hash of all these bytes in lower-case hexadecimal.
    package func hex(_ bytes: some Collection<UInt8>) -> String { Hex.encode(hash(bytes)) }

    /// RFC 2104 message authentication with SHA-256, 32 bytes.
    package static func hmacSHA256(key: some Collection<UInt8>, _ bytes: some Collection<UInt8>) -> [UInt8] {
        sha256.hmac(key: key, bytes)
    }

    /// RFC 2104 message authentication with SHA-1, 20 bytes; for signatures of version 2 only.
    package static func hmacSHA1(key: some Collection<UInt8>, _ bytes: some Collection<UInt8>) -> [UInt8] {
        sha1.hmac(key: key, bytes)
    }

    /// RFC 2104; all three functions work on blocks of 64 bytes.
    private func hmac(key: some Collection<UInt8>, _ bytes: some Collection<UInt8>) -> [UInt8] {
        let blockBytes = 64
        var key = key.count > blockBytes ? hash(key) : Array(key)
        key.append(contentsOf: repeatElement(0, count: blockBytes - key.count))
        let inner = hash(key.map { $0 ^ 0x36 } + bytes)
        return hash(key.map { $0 ^ 0x5C } + inner)
    }

    var algorithm: OpaquePointer? {
        switch self {
        case .md5: unsafe Self.fetchedMD5
        case .sha1: unsafe Self.fetchedSHA1
        case .sha256: unsafe Self.fetchedSHA256
        }
    }

    // SAFETY: libcrypto's descriptions of algorithms do not change and may be used by any thread. They are looked up
    // once: doing so for each hash costs more than a short hash itself.
    private nonisolated(unsafe) static let fetchedMD5 = unsafe EVP_MD_fetch(nil, "MD5", nil)
    private nonisolated(unsafe) static let fetchedSHA1 = unsafe EVP_MD_fetch(nil, "SHA1", nil)
    private nonisolated(unsafe) static let fetchedSHA256 = unsafe EVP_MD_fetch(nil, "SHA256", nil)
}

/// Calls `body` with the bytes in one piece; the memory is valid only during the call.
func withContiguousBytes<Result>(
    of bytes: some Collection<UInt8>, _ body: (UnsafeBufferPointer<UInt8>) -> Result
) -> Result {
    if let result = bytes.withContiguousStorageIfAvailable({ unsafe body($0) }) { return result }
    return unsafe Array(bytes).withUnsafeBufferPointer { unsafe body($0) }
}
