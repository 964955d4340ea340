import AWSWire
import HTTPTypes
import JobCore
import Testing

@Suite("S3: requests of boto3 and the AWS CLI")
struct S3CodecTests {
    static let awkward = "in/a b+c=d&e%2F~(é)'*.csv"
    private let endpoint = S3Endpoint(scheme: "http", authority: "127.0.0.1:19324", addressing: .path)

    @Test(
        "A path names bucket and key, and is spelled as boto3 spells it",
        arguments: [
            ("boto3/s3-ListBuckets", nil, nil), ("boto3/s3-HeadBucket", "data", nil),
            ("boto3/s3-GetObject", "data", "in/a.csv"), ("boto3/s3-GetObject-range", "data", awkward),
            ("boto3/s3-presigned-put", "data", awkward), ("awscli/s3-cp", "data", "in/up load.csv"),
        ] as [(String, String?, String?)])
    func addresses(_ name: String, _ bucket: String?, _ key: String?) throws {
        let capture = try Capture(name)
        let path = RequestTarget(capture.head).path
        let address = S3Address(authority: capture.head.authority, path: path, baseHosts: ["s3.localhost"])
        #expect(address.bucket == bucket)
        #expect(address.key == key)
        #expect(endpoint.address(bucket: bucket, key: key).path == path)
    }

    @Test("A bucket in the host is read and written")
    func virtualHost() {
        let endpoint = S3Endpoint(scheme: "http", authority: "s3.localhost:4566", addressing: .virtualHost)
        let (authority, path) = endpoint.address(bucket: "data", key: "a b")
        #expect(authority == "data.s3.localhost:4566")
        #expect(path == "/a%20b")
        let read = S3Address(authority: authority, path: path, baseHosts: ["s3.localhost"])
        #expect(read.bucket == "data")
        #expect(read.key == "a b")
        #expect(endpoint.address(bucket: "with.dot", key: "k").path == "/with.dot/k")
    }

    @Test("A query is read decoded")
    func query() throws {
        let query = QueryItems(parsing: RequestTarget(try Capture("boto3/s3-ListObjectsV2").head).query)
        #expect(query["prefix"] == "in/ü +")
        #expect(query["continuation-token"] == "t+/=")
        #expect(query["encoding-type"] == "url")
        let upload = QueryItems(parsing: RequestTarget(try Capture("boto3/s3-CreateMultipartUpload").head).query)
        #expect(upload.contains("uploads"))
    }

    @Test("boto3's documents are read")
    func documents() throws {
        let deletion = try S3Deletion(body: try Capture("boto3/s3-DeleteObjects").body)
        #expect(
            deletion
                == S3Deletion(targets: [.init(key: Self.awkward), .init(key: "b", versionID: "v1")], isQuiet: true))
        let manifest = try S3MultipartManifest(body: try Capture("boto3/s3-CompleteMultipartUpload").body)
        #expect(manifest.parts.map(\.number) == [1, 2])
        #expect(manifest.parts.map(\.etag) == ["\"1\"", "\"2\""])
        #expect(manifest.parts.allSatisfy { $0.checksums == ["ChecksumCRC32": "AAAAAA=="] })
        let bucket = try S3BucketConfiguration(body: try Capture("boto3/s3-CreateBucket").body)
        #expect(bucket.location == "eu-central-1")
    }

    @Test(
        "The checksums that clients announce are ours",
        arguments: ["boto3/s3-PutObject", "boto3/s3-PutObject-stream", "boto3/s3-UploadPart", "awscli/s3-cp"])
    func checksums(_ name: String) throws {
        let capture = try Capture(name)
        let announced = try #require(capture.head.headerFields[.amzChecksumCRC32])
        #expect(announced == S3Checksum.base64(of: capture.body, .crc32))
    }

    @Test("A range is read from the header")
    func range() throws {
        let header = try #require(try Capture("boto3/s3-GetObject-range").head.headerFields[.range])
        #expect(ByteRange(header: header) == .bounded(first: 5, last: 9))
    }
}

@Suite("S3: documents, ranges and tags")
struct S3DocumentTests {
    private let date = Timestamp(milliseconds: 1_255_369_830_000)

    private func again<Document: S3Document>(_ document: Document) throws {
        #expect(try Document(body: document.body) == document)
    }

    @Test("Every document says the same after it was written and read")
    func roundTrips() throws {
        try again(S3MultipartUpload(bucket: "b", key: "<&>\"'\r", uploadID: "u"))
        try again(S3MultipartManifest(parts: [.init(number: 1, etag: "\"e\"", checksums: ["ChecksumSHA256": "x"])]))
        try again(S3MultipartResult(location: "http://l", bucket: "b", key: "k", etag: "\"e-2\""))
        try again(S3CopyResult(etag: "\"e\"", lastModified: date))
        try again(S3CopyResult(etag: "\"e\"", lastModified: date, isPart: true))
        try again(S3Deletion(targets: [.init(key: "ä", versionID: "1")]))
        try again(
            S3DeletionResult(
                deleted: [.init(key: "a", deleteMarkerVersionID: "m")],
                failures: [.init(key: "b", code: "AccessDenied", message: "no")]))
        try again(S3BucketList(ownerID: "o", buckets: [.init(name: "b", createdAt: date)]))
        try again(
            S3BucketList(
                ownerID: "o", buckets: [.init(name: "b", createdAt: date, region: "r")], prefix: "p",
                continuationToken: "t"))
        var attributes = S3ObjectAttributes()
        attributes.parts = .init(count: 3, page: [.init(number: 2, sizeBytes: 5)], marker: 1, isTruncated: true)
        try again(attributes)
        var uploads = S3UploadListing(bucket: "b", delimiter: "/", ownerID: "o")
        uploads.isURLEncoded = true
        uploads.uploads = [.init(key: "k é", id: "u", startedAt: date)]
        uploads.commonPrefixes = ["p +/"]
        try again(uploads)
        let listed = S3ListedObject(key: "k é", lastModified: date, etag: "\"e\"", sizeBytes: 5, ownerID: "o")
        try again(
            S3MarkerListing(
                page: S3Listing(bucket: "b", isURLEncoded: true, objects: [listed]), marker: "a b", nextMarker: "k é"))
        try again(S3BucketConfiguration(location: "eu-central-1"))
        try again(S3BucketLocation(location: ""))
        try again(S3Error(code: "NoSuchKey", message: "no", resource: "/b/k", requestID: "r", details: ["Key": "k"]))
    }

