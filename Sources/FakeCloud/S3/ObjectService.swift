internal import AWSWire
package import JobCore

/// Amazon S3 as a pure machine: requests about buckets and keys go in, records and changes come out.
///
/// The bytes are elsewhere, in files that records name; the machine counts who refers to a file and says when
/// nobody does. It knows no clock, no disk and no network.
package struct ObjectService: Sendable {
    /// The region; decides about the second creation of a bucket.
    package let region: String

    struct Bucket: Sendable {
        var createdAt: Timestamp
        var settings = BucketSettings()
        var objects = OrderedTable<ObjectRecord>()
        /// Of each key the older versions and delete markers, the newest last.
        var history = OrderedTable<[ArchivedVersion]>()
        /// Of each key the uploads under way, the newest last.
        var uploads = OrderedTable<[String]>()
    }

    struct Upload: Sendable {
        var record: UploadRecord
        var parts: [Int: PartRecord] = [:]
    }

    var buckets: [String: Bucket] = [:]
    var uploads: [String: Upload] = [:]
    private var references: [BlobID: Int] = [:]
    private var changes: [ObjectChange] = []

    /// Starts a service from what was kept of an earlier one.
    package init(region: String, image: ObjectImage = ObjectImage()) {
        self.region = region
        for (name, createdAt) in image.buckets { buckets[name] = Bucket(createdAt: createdAt) }
        for (name, settings) in image.settings { buckets[name]?.settings = settings }
        for (bucket, key, record) in image.objects {
            buckets[bucket]?.objects[key] = record
            retain(record.segments)
        }
        for (bucket, key, version) in image.versions {
            let older = buckets[bucket]?.history[key] ?? []
            buckets[bucket]?.history[key] = older + [version]
            retain(version.record.segments)
        }
        for record in image.uploads.sorted(by: { ($0.startedAt, $0.id) < ($1.startedAt, $1.id) }) {
            var upload = Upload(record: record)
            for part in image.parts[record.id] ?? [] {
                upload.parts[part.number] = part
                retain([part.segment])
            }
            begin(upload)
        }
    }

    /// The files that records refer to.
    package var blobs: Set<BlobID> { Set(references.keys) }

    /// The changes since this was asked last, in order.
    package mutating func takeChanges() -> [ObjectChange] {
        defer { changes = [] }
        return changes
    }

    mutating func note(_ change: ObjectChange) { changes.append(change) }

    mutating func retain(_ segments: [BlobSegment]) {
        for segment in segments { references[segment.blob, default: 0] += 1 }
    }

    mutating func release(_ segments: [BlobSegment]) {
        for segment in segments {
            guard let count = references[segment.blob] else { continue }
            references[segment.blob] = count > 1 ? count - 1 : nil
            if count == 1 { note(.blobReleased(segment.blob)) }
        }
    }

    func bucket(_ name: String) throws(S3Refusal) -> Bucket {
        guard let bucket = buckets[name] else { throw .noBucket(name) }
        return bucket
    }
}

extension ObjectService {
    /// Makes a bucket; doing so twice succeeds in us-east-1 only, as in S3.
    package mutating func createBucket(_ name: String, location: String?, at now: Timestamp) throws(S3Refusal) {
        guard Self.isValid(bucketName: name) else {
            throw S3Refusal("InvalidBucketName", "The specified bucket is not valid.", details: ["BucketName": name])
        }
        try checkLocation(location)
        guard buckets[name] == nil else {
            if region == "us-east-1" { return }
            throw S3Refusal(
                "BucketAlreadyOwnedByYou",
                "Your previous request to create the named bucket succeeded and you already own it.",
                details: ["BucketName": name])
        }
        buckets[name] = Bucket(createdAt: now)
        note(.bucketCreated(name: name, at: now))
        if let location, !location.isEmpty, location != region { try configure(name) { $0.location = location } }
    }

    /// The endpoint of us-east-1 makes buckets anywhere, every other one in its own region only.
    private func checkLocation(_ location: String?) throws(S3Refusal) {
        guard let location, !location.isEmpty else { return }
        let words = location.split(separator: "-", omittingEmptySubsequences: false)
        let isRegion = words.count >= 3 && words[0].count == 2 && Int(words[words.count - 1]) != nil
        guard location != "us-east-1", isRegion || location == "EU" else {
            throw S3Refusal(
                "InvalidLocationConstraint", "The specified location-constraint is not valid",
                details: ["LocationConstraint": location])
        }
        guard region == "us-east-1" || location == region else {
            throw S3Refusal(
                "IllegalLocationConstraintException",
                "The \(location) location constraint is incompatible for the region specific endpoint this request was "
                    + "sent to.")
        }
    }

    /// The region of a bucket.
    package func location(of bucketName: String) throws(S3Refusal) -> String {
        try settings(of: bucketName).location ?? region
    }

    /// Deletes an empty bucket with the uploads under way to it.
    package mutating func deleteBucket(_ name: String) throws(S3Refusal) {
        let bucket = try bucket(name)
        guard bucket.objects.isEmpty, bucket.history.isEmpty else {
            throw S3Refusal(
                "BucketNotEmpty",
                "The bucket you tried to delete is not empty"
                    + (bucket.settings.versioning == nil ? "" : ". You must delete all versions in the bucket."),
                details: ["BucketName": name])
        }
        for id in bucket.uploads.all.flatMap(\.value) {
            if let upload = uploads[id] { end(upload) }
        }
        buckets[name] = nil
        note(.bucketDeleted(name: name))
    }

    /// Whether there is a bucket.
    package func checkBucket(_ name: String) throws(S3Refusal) { _ = try bucket(name) }

    /// All buckets by name.
    package func listBuckets() -> [(name: String, createdAt: Timestamp, region: String)] {
        buckets.map { ($0.key, $0.value.createdAt, $0.value.settings.location ?? region) }.sorted { $0.0 < $1.0 }
    }

    /// Source: Amazon S3 user guide, "General purpose bucket naming rules".
    package static func isValid(bucketName name: String) -> Bool {
        let bytes = Array(name.utf8)
        func isAlphanumeric(_ byte: UInt8) -> Bool {
            (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(byte)
                || (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte)
        }
        guard (3...63).contains(bytes.count), let first = bytes.first, let last = bytes.last, isAlphanumeric(first),
            isAlphanumeric(last),
            bytes.allSatisfy({ isAlphanumeric($0) || $0 == UInt8(ascii: "-") || $0 == UInt8(ascii: ".") })
        else { return false }
        let numbers = name.split(separator: ".", omittingEmptySubsequences: false)
        let isAddress = numbers.count == 4 && numbers.allSatisfy { UInt8($0) != nil }
        return !name.contains("..") && !isAddress
            && !["xn--", "sthree-", "amzn-s3-demo-"].contains { name.hasPrefix($0) }
            && !["-s3alias", "--ol-s3", ".mrap", "--x-s3", "--table-s3"].contains { name.hasSuffix($0) }
    }
}
