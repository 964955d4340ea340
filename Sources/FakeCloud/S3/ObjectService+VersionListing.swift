package import AWSWire

/// What a listing of versions asks for.
package struct VersionListingOrder: Sendable, Hashable {
    /// What keys start with.
    package var prefix = ""
    /// What ends a common prefix.
    package var delimiter: String?
    /// The key after which the page starts, or of which it goes on.
    package var keyMarker = ""
    /// The version of that key after which the page starts.
    package var versionIDMarker = ""
    /// The page's size; 1000 at most are given.
    package var maxKeys = 1_000

    /// Makes an order for everything.
    package init() {}
}

extension ObjectService {
    /// One page of versions and delete markers by key, and of one key from the newest to the oldest.
    package func listVersions(
        _ bucketName: String, _ order: VersionListingOrder, ownerID: String
    ) throws(S3Refusal) -> S3VersionListing {
        let bucket = try bucket(bucketName)
        var page = S3VersionListing(bucket: bucketName)
        page.prefix = order.prefix
        page.delimiter = order.delimiter
        page.keyMarker = order.keyMarker
        page.versionIDMarker = order.versionIDMarker
        page.maxKeys = min(order.maxKeys, 1_000)
        guard page.maxKeys > 0 else { return page }
        var last: (key: String, version: String?)?
        var next = bucket.firstKey { Self.isBefore($0, order) }
        while let key = next, key.hasPrefix(order.prefix) {
            let common = Self.commonPrefix(of: key, prefix: order.prefix, delimiter: order.delimiter)
            var versions = common == nil ? bucket.versions(of: key) : []
            if key.text == order.keyMarker, !order.versionIDMarker.isEmpty,
                let place = versions.firstIndex(where: { $0.versionName == order.versionIDMarker })
            {
                versions.removeFirst(place + 1)
            }
            for place in versions.indices where !page.isTruncated {
                guard page.versions.count + page.commonPrefixes.count < page.maxKeys else {
                    page.isTruncated = true
                    continue
                }
                last = (key.text, versions[place].versionName)
                page.versions.append(Self.listed(key, versions[place], bucket.isLatest(versions[place], key), ownerID))
            }
            if let common {
                page.isTruncated = page.versions.count + page.commonPrefixes.count >= page.maxKeys
                if !page.isTruncated {
                    page.commonPrefixes.append(common)
                    last = (common, nil)
                }
            }
            guard !page.isTruncated else { break }
            next = bucket.firstKey { $0 <= key || (common.map($0.hasPrefix) ?? false) }
        }
        if page.isTruncated { (page.nextKeyMarker, page.nextVersionIDMarker) = (last?.key, last?.version) }
        return page
    }

    private static func isBefore(_ key: ObjectKey, _ order: VersionListingOrder) -> Bool {
        guard key >= ObjectKey(order.prefix) else { return true }
        guard !order.keyMarker.isEmpty else { return false }
        let marker = ObjectKey(order.keyMarker)
        guard order.versionIDMarker.isEmpty else { return key < marker }
        let common = commonPrefix(of: marker, prefix: order.prefix, delimiter: order.delimiter)
        return key <= marker || (common == order.keyMarker && key.hasPrefix(order.keyMarker))
    }

    private static func listed(
        _ key: ObjectKey, _ record: ObjectRecord, _ isLatest: Bool, _ ownerID: String
    ) -> S3VersionListing.Version {
        var object = listed(key, record)
        object.ownerID = ownerID
        return S3VersionListing.Version(
            id: record.versionName, isLatest: isLatest, object: object, isDeleteMarker: record.isDeleteMarker)
    }
}

extension ObjectService.Bucket {
    /// The first key, with an object or with older versions only, that does not satisfy `isBefore`.
    fileprivate func firstKey(_ isBefore: (ObjectKey) -> Bool) -> ObjectKey? {
        [objects[objects.position(after: isBefore)]?.key, history[history.position(after: isBefore)]?.key]
            .compactMap { $0 }.min()
    }

    /// All versions of a key from the newest to the oldest.
    fileprivate func versions(of key: ObjectKey) -> [ObjectRecord] {
        [objects[key]].compactMap { $0 } + (history[key] ?? []).reversed().map(\.record)
    }

    fileprivate func isLatest(_ record: ObjectRecord, _ key: ObjectKey) -> Bool {
        (objects[key] ?? history[key]?.last?.record)?.versionID == record.versionID
    }
}
