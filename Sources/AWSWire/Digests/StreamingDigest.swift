internal import CLibcrypto

/// A hash computed over pieces, for data that is not in memory at once.
///
/// One owner at a time: it is not copyable, and ``finalize()`` ends it.
@safe package struct StreamingDigest: ~Copyable, @unchecked Sendable {
    // SAFETY: the context belongs to this value alone, which cannot be copied.
    private let context: OpaquePointer
    private let algorithm: Digest

    /// Starts a hash over nothing.
    package init(_ algorithm: Digest) {
        guard let context = unsafe EVP_MD_CTX_new() else { preconditionFailure("out of memory for a hash context") }
        unsafe self.context = unsafe context
        self.algorithm = algorithm
        let status = unsafe EVP_DigestInit_ex(context, algorithm.algorithm, nil)
        precondition(status == 1, "libcrypto refuses to compute \(algorithm)")
    }

    deinit { unsafe EVP_MD_CTX_free(context) }

    /// Adds bytes at the end.
    package mutating func update(_ bytes: some Collection<UInt8>) {
        unsafe withContiguousBytes(of: bytes) { unsafe update(UnsafeRawBufferPointer($0)) }
    }

    /// Adds bytes at the end; the memory is read during the call only.
    package mutating func update(_ bytes: UnsafeRawBufferPointer) {
        guard unsafe !bytes.isEmpty else { return }
        let status = unsafe EVP_DigestUpdate(context, bytes.baseAddress, bytes.count)
        precondition(status == 1, "libcrypto lost a hash context")
    }

    /// The hash of everything that was added.
    package consuming func finalize() -> [UInt8] {
        unsafe [UInt8](unsafeUninitializedCapacity: algorithm.byteCount) { output, count in
            var length: UInt32 = 0
            let status = unsafe EVP_DigestFinal_ex(context, output.baseAddress, &length)
            precondition(status == 1, "libcrypto lost a hash context")
            count = Int(length)
        }
    }
}
