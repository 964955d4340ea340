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
        try checkBucket(bucketName)
        let limit = min(order.maxUploads, 1_000)
        var page = S3UploadListing(
            bucket: bucketName, prefix: order.prefix, delimiter: order.delimiter, keyMarker: order.keyMarker,
            uploadIDMarker: order.uploadIDMarker, maxUploads: limit, ownerID: ownerID)
        guard limit > 0 else { return page }
        for record in rest(of: order, in: bucketName) {
            let common = Self.commonPrefix(of: record.key, prefix: order.prefix, delimiter: order.delimiter)
            if let common, page.commonPrefixes.last == common || (order.keyMarker == common) { continue }
            guard page.uploads.count + page.commonPrefixes.count < limit else {
                page.isTruncated = true
                break
            }
            page.nextKeyMarker = common ?? record.key.text
            page.nextUploadIDMarker = common == nil ? record.id : ""
            if let common {
                page.commonPrefixes.append(common)
            } else {
                page.uploads.append(Self.listed(record))
            }
        }
        if !page.isTruncated { (page.nextKeyMarker, page.nextUploadIDMarker) = (nil, nil) }
        return page
    }

    private func rest(of order: UploadListingOrder, in bucketName: String) -> ArraySlice<UploadRecord> {
        let records = uploads.values.map(\.record)
            .filter { $0.bucket == bucketName && $0.key.hasPrefix(order.prefix) }
            .sorted { ($0.key, $0.startedAt, $0.id) < ($1.key, $1.startedAt, $1.id) }
        guard !order.keyMarker.isEmpty else { return records[...] }
        let marker = ObjectKey(order.keyMarker)
        if let place = records.firstIndex(where: { $0.key == marker && $0.id == order.uploadIDMarker }) {
            return records[(place + 1)...]
        }
        return records.drop { $0.key <= marker }
    }

    private static func listed(_ record: UploadRecord) -> S3UploadListing.Upload {
        S3UploadListing.Upload(
            key: record.key.text, id: record.id, startedAt: record.startedAt,
            storageClass: record.metadata.headers["x-amz-storage-class"] ?? "STANDARD",
            checksumAlgorithm: record.algorithm?.rawValue,
            checksumType: record.algorithm.map { _ in record.isComposite ? "COMPOSITE" : "FULL_OBJECT" })
    }
}
