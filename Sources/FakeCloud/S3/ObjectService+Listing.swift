package import AWSWire

/// What a listing asks for.
package struct ListingOrder: Sendable, Hashable {
    /// What keys start with.
    package var prefix = ""
    /// What ends a common prefix.
    package var delimiter: String?
    /// The key after which the listing starts.
    package var startAfter: String?
    /// Where the page before ended.
    package var continuationToken: String?
    /// Where the page before ended in the first version of listings: a key, or a common prefix to pass over.
    package var marker: String?
    /// The page's size; 1000 at most are given.
    package var maxKeys = 1_000
    /// Whether keys in the document are percent-encoded.
    package var isURLEncoded = false

    /// Makes an order for everything.
    package init() {}
}

extension ObjectService {
    /// One page of keys and common prefixes in the order of their UTF-8 bytes; O(page x log n).
    package func list(_ bucketName: String, _ order: ListingOrder) throws(S3Refusal) -> S3Listing {
        let objects = try bucket(bucketName).objects
        let limit = min(order.maxKeys, 1_000)
        var page = S3Listing(
            bucket: bucketName, prefix: order.prefix, delimiter: order.delimiter, startAfter: order.startAfter,
            maxKeys: limit, continuationToken: order.continuationToken, isURLEncoded: order.isURLEncoded)
        guard limit > 0 else { return page }
        var place = try start(of: order, in: objects)
        var last: String?
        while let entry = objects[place], entry.key.hasPrefix(order.prefix) {
            guard page.objects.count + page.commonPrefixes.count < limit else {
                page.isTruncated = true
                page.nextContinuationToken = last.map { Base64.encode($0.utf8) }
                break
            }
            if let common = Self.commonPrefix(of: entry.key, order) {
                page.commonPrefixes.append(common)
                last = "p" + common
                place = objects.position { $0 < ObjectKey(common) || $0.hasPrefix(common) }
            } else {
                page.objects.append(Self.listed(entry.key, entry.value))
                last = "k" + entry.key.text
                place = objects.position(next: place)
            }
        }
        return page
    }

    private func start(
        of order: ListingOrder, in objects: OrderedTable<ObjectRecord>
    ) throws(S3Refusal) -> OrderedTable<ObjectRecord>.Position {
        let prefix = ObjectKey(order.prefix)
        if let token = order.continuationToken {
            guard let bytes = Base64.decode(token), let kind = bytes.first, [0x6B, 0x70].contains(kind) else {
                throw .invalidArgument("continuation-token", token, "The continuation token provided is incorrect")
            }
            let text = String(decoding: bytes.dropFirst(), as: UTF8.self)
            let last = ObjectKey(text)
            return objects.position { $0 <= last || $0 < prefix || (kind == 0x70 && $0.hasPrefix(text)) }
        }
        if let marker = order.marker, !marker.isEmpty {
            let isPassedOver = Self.commonPrefix(of: ObjectKey(marker), order) == marker
            return objects.position {
                $0 <= ObjectKey(marker) || $0 < prefix || (isPassedOver && $0.hasPrefix(marker))
            }
        }
        guard let after = order.startAfter, !after.isEmpty else { return objects.position { $0 < prefix } }
        return objects.position { $0 <= ObjectKey(after) || $0 < prefix }
    }

    private static func commonPrefix(of key: ObjectKey, _ order: ListingOrder) -> String? {
        commonPrefix(of: key, prefix: order.prefix, delimiter: order.delimiter)
    }

    /// The part of a key up to the first delimiter after the prefix.
    static func commonPrefix(of key: ObjectKey, prefix: String, delimiter: String?) -> String? {
        guard let delimiter, !delimiter.isEmpty, key.hasPrefix(prefix) else { return nil }
        let bytes = Array(key.text.utf8)
        let wanted = Array(delimiter.utf8)
        var place = prefix.utf8.count
        while place + wanted.count <= bytes.count {
            if bytes[place..<(place + wanted.count)].elementsEqual(wanted) {
                return String(decoding: bytes[..<(place + wanted.count)], as: UTF8.self)
            }
            place += 1
        }
        return nil
    }

    static func listed(_ key: ObjectKey, _ record: ObjectRecord) -> S3ListedObject {
        S3ListedObject(
            key: key.text, lastModified: record.modifiedAt, etag: record.etag, sizeBytes: record.sizeBytes,
            storageClass: record.metadata.headers["x-amz-storage-class"] ?? "STANDARD",
            checksumAlgorithm: record.checksum?.algorithm.rawValue, checksumType: record.checksum?.type)
    }
}
