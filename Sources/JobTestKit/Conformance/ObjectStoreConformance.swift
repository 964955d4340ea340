package import JobCore

/// The rules that every ``ObjectStore`` keeps; run against a bucket of its own and a scratch directory.
package struct ObjectStoreConformance: Sendable {
    /// One rule.
    package enum Rule: String, Sendable, CaseIterable {
        case roundTrip = "what is uploaded is downloaded, byte for byte"
        case emptyObject = "an object may be empty"
        case largeObject = "a large object goes up and down"
        case missingObject = "a missing object is notFound for head, download and copy"
        case etagPrecondition = "a download with another ETag is stale and leaves no good file behind"
        case copyKeepsBytes = "a copy has the same bytes, and may be repeated"
        case deleteIsIdempotent = "a deleted object is gone, and deleting twice succeeds"
        case listing = "listing filters by prefix, sorts by bytes and stops at the limit"
        case awkwardKeys = "keys with spaces, plus signs and non-ASCII letters work"
        case unwritableFile = "a file that cannot be written is localStorage"
    }

    private let store: any ObjectStore
    private let bucket: String
    private let directory: String

    /// Takes a store, an existing empty bucket of it and an existing directory.
    package init(store: any ObjectStore, bucket: String, directory: String) {
        self.store = store
        self.bucket = bucket
        self.directory = directory
    }

    /// Checks one rule.
    ///
    /// - Parameter rule: the rule.
    /// - Throws: ``ConformanceFailure``, or the store's own error.
    package func run(_ rule: Rule) async throws {
        switch rule {
        case .roundTrip: try await roundTrip("round.csv", Array("a,b\n1,2\n".utf8))
        case .emptyObject: try await roundTrip("empty", [])
        case .largeObject:
            try await roundTrip("large", (0..<(20 << 20)).map { UInt8(truncatingIfNeeded: $0 &* 31 >> 3) })
        case .missingObject: try await missingObject()
        case .etagPrecondition: try await etagPrecondition()
        case .copyKeepsBytes: try await copyKeepsBytes()
        case .deleteIsIdempotent: try await deleteIsIdempotent()
        case .listing: try await listing()
        case .awkwardKeys:
            for key in ["with space.csv", "a+b=c&d.csv", "ü/ß 日本.csv"] { try await roundTrip(key, [1, 2, 3]) }
        case .unwritableFile: try await unwritableFile()
        }
    }

    private func roundTrip(_ key: String, _ bytes: [UInt8]) async throws {
        let location = ObjectLocation(bucket: bucket, key: key)
        let stored = try await put(bytes, at: location)
        try requireEqual(stored.sizeBytes, Int64(bytes.count), "stored size")
        let head = try await store.head(InputReference(location: location))
        try requireEqual(head.sizeBytes, Int64(bytes.count), "size by head")
        try requireEqual(head.etag, stored.etag, "ETag by head")
        try requireEqual(head.contentType, "text/csv", "content type")
        try require(try await get(location) == bytes, "expected the same bytes of \(key)")
    }

    private func missingObject() async throws {
        let missing = ObjectLocation(bucket: bucket, key: "missing")
        try await expect(.notFound, "head") { () async throws(DependencyError) in
            _ = try await store.head(InputReference(location: missing))
        }
        try await expect(.notFound, "download") { () async throws(DependencyError) in
            _ = try await store.download(InputReference(location: missing), to: path("missing"), progress: nil)
        }
        try await expect(.notFound, "copy") { () async throws(DependencyError) in
            _ = try await store.copy(missing, to: ObjectLocation(bucket: bucket, key: "copy"))
        }
    }

    private func etagPrecondition() async throws {
        let location = ObjectLocation(bucket: bucket, key: "tagged")
        let stored = try await put([1], at: location)
        let right = InputReference(location: location, etag: stored.etag)
        _ = try await store.download(right, to: path("tagged"), progress: nil)
        let wrong = InputReference(location: location, etag: "\"00000000000000000000000000000000\"")
        try await expect(.stale, "download") { () async throws(DependencyError) in
            _ = try await store.download(wrong, to: path("tagged"), progress: nil)
        }
    }

    private func copyKeepsBytes() async throws {
        let source = ObjectLocation(bucket: bucket, key: "staging/job/1/a b.csv")
        let destination = ObjectLocation(bucket: bucket, key: "results/job/a b.csv")
        _ = try await put([9, 8, 7], at: source)
        for _ in 0..<2 { _ = try await store.copy(source, to: destination) }
        try requireEqual(try await get(destination), [9, 8, 7], "copied bytes")
        let copied = try await store.head(InputReference(location: destination))
        try requireEqual(copied.contentType, "text/csv", "content type of the copy")
    }

    private func deleteIsIdempotent() async throws {
        let location = ObjectLocation(bucket: bucket, key: "gone")
        _ = try await put([1], at: location)
        for _ in 0..<2 { try await store.delete(location) }
        try await expect(.notFound, "head") { () async throws(DependencyError) in
            _ = try await store.head(InputReference(location: location))
        }
    }

    private func listing() async throws {
        for key in ["list/b", "list/a", "list/ä", "list/B", "other"] {
            _ = try await put([1], at: ObjectLocation(bucket: bucket, key: key))
        }
        let keys = try await store.list(bucket: bucket, prefix: "list/", limit: 10).map(\.key)
        try requireEqual(keys, ["list/B", "list/a", "list/b", "list/ä"], "keys")
        try requireEqual(try await store.list(bucket: bucket, prefix: "list/", limit: 2).map(\.key).count, 2, "limit")
    }

    private func unwritableFile() async throws {
        let location = ObjectLocation(bucket: bucket, key: "fine")
        _ = try await put([1], at: location)
        try await expect(.localStorage, "download") { () async throws(DependencyError) in
            _ = try await store.download(
                InputReference(location: location), to: directory + "/no/such/folder/file", progress: nil)
        }
    }

    // MARK: - Steps

    private func path(_ name: String) -> String { directory + "/" + name.map { $0 == "/" ? "_" : String($0) }.joined() }

    private func put(_ bytes: [UInt8], at location: ObjectLocation) async throws -> ObjectInfo {
        let path = path("up-\(location.key)")
        try require(FileBytes.write(bytes, to: path), "the test cannot write \(path)")
        return try await store.upload(path, to: location, contentType: "text/csv", progress: nil)
    }

    private func get(_ location: ObjectLocation) async throws -> [UInt8]? {
        let path = path("down-\(location.key)")
        _ = try await store.download(InputReference(location: location), to: path, progress: nil)
        return FileBytes.read(path)
    }

    private func expect(
        _ kind: DependencyError.Kind, _ what: String, _ body: () async throws(DependencyError) -> Void
    ) async throws {
        do {
            try await body()
        } catch {
            return try requireEqual(error.kind, kind, "\(what): \(error)")
        }
        throw ConformanceFailure("\(what): expected \(kind), found success")
    }
}
