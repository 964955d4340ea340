package import HTTPTypes

/// The checksum algorithms of S3.
package enum S3ChecksumAlgorithm: String, Sendable, Hashable, CaseIterable {
    case crc32 = "CRC32"
    case crc32c = "CRC32C"
    case crc64nvme = "CRC64NVME"
    case sha1 = "SHA1"
    case sha256 = "SHA256"

    /// The header that carries the value.
    package var header: HTTPField.Name {
        switch self {
        case .crc32: .amzChecksumCRC32
        case .crc32c: .amzChecksumCRC32C
        case .crc64nvme: .amzChecksumCRC64NVME
        case .sha1: .amzChecksumSHA1
        case .sha256: .amzChecksumSHA256
        }
    }

    /// The element that carries the value in documents.
    package var element: String { "Checksum" + rawValue }
}

/// A checksum of S3, computed over pieces.
package struct S3Checksum: ~Copyable, Sendable {
    /// The algorithm.
    package let algorithm: S3ChecksumAlgorithm
    private var cyclic: CyclicChecksum?
    private var digest: StreamingDigest?

    /// Starts a checksum over nothing.
    package init(_ algorithm: S3ChecksumAlgorithm) {
        self.algorithm = algorithm
        switch algorithm {
        case .crc32: cyclic = CyclicChecksum(.crc32)
        case .crc32c: cyclic = CyclicChecksum(.crc32c)
        case .crc64nvme: cyclic = CyclicChecksum(.crc64nvme)
        case .sha1: digest = StreamingDigest(.sha1)
        case .sha256: digest = StreamingDigest(.sha256)
        }
    }

    /// Adds bytes at the end.
    package mutating func update(_ bytes: some Collection<UInt8>) {
        cyclic?.update(bytes)
        digest?.update(bytes)
    }

    /// The value as bytes.
    package consuming func finalize() -> [UInt8] {
        if let digest = digest.take() { return digest.finalize() }
        return cyclic?.bytes ?? []
    }

    /// The value in base 64, as headers and documents carry it.
    package consuming func base64() -> String { Base64.encode(finalize()) }

    /// The value of bytes in memory, in base 64.
    package static func base64(of bytes: some Collection<UInt8>, _ algorithm: S3ChecksumAlgorithm) -> String {
        var checksum = S3Checksum(algorithm)
        checksum.update(bytes)
        return checksum.base64()
    }
}
