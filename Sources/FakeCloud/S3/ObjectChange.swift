package import JobCore

/// One thing that changed in the buckets, for whoever keeps them on disk.
///
/// The changes of one call belong together: all of them are kept or none.
package enum ObjectChange: Sendable, Hashable {
    /// A bucket is new.
    case bucketCreated(name: String, at: Timestamp)
    /// A bucket has other settings.
    case bucketConfigured(name: String, BucketSettings)
    /// An empty bucket is gone.
    case bucketDeleted(name: String)
    /// An object is new or replaced.
    case objectSaved(bucket: String, key: ObjectKey, ObjectRecord)
    /// An object is gone.
    case objectDeleted(bucket: String, key: ObjectKey)
    /// A version became an older one, a delete marker was made, or one of them has other tags.
    case versionArchived(bucket: String, key: ObjectKey, ArchivedVersion)
    /// An older version or a delete marker is gone, or is the object again.
    case versionRemoved(bucket: String, key: ObjectKey, number: Int64)
    /// An upload began.
    case uploadCreated(UploadRecord)
    /// An upload is over, and its parts are gone or part of an object.
    case uploadEnded(id: String)
    /// A part is new or replaced.
    case partSaved(uploadID: String, PartRecord)
    /// Nothing refers to a file any more; it is removed once the other changes are kept.
    case blobReleased(BlobID)
}

/// All that an object service is: what a restart begins with.
package struct ObjectImage: Sendable {
    /// When each bucket was made.
    package var buckets: [String: Timestamp]
    /// The settings of buckets that have any.
    package var settings: [String: BucketSettings] = [:]
    /// The objects with their buckets and keys.
    package var objects: [(bucket: String, key: ObjectKey, record: ObjectRecord)]
    /// The older versions and delete markers, of each key from the oldest to the newest.
    package var versions: [(bucket: String, key: ObjectKey, version: ArchivedVersion)] = []
    /// The uploads under way.
    package var uploads: [UploadRecord]
    /// Their parts by the upload's name.
    package var parts: [String: [PartRecord]]

    /// Makes an image; without arguments that of a new service.
    package init(
        buckets: [String: Timestamp] = [:], objects: [(bucket: String, key: ObjectKey, record: ObjectRecord)] = [],
        uploads: [UploadRecord] = [], parts: [String: [PartRecord]] = [:]
    ) {
        self.buckets = buckets
        self.objects = objects
        self.uploads = uploads
        self.parts = parts
    }
}
