import AWSWire
import FakeCloud
import Foundation
import HTTPTypes
import JobCore
import Testing

@Suite("Versions of objects", .timeLimit(.minutes(1)))
struct S3VersionTests {
    var service = ObjectService(region: "us-east-1")
    let now = Timestamp(seconds: 1_800_000_000)

    init() throws { try service.createBucket("data", location: nil, at: now) }

    private mutating func put(_ key: String, _ versionID: String) throws {
        var record = ObjectRecord(
            segments: [BlobSegment(blob: "blob-" + versionID, sizeBytes: 1)], etag: "\"0\"", modifiedAt: now)
        record.versionID = versionID
        try service.put(record, at: ObjectKey(key), in: "data")
    }

    private mutating func keep(_ status: S3Versioning.Status) throws {
        try service.configure("data") { $0.versioning = status }
    }

    private func names(_ order: VersionListingOrder = VersionListingOrder()) throws -> [String] {
        try service.listVersions("data", order, ownerID: "o").versions.map(\.id)
    }

    @Test("What was written before versions were kept is the version null")
    mutating func nullVersion() throws {
        try put("k", "first")
        try keep(.enabled)
        try put("k", "second")
        #expect(try names() == ["second", "null"])
        #expect(try service.object("k", in: "data", versionID: "null").segments.first?.blob == "blob-first")
    }

    @Test("A deletion makes a marker, and its removal brings the object back")
    mutating func deleteMarker() throws {
        try keep(.enabled)
        try put("k", "first")
        let deletion = try service.delete("k", in: "data", markerID: "marker", at: now)
        #expect(deletion.versionID == "marker")
        #expect(deletion.isMarker)
        let refusal = #expect(throws: S3Refusal.self) { try service.object("k", in: "data") }
        #expect(refusal?.headers["x-amz-delete-marker"] == "true")
        #expect(try service.list("data", ListingOrder()).objects.isEmpty)
        try service.delete("k", in: "data", versionID: "marker", at: now)
        #expect(try service.object("k", in: "data").versionID == "first")
    }

    @Test("While versions are suspended only the version null is replaced, and its file released")
    mutating func suspended() throws {
        try keep(.enabled)
        try put("k", "first")
        try keep(.suspended)
        try put("k", "second")
        _ = service.takeChanges()
        try put("k", "third")
        #expect(try names() == ["null", "first"])
        #expect(service.takeChanges().contains(.blobReleased("blob-second")))
        try service.delete("k", in: "data", at: now)
        #expect(try names() == ["null", "first"])
        #expect(service.blobs == ["blob-first"])
    }

    @Test("A version that is deleted by its name is gone, and the one before it is the newest")
    mutating func deleteVersion() throws {
        try keep(.enabled)
        for version in ["1", "2", "3"] { try put("k", version) }
        try service.delete("k", in: "data", versionID: "3", at: now)
        try service.delete("k", in: "data", versionID: "1", at: now)
        #expect(try service.object("k", in: "data").versionID == "2")
        #expect(service.blobs == ["blob-2"])
        #expect(try service.delete("k", in: "data", versionID: "1", at: now).didChange == false)
        try service.delete("k", in: "data", versionID: "2", at: now)
        try service.deleteBucket("data")
    }

    @Test("A bucket with old versions only is not empty")
    mutating func notEmpty() throws {
        try keep(.enabled)
        try put("k", "1")
        try service.delete("k", in: "data", markerID: "m", at: now)
        let refusal = #expect(throws: S3Refusal.self) { try service.deleteBucket("data") }
        #expect(refusal?.error.code == "BucketNotEmpty")
    }

    @Test("Pages of every size give every version and common prefix once", arguments: 1...8)
    mutating func paging(size: Int) throws {
        try keep(.enabled)
        for version in ["a1", "a2", "a3"] { try put("a", version) }
        try service.delete("a", in: "data", markerID: "a4", at: now)
        for key in ["d/1", "d/2", "e"] { try put(key, key) }
        var order = VersionListingOrder()
        order.delimiter = "/"
        order.maxKeys = size
        var found: [String] = []
        var isTruncated = true
        while isTruncated {
            let page = try service.listVersions("data", order, ownerID: "o")
            #expect(page.versions.count + page.commonPrefixes.count <= size)
            found += (page.versions.map(\.id) + page.commonPrefixes)
            order.keyMarker = page.nextKeyMarker ?? ""
            order.versionIDMarker = page.nextVersionIDMarker ?? ""
            isTruncated = page.isTruncated
        }
        #expect(found.sorted() == ["a1", "a2", "a3", "a4", "d/", "e"])
    }

    @Test("Versions and markers are there again after the server was killed")
    func durability() async throws {
        let folder = FileManager.default.temporaryDirectory.appending(path: "headrace-\(UUID())").path
        defer { try? FileManager.default.removeItem(atPath: folder) }
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        let configuration = FakeCloudConfiguration(dataDirectory: folder + "/data")
        try await RunningCloud.run(configuration) { cloud async throws in
            _ = try await cloud.s3(.put, "/data")
            _ = try await cloud.s3(.put, "/data?versioning", body: S3Versioning(status: .enabled).body)
            for body in ["one", "two"] { _ = try await cloud.s3(.put, "/data/k", body: Array(body.utf8)) }
            _ = try await cloud.s3(.delete, "/data/k")
            let before = try await cloud.s3(.get, "/data?versions")
            try FileManager.default.copyItem(atPath: folder + "/data", toPath: folder + "/killed")
            let killed = FakeCloudConfiguration(dataDirectory: folder + "/killed")
            try await RunningCloud.run(killed) { second async throws in
                let after = try await second.s3(.get, "/data?versions")
                #expect(after.body == before.body)
                let listing = try S3VersionListing(body: after.body)
                #expect(listing.versions.map(\.isDeleteMarker) == [true, false, false])
                let marker = try #require(listing.versions.first?.id)
                _ = try await second.s3(.delete, "/data/k?versionId=" + marker)
                #expect(try await second.s3(.get, "/data/k").text == "two")
                let oldest = try #require(listing.versions.last?.id)
                #expect(try await second.s3(.get, "/data/k?versionId=" + oldest).text == "one")
            }
        }
    }
}
