package import JobCore
import Synchronization

#if canImport(Glibc)
    import Glibc
#else
    import Darwin
#endif

/// An object store for tests: objects in memory, bodies from and to real files.
package final class InMemoryObjectStore: ObjectStore {
    private struct Object {
        var bytes: [UInt8]
        var info: ObjectInfo
        var writes: Int
    }

    private struct State {
        var objects: [ObjectLocation: Object] = [:]
        var failures: [(operation: String, error: DependencyError)] = []
        var nextTag = 0
    }

    private let state = Mutex(State())

    /// An empty store.
    package init() {}

    /// Lets the next call of that operation (`head download upload copy delete list`) fail.
    package func failNext(_ operation: String, _ error: DependencyError) {
        state.withLock { $0.failures.append((operation, error)) }
    }

    /// Stores bytes directly.
    package func set(_ bytes: [UInt8], at location: ObjectLocation) { _ = write(bytes, to: location, "text/csv") }

    /// An object's bytes; `nil` without it.
    package func bytes(at location: ObjectLocation) -> [UInt8]? { state.withLock { $0.objects[location]?.bytes } }

    /// How often a key was written.
    package func writes(to location: ObjectLocation) -> Int { state.withLock { $0.objects[location]?.writes ?? 0 } }

    package func head(_ object: InputReference) async throws(DependencyError) -> ObjectInfo {
        try fail("head")
        return try find(object, operation: "s3.HeadObject").info
    }

    package func download(
        _ object: InputReference, to path: String, progress: TransferProgress?
    ) async throws(DependencyError) -> ObjectInfo {
        try fail("download")
        let found = try find(object, operation: "s3.GetObject")
        guard FileBytes.write(found.bytes, to: path) else { throw Self.storageError(path) }
        progress?(found.info.sizeBytes, found.info.sizeBytes)
        return found.info
    }

    package func upload(
        _ path: String, to location: ObjectLocation, contentType: String, progress: TransferProgress?
    ) async throws(DependencyError) -> ObjectInfo {
        try fail("upload")
        guard let bytes = FileBytes.read(path) else { throw Self.storageError(path) }
        progress?(Int64(bytes.count), Int64(bytes.count))
        return write(bytes, to: location, contentType)
    }

    package func copy(
        _ source: ObjectLocation, to destination: ObjectLocation
    ) async throws(DependencyError) -> ObjectInfo {
        try fail("copy")
        let found = try find(InputReference(location: source), operation: "s3.CopyObject")
        return write(found.bytes, to: destination, found.info.contentType ?? "application/octet-stream")
    }

    package func delete(_ location: ObjectLocation) async throws(DependencyError) {
        try fail("delete")
        state.withLock { $0.objects[location] = nil }
    }

    package func list(
        bucket: String, prefix: String, limit: Int
    ) async throws(DependencyError) -> [(key: String, sizeBytes: Int64)] {
        try fail("list")
        let matching = state.withLock { state in
            state.objects.filter { $0.key.bucket == bucket && $0.key.key.hasPrefix(prefix) }
        }
        let sorted = matching.sorted { Array($0.key.key.utf8).lexicographicallyPrecedes(Array($1.key.key.utf8)) }
        return sorted.prefix(limit).map { ($0.key.key, $0.value.info.sizeBytes) }
    }

    private func fail(_ operation: String) throws(DependencyError) {
        let failure = state.withLock { state -> DependencyError? in
            guard let place = state.failures.firstIndex(where: { $0.operation == operation }) else { return nil }
            return state.failures.remove(at: place).error
        }
        if let failure { throw failure }
    }

    private func find(_ object: InputReference, operation: String) throws(DependencyError) -> Object {
        guard let found = state.withLock({ $0.objects[object.location] }) else {
            throw DependencyError(
                .notFound, operation: "\(operation) \(object.location)", code: "NoSuchKey",
                message: "the object does not exist")
        }
        if let etag = object.etag, etag != found.info.etag {
            throw DependencyError(
                .stale, operation: "\(operation) \(object.location)", code: "PreconditionFailed",
                message: "expected the ETag \(etag), found \(found.info.etag)")
        }
        return found
    }

    private func write(_ bytes: [UInt8], to location: ObjectLocation, _ contentType: String) -> ObjectInfo {
        state.withLock { state in
            state.nextTag += 1
            let info = ObjectInfo(
                sizeBytes: Int64(bytes.count), etag: "\"tag-\(state.nextTag)\"", contentType: contentType)
            let writes = (state.objects[location]?.writes ?? 0) + 1
            state.objects[location] = Object(bytes: bytes, info: info, writes: writes)
            return info
        }
    }

    private static func storageError(_ path: String) -> DependencyError {
        DependencyError(
            .localStorage, operation: "file \(path)", code: "errno-\(errno)", message: String(cString: strerror(errno)))
    }
}

/// Whole small files, for tests.
package enum FileBytes {
    /// A file's bytes; `nil` when it cannot be read.
    package static func read(_ path: String) -> [UInt8]? {
        guard let file = fopen(path, "rb") else { return nil }
        defer { fclose(file) }
        var bytes: [UInt8] = []
        var block = [UInt8](repeating: 0, count: 65_536)
        while true {
            let count = fread(&block, 1, block.count, file)
            bytes += block[..<count]
            if count < block.count { return ferror(file) == 0 ? bytes : nil }
        }
    }

    /// Writes a new or truncated file.
    package static func write(_ bytes: [UInt8], to path: String) -> Bool {
        guard let file = fopen(path, "wb") else { return false }
        let count = fwrite(bytes, 1, bytes.count, file)
        return fclose(file) == 0 && count == bytes.count
    }
}
