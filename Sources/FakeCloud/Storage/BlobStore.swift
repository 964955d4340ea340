internal import AWSWire
#if canImport(Darwin)
    internal import Darwin
#else
    internal import Glibc
#endif

/// The files that hold objects' bytes.
///
/// All calls block; they belong on the thread pool.
final class BlobStore: Sendable {
    private let directory: DataDirectory
    /// Whether bytes reach the disk before a file counts as stored.
    let isDurable: Bool

    init(directory: DataDirectory, isDurable: Bool) {
        self.directory = directory
        self.isDurable = isDurable
    }

    /// Removes the remains of requests that were not finished, and files that no record refers to.
    func sweep(keeping known: Set<BlobID>) throws(FakeCloudError) {
        for name in try DataDirectory.names(in: directory.path + "/incoming") {
            unlink(directory.path + "/incoming/" + name)
        }
        for folder in try DataDirectory.names(in: directory.path + "/blobs") {
            let path = directory.path + "/blobs/" + folder
            for name in try DataDirectory.names(in: path) where !known.contains(name) { unlink(path + "/" + name) }
        }
    }

    /// Opens a new file for bytes to come.
    func draft(_ id: BlobID, digests: BlobDigests.Wanted) throws(FakeCloudError) -> BlobDraft {
        try DataDirectory.makeDirectory(directory.path + "/blobs/" + id.prefix(2), root: directory.path)
        return try BlobDraft(
            id: id, incoming: directory.path + "/incoming/" + id, target: path(of: id), digests: digests,
            isDurable: isDurable)
    }

    /// Opens a file to read; `nil` when it is not there any more.
    func open(_ id: BlobID) throws(FakeCloudError) -> BlobReader? {
        let descriptor = openFile(path(of: id))
        guard descriptor < 0 else { return BlobReader(descriptor: descriptor, path: path(of: id)) }
        guard errno == ENOENT else {
            throw .dataDirectoryUnusable(path: path(of: id), reason: DataDirectory.reason(errno))
        }
        return nil
    }

    /// Removes a file; one that is gone already is no error.
    func remove(_ id: BlobID) throws(FakeCloudError) {
        guard unlink(path(of: id)) != 0, errno != ENOENT else { return }
        throw .dataDirectoryUnusable(path: path(of: id), reason: DataDirectory.reason(errno))
    }

    private func path(of id: BlobID) -> String { directory.path + "/blobs/" + id.prefix(2) + "/" + id }
}

/// An open file that is read piece by piece.
final class BlobReader: Sendable {
    private let descriptor: Int32
    private let path: String

    init(descriptor: Int32, path: String) {
        self.descriptor = descriptor
        self.path = path
    }

    deinit { close(descriptor) }

    /// Reads up to `count` bytes at a place; fewer at the end of the file only.
    func read(_ count: Int, at offset: Int64) throws(FakeCloudError) -> [UInt8] {
        var failure: Int32 = 0
        let bytes = [UInt8](unsafeUninitializedCapacity: count) { buffer, filled in
            filled = 0
            while filled < count, let base = buffer.baseAddress {
                let got = pread(descriptor, base + filled, count - filled, off_t(offset) + off_t(filled))
                if got < 0, errno == EINTR { continue }
                if got < 0 { failure = errno }
                guard got > 0 else { break }
                filled += got
            }
        }
        guard failure == 0 else { throw .dataDirectoryUnusable(path: path, reason: DataDirectory.reason(failure)) }
        return bytes
    }
}

private func openFile(_ path: String) -> Int32 { open(path, O_RDONLY | O_CLOEXEC) }
