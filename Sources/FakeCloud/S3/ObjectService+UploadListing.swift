package import AWSWire

/// What a listing of uploads asks for.
package struct UploadListingOrder: Sendable, Hashable {
    /// What keys start with.
    package var prefix = ""
    /// What ends a common prefix.
    package var delimiter: String?
    /// The key after which the page starts.
    package var keyMarker = ""
    /// The upload of that key after which the page starts.
    package var uploadIDMarker = ""
    /// The page's size; 1000 at most are given.
    package var maxUploads = 1_000

    /// Makes an order for everything.
    package init() {}
}

extension ObjectService {
    /// One page of the uploads under way by key, and of one key by time.
    package func listUploads(
        _ bucketName: String, _ order: UploadListingOrder, ownerID: String
    ) throws(S3Refusal) -> S3UploadListing {
        let table = try bucket(bucketName).uploads
        let limit = min(order.maxUploads, 1_000)
        var page = S3UploadListing(
            bucket: bucketName, prefix: order.prefix, delimiter: order.delimiter, keyMarker: order.keyMarker,
            uploadIDMarker: order.uploadIDMarker, maxUploads: limit, ownerID: ownerID)
        guard limit > 0 else { return page }
        var place = table.position { $0 < ObjectKey(order.prefix) || $0 < ObjectKey(order.keyMarker) }
        while let entry = table[place], entry.key.hasPrefix(order.prefix), !page.isTruncated {
            let common = Self.commonPrefix(of: entry.key, prefix: order.prefix, delimiter: order.delimiter)
            if let common {
                if common != order.keyMarker, page.takes(limit) {
                    page.commonPrefixes.append(common)
                    (page.nextKeyMarker, page.nextUploadIDMarker) = (common, "")
                }
                place = table.position { $0 < ObjectKey(common) || $0.hasPrefix(common) }
            } else {
                for id in Self.rest(of: entry.value, of: entry.key, order) where page.takes(limit) {
                    guard let record = uploads[id]?.record else { continue }
                    page.uploads.append(Self.listed(record))
                    (page.nextKeyMarker, page.nextUploadIDMarker) = (record.key.text, id)
                }
                place = table.position(next: place)
            }
        }
        if !page.isTruncated { (page.nextKeyMarker, page.nextUploadIDMarker) = (nil, nil) }
        return page
    }

    /// The uploads of a key that come after the markers.
    private static func rest(of ids: [String], of key: ObjectKey, _ order: UploadListingOrder) -> ArraySlice<String> {
        guard key.text == order.keyMarker else { return ids[...] }
        let place = ids.firstIndex(of: order.uploadIDMarker)
        return place.map { ids[($0 + 1)...] } ?? []
    }

    private static func listed(_ record: UploadRecord) -> S3UploadListing.Upload {
        S3UploadListing.Upload(
            key: record.key.text, id: record.id, startedAt: record.startedAt,
            storageClass: record.metadata.headers["x-amz-storage-class"] ?? "STANDARD",
            checksumAlgorithm: record.algorithm?.rawValue,
            checksumType: record.algorithm.map { _ in record.isComposite ? "COMPOSITE" : "FULL_OBJECT" })
    }
}

extension S3UploadListing {
    /// Whether there is room for one more; a page without room is truncated.
    fileprivate mutating func takes(_ limit: Int) -> Bool {
        if uploads.count + commonPrefixes.count >= limit { isTruncated = true }
        return !isTruncated
    }
}
