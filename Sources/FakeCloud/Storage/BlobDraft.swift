internal import AWSWire
internal import Synchronization
#if canImport(Darwin)
    internal import Darwin
#else
    internal import Glibc
#endif

/// The sums of a file's bytes.
struct BlobDigests: Sendable, Hashable {
    /// Which sums are needed; MD5 always is.
    struct Wanted: Sendable, Hashable {
        /// Whether the SHA-256 of the payload is.
        var sha256 = false
        /// The checksum to keep with the object.
        var algorithm = S3ChecksumAlgorithm.crc64nvme
    }

    /// How many bytes.
    var sizeBytes: Int64
    /// The MD5.
    var md5: [UInt8]
    /// The SHA-256, when it was wanted.
    var sha256: [UInt8]?
    /// The checksum.
    var checksum: StoredChecksum
}

/// A file that is being written; it is removed unless it is finished.
final class BlobDraft: Sendable {
    /// The name that the file will have.
    let id: BlobID
    private let incoming: String
    private let target: String
    private let isDurable: Bool
    private let state: Mutex<State>

    private struct State: ~Copyable {
        var descriptor: Int32
        var sizeBytes: Int64 = 0
        var md5: StreamingDigest? = StreamingDigest(.md5)
        var sha256: StreamingDigest?
        var checksum: S3Checksum?

        init(descriptor: Int32, digests: BlobDigests.Wanted) {
            self.descriptor = descriptor
            if digests.sha256 { sha256 = StreamingDigest(.sha256) }
            checksum = S3Checksum(digests.algorithm)
        }
    }

    init(
        id: BlobID, incoming: String, target: String, digests: BlobDigests.Wanted, isDurable: Bool
    ) throws(FakeCloudError) {
        let descriptor = open(incoming, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else {
            throw .dataDirectoryUnusable(path: incoming, reason: DataDirectory.reason(errno))
        }
        self.id = id
        self.incoming = incoming
        self.target = target
        self.isDurable = isDurable
        state = Mutex(State(descriptor: descriptor, digests: digests))
    }

    deinit {
        state.withLock { state in
            guard state.descriptor >= 0 else { return }
            close(state.descriptor)
            unlink(incoming)
        }
    }

    /// Adds bytes at the end.
    func write(_ pieces: [[UInt8]]) throws(FakeCloudError) {
        let failure: Int32 = state.withLock { state in
            for piece in pieces {
                state.md5?.update(piece)
                state.sha256?.update(piece)
                state.checksum?.update(piece)
                let code = Self.write(piece, to: state.descriptor)
                guard code == 0 else { return code }
                state.sizeBytes += Int64(piece.count)
            }
            return 0
        }
        guard failure == 0 else {
            throw .dataDirectoryUnusable(path: incoming, reason: DataDirectory.reason(failure))
        }
    }

    /// The sums of all bytes; to be asked once, before ``finish()``.
    func digests() -> BlobDigests {
        state.withLock { state in
            let algorithm = state.checksum?.algorithm ?? .crc64nvme
            let sizeBytes = state.sizeBytes
            let checksum = state.checksum.take()?.base64() ?? ""
            return BlobDigests(
                sizeBytes: sizeBytes, md5: state.md5.take()?.finalize() ?? [],
                sha256: state.sha256.take()?.finalize(),
                checksum: StoredChecksum(algorithm: algorithm, value: checksum))
        }
    }

    /// Makes the file part of the store, on the disk when the store is durable.
    func finish() throws(FakeCloudError) {
        let failure: Int32 = state.withLock { state in
            if isDurable, fsync(state.descriptor) != 0 { return errno }
            guard rename(incoming, target) == 0 else { return errno }
            close(state.descriptor)
            state.descriptor = -1
            return 0
        }
        guard failure == 0 else { throw .dataDirectoryUnusable(path: target, reason: DataDirectory.reason(failure)) }
    }

    private static func write(_ bytes: [UInt8], to descriptor: Int32) -> Int32 {
        bytes.withUnsafeBytes { buffer in
            var done = 0
            while done < buffer.count, let base = buffer.baseAddress {
                #if canImport(Darwin)
                    let count = Darwin.write(descriptor, base + done, buffer.count - done)
                #else
                    let count = Glibc.write(descriptor, base + done, buffer.count - done)
                #endif
                if count < 0, errno == EINTR { continue }
                guard count > 0 else { return errno }
                done += count
            }
            return 0
        }
    }
}
