internal import NIOPosix

/// A range of an object's bytes, read from its files piece by piece.
///
/// It holds the files: they stay until it is gone, whatever happens to the object.
struct BlobStream: Sendable {
    /// The bytes of the object.
    let range: Range<Int64>
    private let segments: [BlobSegment]
    private let blobs: BlobStore
    private let pool: NIOThreadPool
    private let lease: BlobLease

    /// How much is read at a time.
    static let pieceBytes = 256 * 1_024

    init(range: Range<Int64>, segments: [BlobSegment], blobs: BlobStore, pool: NIOThreadPool, lease: BlobLease) {
        self.range = range
        self.segments = segments
        self.blobs = blobs
        self.pool = pool
        self.lease = lease
    }

    /// The length in bytes.
    var sizeBytes: Int64 { range.upperBound - range.lowerBound }

    /// All bytes, for ranges of one piece.
    func collect() async throws -> [UInt8] {
        var bytes: [UInt8] = []
        try await forEachPiece { bytes += $0 }
        return bytes
    }

    /// Hands out the bytes in order, one piece at a time.
    func forEachPiece(_ body: ([UInt8]) async throws -> Void) async throws {
        var start: Int64 = 0
        for segment in segments {
            let end = start + segment.sizeBytes
            let wanted = max(range.lowerBound, start)..<max(max(range.lowerBound, start), min(range.upperBound, end))
            if !wanted.isEmpty {
                try await read(segment.blob, (wanted.lowerBound - start)..<(wanted.upperBound - start), body)
            }
            start = end
        }
    }

    private func read(
        _ blob: BlobID, _ range: Range<Int64>, _ body: ([UInt8]) async throws -> Void
    ) async throws {
        var place = range.lowerBound
        var open: BlobReader?
        while place < range.upperBound {
            let count = Int(min(Int64(Self.pieceBytes), range.upperBound - place))
            let (reader, bytes) = try await pool.runIfActive { [blobs, open, place] in
                guard let reader = try open ?? blobs.open(blob) else {
                    throw FakeCloudError.dataDirectoryUnusable(path: blob, reason: "the file is missing")
                }
                return (reader, try reader.read(count, at: place))
            }
            guard bytes.count == count else {
                throw FakeCloudError.dataDirectoryUnusable(path: blob, reason: "the file is too short")
            }
            open = reader
            place += Int64(count)
            try await body(bytes)
        }
    }
}

/// Keeps files from being removed as long as it lives.
final class BlobLease: Sendable {
    private let segments: [BlobSegment]
    private let onEnd: @Sendable ([BlobSegment]) -> Void

    init(_ segments: [BlobSegment], onEnd: @escaping @Sendable ([BlobSegment]) -> Void) {
        self.segments = segments
        self.onEnd = onEnd
    }

    deinit { onEnd(segments) }
}
