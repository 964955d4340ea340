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
        unsafe withContiguousBytes(of: key) { key in
            unsafe withContiguousBytes(of: bytes) { buffer in
                unsafe [UInt8](unsafeUninitializedCapacity: 32) { output, count in
                    var length: UInt32 = 0
                    let result = unsafe HMAC(
                        EVP_sha256(), key.baseAddress, Int32(key.count), buffer.baseAddress, buffer.count,
                        output.baseAddress, &length)
                    unsafe precondition(result != nil, "libcrypto refuses to compute HMAC-SHA256")
                    count = Int(length)
                }
            }
        }
    }

    var algorithm: OpaquePointer? {
        switch self {
        case .md5: unsafe EVP_md5()
        case .sha1: unsafe EVP_sha1()
        case .sha256: unsafe EVP_sha256()
        }
    }
}

/// Calls `body` with the bytes in one piece; the memory is valid only during the call.
func withContiguousBytes<Result>(
    of bytes: some Collection<UInt8>, _ body: (UnsafeBufferPointer<UInt8>) -> Result
) -> Result {
    if let result = bytes.withContiguousStorageIfAvailable({ unsafe body($0) }) { return result }
    return unsafe Array(bytes).withUnsafeBufferPointer { unsafe body($0) }
}
