import AWSWire
import FakeCloud
import JobCore
import Testing

@Suite("Buckets as a machine")
struct ObjectServiceTests {
    var service = ObjectService(region: "us-east-1")
    let now = Timestamp(seconds: 1_800_000_000)

    init() throws {
        try service.createBucket("data", location: nil, at: now)
        _ = service.takeChanges()
    }

    private func record(_ blob: String, size: Int64 = 1, etag: String = "\"0\"") -> ObjectRecord {
        ObjectRecord(segments: [BlobSegment(blob: blob, sizeBytes: size)], etag: etag, modifiedAt: now)
    }

    private mutating func put(_ keys: String...) throws {
        for key in keys { try service.put(record("blob-" + key), at: ObjectKey(key), in: "data") }
    }

    private mutating func released() -> [String] {
        service.takeChanges().compactMap { change in
            if case .blobReleased(let blob) = change { blob } else { nil }
        }
    }

    @Test(
        "A bucket's name follows the rules",
        arguments: [
            ("abc", true), ("a.b-c.1", true), (String(repeating: "a", count: 63), true), ("ab", false),
            (String(repeating: "a", count: 64), false), ("Abc", false), ("a_b", false), ("-abc", false),
            ("abc-", false), ("a..b", false), ("192.168.1.1", false), ("xn--abc", false), ("abc-s3alias", false),
        ])
    func bucketNames(name: String, isValid: Bool) {
        #expect(ObjectService.isValid(bucketName: name) == isValid)
    }

    @Test("A bucket is made twice in us-east-1 and once elsewhere")
    mutating func bucketTwice() throws {
        try service.createBucket("data", location: nil, at: now)
        #expect(service.takeChanges().isEmpty)
        var elsewhere = ObjectService(region: "eu-west-1")
        try elsewhere.createBucket("data", location: "eu-west-1", at: now)
        let error = #expect(throws: S3Refusal.self) {
            try elsewhere.createBucket("data", location: "eu-west-1", at: now)
        }
        #expect(error?.error.code == "BucketAlreadyOwnedByYou")
    }

    @Test("A bucket with objects cannot be deleted")
    mutating func deleteBucket() throws {
        try put("a")
        let error = #expect(throws: S3Refusal.self) { try service.deleteBucket("data") }
        #expect(error?.error.code == "BucketNotEmpty")
        try service.delete("a", in: "data", at: now)
        try service.deleteBucket("data")
        #expect(service.listBuckets().isEmpty)
    }

    @Test("A replaced or deleted object's file is released when nobody refers to it any more")
    mutating func release() throws {
        try put("a")
        let original = try service.object("a", in: "data")
        try service.put(original, at: "copy", in: "data")
        try service.put(record("second"), at: "a", in: "data")
        #expect(released() == [])
        try service.delete("copy", in: "data", at: now)
        #expect(released() == ["blob-a"])
        #expect(service.blobs == ["second"])
    }

    @Test(
        "Conditions of reads hold or refuse",
        arguments: [
            (ObjectCondition(ifMatch: "\"0\""), nil), (ObjectCondition(ifMatch: "\"1\", \"0\""), nil),
            (ObjectCondition(ifMatch: "\"1\""), 412), (ObjectCondition(ifNoneMatch: "\"0\""), 304),
            (ObjectCondition(ifNoneMatch: "\"1\""), nil), (ObjectCondition(ifNoneMatch: "*"), 304),
            (ObjectCondition(ifModifiedSince: Timestamp(seconds: 1_800_000_000)), 304),
            (ObjectCondition(ifModifiedSince: Timestamp(seconds: 1_799_999_999)), nil),
            (ObjectCondition(ifUnmodifiedSince: Timestamp(seconds: 1_799_999_999)), 412),
            (ObjectCondition(ifUnmodifiedSince: Timestamp(seconds: 1_800_000_000)), nil),
        ] as [(ObjectCondition, Int?)])
    mutating func conditions(condition: ObjectCondition, status: Int?) throws {
        try put("a")
        do throws(S3Refusal) {
            _ = try service.object("a", in: "data", if: condition)
            #expect(status == nil)
        } catch {
            #expect(error.status == status)
        }
    }

    @Test("If-None-Match: * writes only where nothing is")
    mutating func writeOnce() throws {
        let once = ObjectCondition(ifNoneMatch: "*")
        try service.put(record("1"), at: "a", in: "data", if: once)
        let error = #expect(throws: S3Refusal.self) { try service.put(record("2"), at: "a", in: "data", if: once) }
        #expect(error?.status == 412)
        #expect(try service.object("a", in: "data").segments.first?.blob == "1")
    }

    @Test("Keys that differ in bytes only are different objects")
    mutating func canonicalEquivalence() throws {
        try put("\u{E9}", "e\u{301}")
        #expect(try service.list("data", ListingOrder()).objects.count == 2)
    }

    @Test("Keys are listed in the order of their bytes, not of their UTF-16 units")
    mutating func order() throws {
        try put("\u{1F600}", "\u{FF5E}", "a", "Z", "a/b", "a-b", "é")
        let keys = try service.list("data", ListingOrder()).objects.map(\.key)
        #expect(keys == ["Z", "a", "a-b", "a/b", "é", "\u{FF5E}", "\u{1F600}"])
    }

    @Test("Pages of every size give every key and common prefix once", arguments: 1...8)
    mutating func paging(size: Int) throws {
        try put("a", "d/1", "d/2", "d/e/3", "f", "g/1", "h")
        var order = ListingOrder()
        order.delimiter = "/"
        order.maxKeys = size
        var found: [String] = []
        repeat {
            let page = try service.list("data", order)
            #expect(page.objects.count + page.commonPrefixes.count <= size)
            found += (page.objects.map(\.key) + page.commonPrefixes).sorted()
            order.continuationToken = page.nextContinuationToken
            #expect(page.isTruncated == (page.nextContinuationToken != nil))
        } while order.continuationToken != nil
        #expect(found == ["a", "d/", "f", "g/", "h"])
    }

    @Test("Prefix, delimiter and start-after narrow a listing")
    mutating func narrowing() throws {
        try put("x/a", "x/b/1", "x/b/2", "x/c", "y")
        var order = ListingOrder()
        order.prefix = "x/"
        order.delimiter = "/"
        order.startAfter = "x/a"
        let page = try service.list("data", order)
        #expect(page.objects.map(\.key) == ["x/c"])
        #expect(page.commonPrefixes == ["x/b/"])
        order.maxKeys = 0
        #expect(try service.list("data", order).isTruncated == false)
    }

    @Test("A thousand keys and more are kept in order while keys come and go")
    mutating func manyKeys() throws {
        let keys = (0..<3_000).map { String(($0 * 7_919) % 3_000) }
        for key in keys { try put(key) }
        for key in keys where Int(key).map({ $0 % 3 == 0 }) == true {
            try service.delete(ObjectKey(key), in: "data", at: now)
        }
        var order = ListingOrder()
        var found: [String] = []
        repeat {
            let page = try service.list("data", order)
            found += page.objects.map(\.key)
            order.continuationToken = page.nextContinuationToken
        } while order.continuationToken != nil
        #expect(found == keys.filter { Int($0).map { $0 % 3 != 0 } == true }.sorted())
    }
}

extension ObjectKey: ExpressibleByStringLiteral {
    /// Makes a key of a literal.
    public init(stringLiteral text: String) { self.init(text) }
}