    @Test("A listing keeps awkward keys, plain and URL-encoded", arguments: [false, true])
    func listing(_ isURLEncoded: Bool) throws {
        let keys = [S3CodecTests.awkward, "日本", "plus+plus", "a&b<c>"]
        let listing = S3Listing(
            bucket: "b", prefix: "p ", delimiter: "/", nextContinuationToken: "t", isTruncated: true,
            isURLEncoded: isURLEncoded,
            objects: keys.map { S3ListedObject(key: $0, lastModified: date, etag: "\"e\"", sizeBytes: 5) },
            commonPrefixes: ["x y/"])
        try again(listing)
    }

    @Test("The example of the API reference is read")
    func example() throws {
        let body = """
            <?xml version="1.0" encoding="UTF-8"?>
            <ListBucketResult xmlns="http://s3.amazonaws.com/doc/2006-03-01/">
                <Name>quotes</Name><Prefix/><KeyCount>1</KeyCount><MaxKeys>3</MaxKeys>
                <IsTruncated>false</IsTruncated>
                <Contents><Key>ExampleObject.txt</Key><LastModified>2009-10-12T17:50:30.000Z</LastModified>
                <ETag>&quot;fba9dede5f27731c9771645a39863328&quot;</ETag><Size>434234</Size>
                <StorageClass>STANDARD</StorageClass></Contents>
            </ListBucketResult>
            """
        let listing = try S3Listing(body: Array(body.utf8))
        #expect(listing.objects.first?.etag == "\"fba9dede5f27731c9771645a39863328\"")
        #expect(listing.objects.first?.lastModified == date)
        #expect(!listing.isTruncated)
    }

    @Test(
        "A document that is not well-formed, or may expand, is refused",
        arguments: [
            "", "<a>", "<a></b>", "<a/><b/>", "<a>&unknown;</a>", "<a>&#0;</a>", "<a>x<b/></a>", "<a b></a>", "<a",
            "<!DOCTYPE a [<!ENTITY e \"x\">]><a>&e;</a>", "<a><?pi?></a>", "<a>\u{26}</a>",
            String(repeating: "<a>", count: 17) + String(repeating: "</a>", count: 17),
        ])
    func badXML(_ text: String) {
        #expect(throws: XMLError.self) { try XMLElement(parsing: Array(text.utf8)) }
    }

    @Test(
        "A range is resolved against the size",
        arguments: [
            ("bytes=0-9", 0..<10), ("bytes=90-", 90..<100), ("bytes=-10", 90..<100), ("bytes=-1000", 0..<100),
            ("bytes=95-200", 95..<100), ("bytes=100-", nil), ("bytes=-0", nil),
        ] as [(String, Range<Int64>?)])
    func ranges(_ header: String, _ expected: Range<Int64>?) throws {
        let range = try #require(ByteRange(header: header))
        #expect(range.resolved(size: 100) == expected)
        #expect(range.header == header)
    }

    @Test(
        "A header that is no single range is not one",
        arguments: ["bytes=9-0", "bytes=a-", "bytes=-", "items=0-1", "bytes=0-1,2-3"])
    func badRanges(_ header: String) { #expect(ByteRange(header: header) == nil) }

    @Test("The range of an answer is written and read")
    func contentRange() {
        #expect(ContentRange(bytes: 0..<500, size: 1234).header == "bytes 0-499/1234")
        #expect(ContentRange(header: "bytes 0-499/1234") == ContentRange(bytes: 0..<500, size: 1234))
        #expect(ContentRange(header: "bytes 5-4/10") == nil)
    }

    @Test("Tags are compared however they are quoted")
    func etags() {
        #expect(ETag.matches("\"a\"", "a"))
        #expect(ETag.matches(header: "\"x\", W/\"a\"", "\"a\""))
        #expect(ETag.matches(header: "*", "anything"))
        #expect(!ETag.matches(header: "\"x\"", "\"a\""))
        #expect(ETag.md5("\"d41d8cd98f00b204e9800998ecf8427e\"") == Digest.md5.hash([UInt8]()))
        #expect(ETag.md5("\"d41d8cd98f00b204e9800998ecf8427e-2\"") == nil)
    }

    @Test("Dates are written and read")
    func dates() {
        let moment = Timestamp(seconds: 784_111_777)
        #expect(moment.httpDate == "Sun, 06 Nov 1994 08:49:37 GMT")
        #expect(Timestamp(httpDate: "Sun, 06 Nov 1994 08:49:37 GMT") == moment)
        #expect(moment.amzDate == "19941106T084937Z")
        #expect(Timestamp(amzDate: "19941106T084937Z") == moment)
        #expect(Timestamp(amzDate: "19941306T084937Z") == nil)
        #expect(Timestamp(httpDate: "Sun, 06 Foo 1994 08:49:37 GMT") == nil)
    }
}
