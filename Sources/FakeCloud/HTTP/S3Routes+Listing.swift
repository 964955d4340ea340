internal import AWSWire
internal import HTTPTypes

extension S3Routes {
    /// The canonical id of the account that owns everything; 64 hexadecimal digits as AWS gives them.
    static let ownerID = Digest.sha256.hex("headrace".utf8)

    /// ListBuckets; in pages when asked so.
    func listBuckets(_ call: S3Call) throws(S3Refusal) -> HTTPAnswer {
        let limit = try call.integer(
            "max-buckets", in: 1...10_000, "Argument max-buckets must be an integer between 1 and 10000")
        let prefix = call.query["prefix"]
        let region = call.query["bucket-region"]
        var after = ""
        if let token = call.query["continuation-token"] {
            guard let bytes = Base64.decode(token), !bytes.isEmpty else {
                throw .invalidArgument("continuation-token", token, "The continuation token provided is incorrect")
            }
            after = String(decoding: bytes, as: UTF8.self)
        }
        let isPaged = limit != nil || prefix != nil || region != nil || !after.isEmpty
        let found = try objects.read { (service) throws(S3Refusal) in service.listBuckets() }
            .filter { $0.name.hasPrefix(prefix ?? "") && (after.isEmpty || $0.name > after) }
            .filter { region == nil || region == $0.region }
        let page = found.prefix(limit ?? 10_000)
        let token = page.count < found.count ? page.last.map { Base64.encode($0.name.utf8) } : nil
        return call.answer(
            S3BucketList(
                ownerID: Self.ownerID,
                buckets: page.map {
                    .init(name: $0.name, createdAt: $0.createdAt, region: isPaged ? $0.region : nil)
                }, prefix: prefix, continuationToken: token))
    }

    /// ListObjects and ListObjectsV2.
    func list(_ call: S3Call, _ bucket: String) throws(S3Refusal) -> HTTPAnswer {
        let isMarked = call.query["list-type"] != "2"
        var order = ListingOrder()
        order.prefix = call.query["prefix"] ?? ""
        order.delimiter = Self.nonEmpty(call.query["delimiter"])
        order.maxKeys = try Self.limit(call, "max-keys", "maxKeys")
        order.isURLEncoded = try Self.isURLEncoded(call)
        if isMarked {
            order.marker = Self.nonEmpty(call.query["marker"])
        } else {
            order.startAfter = Self.nonEmpty(call.query["start-after"])
            order.continuationToken = call.query["continuation-token"]
        }
        var page = try objects.read { [order] (service) throws(S3Refusal) in try service.list(bucket, order) }
        if isMarked || call.query["fetch-owner"] == "true" {
            for place in page.objects.indices { page.objects[place].ownerID = Self.ownerID }
        }
        guard isMarked else { return call.answer(page) }
        let last = [page.objects.last?.key, page.commonPrefixes.last].compactMap { $0.map(ObjectKey.init) }.max()
        let next = page.isTruncated && order.delimiter != nil ? last?.text : nil
        return call.answer(S3MarkerListing(page: page, marker: order.marker ?? "", nextMarker: next))
    }

    /// ListMultipartUploads.
    func listUploads(_ call: S3Call, _ bucket: String) throws(S3Refusal) -> HTTPAnswer {
        var order = UploadListingOrder()
        order.prefix = call.query["prefix"] ?? ""
        order.delimiter = Self.nonEmpty(call.query["delimiter"])
        order.keyMarker = call.query["key-marker"] ?? ""
        order.uploadIDMarker = call.query["upload-id-marker"] ?? ""
        order.maxUploads = try Self.limit(call, "max-uploads", "max-uploads")
        var page = try objects.read { [order] (service) throws(S3Refusal) in
            try service.listUploads(bucket, order, ownerID: Self.ownerID)
        }
        page.isURLEncoded = try Self.isURLEncoded(call)
        return call.answer(page)
    }

    static func nonEmpty(_ text: String?) -> String? { text.flatMap { $0.isEmpty ? nil : $0 } }

    /// A page's size; 1000 when the client says none.
    static func limit(_ call: S3Call, _ name: String, _ argument: String) throws(S3Refusal) -> Int {
        guard let text = nonEmpty(call.query[name]) else { return 1_000 }
        guard let number = Int(text) else {
            throw .invalidArgument(name, text, "Provided \(name) not an integer or within integer range")
        }
        guard (0...2_147_483_647).contains(number) else {
            throw .invalidArgument(
                name, text, "Argument \(argument) must be an integer between 0 and 2147483647")
        }
        return number
    }

    /// Whether keys are to be percent-encoded in the document.
    static func isURLEncoded(_ call: S3Call) throws(S3Refusal) -> Bool {
        guard let encoding = nonEmpty(call.query["encoding-type"]) else { return false }
        guard encoding == "url" else {
            throw .invalidArgument("encoding-type", encoding, "Invalid Encoding Method specified in Request")
        }
        return true
    }
}
