import AWSWire
import FakeCloud
import HTTPTypes
import JobCore
import Testing

@Suite("What clients trip over in imitations of S3", .timeLimit(.minutes(1)))
struct S3FidelityTests {
    @Test("A write tells encryption and checksum; a read tells the checksum when it is asked, and never of a range")
    func checksumHeaders() async throws {
        try await RunningCloud.run { cloud async throws in
            _ = try await cloud.s3(.put, "/data")
            let sum = S3Checksum.base64(of: "hello".utf8, .crc64nvme)
            let put = try await cloud.s3(.put, "/data/k", body: Array("hello".utf8))
            #expect(put.fields["x-amz-server-side-encryption"] == "AES256")
            #expect(put.fields["x-amz-checksum-crc64nvme"] == sum)
            #expect(put.fields["x-amz-checksum-type"] == "FULL_OBJECT")
            let plain = try await cloud.s3(.get, "/data/k")
            #expect(plain.fields["x-amz-server-side-encryption"] == "AES256")
            #expect(plain.fields["x-amz-checksum-crc64nvme"] == nil)
            let asked = try await cloud.s3(.get, "/data/k", ["x-amz-checksum-mode": "ENABLED"])
            #expect(asked.fields["x-amz-checksum-crc64nvme"] == sum)
            #expect(asked.fields["x-amz-checksum-type"] == "FULL_OBJECT")
            let range = try await cloud.s3(
                .get, "/data/k", ["x-amz-checksum-mode": "ENABLED", "Range": "bytes=0-1"])
            #expect(range.text == "he")
            #expect(range.fields["x-amz-checksum-crc64nvme"] == nil)
        }
    }

    @Test(
        "Keys with signs that mean something in URLs are one object under every spelling",
        arguments: [
            ("a+b", ["a+b", "a%2Bb"]), ("a=b&c", ["a=b&c", "a%3Db%26c"]), ("a b", ["a%20b"]),
            ("d/e", ["d/e", "d%2Fe"]), ("~(é)'*", ["~(%C3%A9)'*", "~%28%C3%A9%29%27%2A"]),
        ])
    func spellings(key: String, spellings: [String]) async throws {
        try await RunningCloud.run { cloud async throws in
            _ = try await cloud.s3(.put, "/data")
            for spelling in spellings {
                #expect(try await cloud.s3(.put, "/data/" + spelling, body: Array(spelling.utf8)).status == 200)
                for other in spellings {
                    #expect(try await cloud.s3(.get, "/data/" + other).text == spelling)
                }
            }
            let list = try S3Listing(body: try await cloud.s3(.get, "/data?list-type=2").body)
            #expect(list.objects.map(\.key) == [key])
        }
    }

    @Test("A listing of no keys is empty and whole; a negative number of keys is an invalid argument")
    func maxKeys() async throws {
        try await RunningCloud.run { cloud async throws in
            _ = try await cloud.s3(.put, "/data")
            _ = try await cloud.s3(.put, "/data/a%20b", body: [1])
            for query in ["?list-type=2&max-keys=0", "?max-keys=0"] {
                let none = try await cloud.s3(.get, "/data" + query)
                #expect(none.text.contains("<MaxKeys>0</MaxKeys>"))
                #expect(none.text.contains("<IsTruncated>false</IsTruncated>"))
                #expect(!none.text.contains("<Contents>"))
            }
            let negative = try await cloud.s3(.get, "/data?list-type=2&max-keys=-1")
            #expect(negative.status == 400)
            #expect(negative.text.contains("<Code>InvalidArgument</Code>"))
            let encoded = try await cloud.s3(.get, "/data?encoding-type=url&list-type=2")
            #expect(encoded.text.contains("<Key>a%20b</Key>"))
        }
    }

    @Test("One part of an object that was uploaded in parts is read by its number")
    func partNumber() async throws {
        try await RunningCloud.run { cloud async throws in
            _ = try await cloud.s3(.put, "/data")
            let begun = try await cloud.s3(.post, "/data/k?uploads")
            let id = try S3MultipartUpload(body: begun.body).uploadID
            let big = [UInt8](repeating: 7, count: 5 * 1_024 * 1_024)
            var manifest = "<CompleteMultipartUpload>"
            for (place, bytes) in [big, [8, 9]].enumerated() {
                let part = try await cloud.s3(.put, "/data/k?partNumber=\(place + 1)&uploadId=\(id)", body: bytes)
                manifest +=
                    "<Part><PartNumber>\(place + 1)</PartNumber><ETag>\(part.fields["etag"] ?? "")</ETag></Part>"
            }
            let done = try await cloud.s3(
                .post, "/data/k?uploadId=\(id)", body: Array((manifest + "</CompleteMultipartUpload>").utf8))
            #expect(done.status == 200)
            let second = try await cloud.s3(.get, "/data/k?partNumber=2")
            #expect(second.status == 206)
            #expect(second.body == [8, 9])
            #expect(second.fields["x-amz-mp-parts-count"] == "2")
            #expect(second.fields["etag"]?.hasSuffix("-2\"") == true)
            #expect(try await cloud.s3(.get, "/data/k?partNumber=3").status == 416)
        }
    }
}
