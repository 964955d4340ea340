/// What an object store says of an object.
package struct ObjectInfo: Sendable, Hashable {
    /// The size in bytes.
    package var sizeBytes: Int64
    /// The ETag, with its quotes.
    package var etag: String
    /// The media type.
    package var contentType: String?
    /// The version, in versioned buckets.
    package var versionID: String?
    /// When it was last written.
    package var lastModified: Timestamp?

    /// Makes a description.
    package init(
        sizeBytes: Int64, etag: String, contentType: String? = nil, versionID: String? = nil,
        lastModified: Timestamp? = nil
    ) {
        self.sizeBytes = sizeBytes
        self.etag = etag
        self.contentType = contentType
        self.versionID = versionID
        self.lastModified = lastModified
    }
}

/// Told how far a transfer is: bytes done, and bytes in all where known.
package typealias TransferProgress = @Sendable (_ doneBytes: Int64, _ totalBytes: Int64?) -> Void

/// A store of objects under keys in buckets.
///
/// Bodies go between the store and files, never through memory as a whole. Calls retry passing faults briefly on
/// their own; what they throw has survived that.
package protocol ObjectStore: Sendable {
    /// Describes an object without reading it.
    func head(_ object: InputReference) async throws(DependencyError) -> ObjectInfo

    /// Writes an object's bytes to a new or truncated file, and checks length and checksum.
    ///
    /// - Throws: `stale` when `etag` is given and differs, `notFound` without the object, `localStorage` when the
    ///   file cannot be written.
    func download(
        _ object: InputReference, to path: String, progress: TransferProgress?
    ) async throws(DependencyError) -> ObjectInfo

    /// Stores a file under a key, in parts when it is large; readers never see half of it.
    func upload(
        _ path: String, to location: ObjectLocation, contentType: String, progress: TransferProgress?
    ) async throws(DependencyError) -> ObjectInfo

    /// Copies an object inside the store; repeating it gives the same object.
    func copy(_ source: ObjectLocation, to destination: ObjectLocation) async throws(DependencyError) -> ObjectInfo

    /// Deletes an object; deleting one that is gone already succeeds.
    func delete(_ location: ObjectLocation) async throws(DependencyError)

    /// Lists keys under a prefix in UTF-8 byte order, at most `limit`.
    func list(
        bucket: String, prefix: String, limit: Int
    ) async throws(DependencyError) -> [(key: String, sizeBytes: Int64)]
}
