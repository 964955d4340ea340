import AWSWire
import FakeCloud
import JobCore
import Testing

@Suite("Listings of buckets as a machine")
struct S3ListingTests {
    var service = ObjectService(region: "us-east-1")
    let now = Timestamp(seconds: 1_800_000_000)

    init() throws { try service.createBucket("data", location: nil, at: now) }

    private mutating func put(_ keys: String...) throws {
        for key in keys {
            let record = ObjectRecord(
                segments: [BlobSegment(blob: "blob-" + key, sizeBytes: 1)], etag: "\"0\"", modifiedAt: now)
            try service.put(record, at: ObjectKey(key), in: "data")
        }
    }

    @Test(
        "A marker that is a common prefix passes over all of its keys", arguments: [("/", ["f"]), (nil, ["d/1", "f"])])
    mutating func marker(delimiter: String?, keys: [String]) throws {
        try put("a", "d/1", "f")
        var order = ListingOrder()
        order.delimiter = delimiter
        order.marker = "d/"
        let page = try service.list("data", order)
        #expect(page.objects.map(\.key) == keys)
        #expect(page.commonPrefixes.isEmpty)
    }

    @Test("A page of more than 1000 keys is asked for in vain")
    mutating func largestPage() throws {
        for number in 0..<1_001 { try put(String(number)) }
        var order = ListingOrder()
        order.maxKeys = 5_000
        let page = try service.list("data", order)
        #expect(page.objects.count == 1_000)
        #expect(page.maxKeys == 1_000)
        #expect(page.isTruncated)
    }

    @Test("Pages of uploads of every size give every upload and common prefix once", arguments: 1...6)
    mutating func uploads(size: Int) throws {
        for (place, key) in ["b", "a", "a", "d/1", "d/2", "e"].enumerated() {
            try service.createUpload(
                UploadRecord(
                    id: "id\(place)", bucket: "data", key: ObjectKey(key), startedAt: now + .seconds(place)))
        }
        var order = UploadListingOrder()
        order.delimiter = "/"
        order.maxUploads = size
        var found: [String] = []
        var isTruncated = true
        while isTruncated {
            let page = try service.listUploads("data", order, ownerID: "o")
            found += page.uploads.map(\.id) + page.commonPrefixes
            order.keyMarker = page.nextKeyMarker ?? ""
            order.uploadIDMarker = page.nextUploadIDMarker ?? ""
            isTruncated = page.isTruncated
        }
        if size == 1 { #expect(found == ["id1", "id2", "id0", "d/", "id5"]) }
        #expect(found.sorted() == ["d/", "id0", "id1", "id2", "id5"])
    }

    @Test("Uploads that ended, and those of a bucket that is gone, are listed no more")
    mutating func endedUploads() throws {
        for id in ["one", "two"] {
            try service.createUpload(
                UploadRecord(id: id, bucket: "data", key: ObjectKey("k"), startedAt: now))
        }
        try service.abortUpload("one", bucket: "data", key: ObjectKey("k"))
        var order = UploadListingOrder()
        #expect(try service.listUploads("data", order, ownerID: "o").uploads.map(\.id) == ["two"])
        order.keyMarker = "k"
        #expect(try service.listUploads("data", order, ownerID: "o").uploads.isEmpty)
        order.uploadIDMarker = "one"
        #expect(try service.listUploads("data", order, ownerID: "o").uploads.isEmpty)
        try service.deleteBucket("data")
        try service.createBucket("data", location: nil, at: now)
        #expect(try service.listUploads("data", UploadListingOrder(), ownerID: "o").uploads.isEmpty)
        #expect(throws: S3Refusal.self) { try service.parts(of: "two") }
    }
}
