package import AWSWire
package import JobCore

/// A version that is not the current object any more, or a delete marker.
package struct ArchivedVersion: Sendable, Hashable {
    /// Grows with every version of a key.
    package var number: Int64
    /// The version.
    package var record: ObjectRecord

    /// Makes an entry.
    package init(number: Int64, record: ObjectRecord) {
        self.number = number
        self.record = record
    }
}

/// What a deletion did.
package struct ObjectDeletion: Sendable, Hashable {
    /// The version that is gone, or that marks the deletion; `nil` in a bucket that keeps none.
    package var versionID: String?
    /// Whether that version is a delete marker.
    package var isMarker = false
    /// Whether an object or a version was removed, or a marker made.
    package var didChange = true
    /// Whether the marker is new.
    package var isNewMarker = false
}

// A key's newest version is its current object, in `objects`, or a delete marker, the last entry in `history`; all
// older versions are in `history` from the oldest to the newest. A bucket that never kept versions has no history.
extension ObjectService {
    /// What the bucket does with versions.
    package func versioning(of bucketName: String) throws(S3Refusal) -> S3Versioning.Status? {
        try settings(of: bucketName).versioning
    }

    /// Finds a version by its name; without a name the current object.
    package func version(
        _ versionID: String?, of key: ObjectKey, in bucketName: String
    ) throws(S3Refusal) -> ObjectRecord {
        let bucket = try bucket(bucketName)
        guard let versionID else {
            if let record = bucket.objects[key] { return record }
            var refusal = S3Refusal.noKey(key)
            if let marker = bucket.history[key]?.last?.record { refusal.headers = Self.headers(of: marker) }
            throw refusal
        }
        if let record = bucket.objects[key], record.versionName == versionID { return record }
        guard let found = bucket.history[key]?.first(where: { $0.record.versionName == versionID })?.record else {
            throw S3Refusal(
                "NoSuchVersion", "The specified version does not exist.",
                details: ["Key": key.text, "VersionId": versionID])
        }
        guard !found.isDeleteMarker else {
            var refusal = S3Refusal(
                "MethodNotAllowed", "The specified method is not allowed against this resource.",
                details: ["Method": "GET", "ResourceType": "DeleteMarker"])
            refusal.headers = Self.headers(of: found)
            refusal.headers["allow"] = "DELETE"
            refusal.headers["last-modified"] = found.modifiedAt.httpDate
            throw refusal
        }
        return found
    }

    private static func headers(of marker: ObjectRecord) -> [String: String] {
        ["x-amz-delete-marker": "true", "x-amz-version-id": marker.versionName]
    }

    /// Makes a record the current object, as the bucket keeps versions or not; returns it as it is kept.
    mutating func write(_ record: ObjectRecord, at key: ObjectKey, in bucketName: String) -> ObjectRecord {
        var record = record
        // First, as what is replaced may be in the same files.
        retain(record.segments)
        makeRoom(for: &record, at: key, in: bucketName)
        buckets[bucketName]?.objects[key] = record
        note(.objectSaved(bucket: bucketName, key: key, record))
        return record
    }

    /// Takes what the newest version replaces out of the way: into the history, or out of the bucket.
    private mutating func makeRoom(for record: inout ObjectRecord, at key: ObjectKey, in bucketName: String) {
        let versioning = buckets[bucketName]?.settings.versioning
        if versioning != .enabled { record.versionID = nil }
        let current = buckets[bucketName]?.objects[key]
        if let current {
            buckets[bucketName]?.objects[key] = nil
            if versioning == nil || (versioning == .suspended && current.versionID == nil) {
                release(current.segments)
            } else {
                archive(current, at: key, in: bucketName)
            }
        }
        guard versioning == .suspended,
            let place = buckets[bucketName]?.history[key]?.firstIndex(where: { $0.record.versionID == nil })
        else { return }
        removeArchived(place, at: key, in: bucketName)
    }

    private mutating func archive(_ record: ObjectRecord, at key: ObjectKey, in bucketName: String) {
        var entries = buckets[bucketName]?.history[key] ?? []
        let entry = ArchivedVersion(number: (entries.last?.number ?? 0) + 1, record: record)
        entries.append(entry)
        buckets[bucketName]?.history[key] = entries
        note(.versionArchived(bucket: bucketName, key: key, entry))
    }

    private mutating func removeArchived(_ place: Int, at key: ObjectKey, in bucketName: String) {
        guard var entries = buckets[bucketName]?.history[key] else { return }
        let entry = entries.remove(at: place)
        buckets[bucketName]?.history[key] = entries.isEmpty ? nil : entries
        note(.versionRemoved(bucket: bucketName, key: key, number: entry.number))
        release(entry.record.segments)
    }

    /// Deletes the object, or one version of it for good; what is not there is no error.
    ///
    /// `markerID` names the delete marker in a bucket that keeps versions.
    @discardableResult
    package mutating func delete(
        _ key: ObjectKey, in bucketName: String, versionID: String? = nil, markerID: String = "", at now: Timestamp
    ) throws(S3Refusal) -> ObjectDeletion {
        let bucket = try bucket(bucketName)
        if let versionID { return remove(versionID, of: key, in: bucketName) }
        guard let versioning = bucket.settings.versioning else {
            guard let record = bucket.objects[key] else { return ObjectDeletion(didChange: false) }
            buckets[bucketName]?.objects[key] = nil
            note(.objectDeleted(bucket: bucketName, key: key))
            release(record.segments)
            return ObjectDeletion()
        }
        var marker = ObjectRecord(segments: [], etag: "", modifiedAt: now)
        marker.isDeleteMarker = true
        marker.versionID = versioning == .enabled ? markerID : nil
        let hadObject = bucket.objects[key] != nil
        makeRoom(for: &marker, at: key, in: bucketName)
        if hadObject { note(.objectDeleted(bucket: bucketName, key: key)) }
        archive(marker, at: key, in: bucketName)
        return ObjectDeletion(versionID: marker.versionName, isMarker: true, isNewMarker: true)
    }

    private mutating func remove(_ versionID: String, of key: ObjectKey, in bucketName: String) -> ObjectDeletion {
        if let current = buckets[bucketName]?.objects[key], current.versionName == versionID {
            buckets[bucketName]?.objects[key] = nil
            note(.objectDeleted(bucket: bucketName, key: key))
            release(current.segments)
            promote(key, in: bucketName)
            return ObjectDeletion(versionID: versionID)
        }
        guard
            let place = buckets[bucketName]?.history[key]?.firstIndex(where: { $0.record.versionName == versionID }),
            let entry = buckets[bucketName]?.history[key]?[place]
        else { return ObjectDeletion(versionID: versionID, didChange: false) }
        removeArchived(place, at: key, in: bucketName)
        if buckets[bucketName]?.objects[key] == nil { promote(key, in: bucketName) }
        return ObjectDeletion(versionID: versionID, isMarker: entry.record.isDeleteMarker)
    }

    /// Makes the newest of the older versions the current object, unless it is a delete marker.
    private mutating func promote(_ key: ObjectKey, in bucketName: String) {
        guard let entries = buckets[bucketName]?.history[key], let newest = entries.last,
            !newest.record.isDeleteMarker
        else { return }
        buckets[bucketName]?.history[key] = entries.count > 1 ? Array(entries.dropLast()) : nil
        buckets[bucketName]?.objects[key] = newest.record
        note(.versionRemoved(bucket: bucketName, key: key, number: newest.number))
        note(.objectSaved(bucket: bucketName, key: key, newest.record))
    }

    /// Gives an object or a version of it other tags and returns its record.
    package mutating func tag(
        _ key: ObjectKey, versionID: String? = nil, in bucketName: String, _ tags: [S3Tag]
    ) throws(S3Refusal) -> ObjectRecord {
        var record = try version(versionID, of: key, in: bucketName)
        record.tags = tags
        if buckets[bucketName]?.objects[key]?.versionID == record.versionID, buckets[bucketName]?.objects[key] != nil {
            buckets[bucketName]?.objects[key] = record
            note(.objectSaved(bucket: bucketName, key: key, record))
        } else if let place = buckets[bucketName]?.history[key]?.firstIndex(where: {
            $0.record.versionID == record.versionID
        }), let number = buckets[bucketName]?.history[key]?[place].number {
            let entry = ArchivedVersion(number: number, record: record)
            buckets[bucketName]?.history[key]?[place] = entry
            note(.versionArchived(bucket: bucketName, key: key, entry))
        }
        return record
    }
}
