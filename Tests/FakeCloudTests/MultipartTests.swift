import AWSWire
import FakeCloud
import JobCore
import Testing

@Suite("Uploads in parts as a machine")
struct MultipartTests {
    var service = ObjectService(region: "us-east-1")
    let now = Timestamp(seconds: 1_800_000_000)
    static let big = ObjectService.smallestPartBytes

    init() throws {
        try service.createBucket("data", location: nil, at: now)
        try begin(algorithm: nil)
    }

    private mutating func begin(algorithm: S3ChecksumAlgorithm?, isComposite: Bool = false) throws {
        try service.createUpload(
            UploadRecord(
                id: "up", bucket: "data", key: "k", startedAt: now, algorithm: algorithm, isComposite: isComposite))
    }

    private mutating func part(
        _ number: Int, size: Int64 = big, blob: String? = nil, checksum: StoredChecksum? = nil
    ) throws {
        try service.put(
            PartRecord(
                number: number, segment: BlobSegment(blob: blob ?? "blob-\(number)", sizeBytes: size),
                etag: ETag.quoted(md5: Digest.md5.hash([UInt8(number)])), modifiedAt: now,
                checksum: checksum ?? StoredChecksum(algorithm: .crc64nvme, value: "AAAAAAAAAAA=")), uploadID: "up")
    }

    private mutating func complete(_ numbers: [Int]) throws(S3Refusal) -> ObjectRecord {
        let parts = numbers.map {
            S3MultipartManifest.Part(number: $0, etag: ETag.quoted(md5: Digest.md5.hash([UInt8($0)])))
        }
        return try service.completeUpload(
            "up", bucket: "data", key: "k", manifest: S3MultipartManifest(parts: parts), checksums: [:],
            if: ObjectCondition(), at: now)
    }

    @Test("The object is made of the chosen parts in order, and parts left out are released")
    mutating func completion() throws {
        for number in 1...3 { try part(number) }
        _ = service.takeChanges()
        let record = try complete([1, 3])
        #expect(record.segments.map(\.blob) == ["blob-1", "blob-3"])
        #expect(record.etag.hasSuffix("-2\""))
        #expect(record.partCount == 2)
        #expect(service.takeChanges().contains(.blobReleased("blob-2")))
        #expect(try service.object("k", in: "data") == record)
    }

    @Test("A part that is uploaded again replaces the one before")
    mutating func reupload() throws {
        try part(1, blob: "first")
        _ = service.takeChanges()
        try part(1, blob: "second")
        #expect(service.takeChanges().last == .blobReleased("first"))
        #expect(try complete([1]).segments.map(\.blob) == ["second"])
    }

    @Test(
        "A list of parts that breaks a rule is refused and the upload goes on",
        arguments: [
            ([2, 1], "InvalidPartOrder"), ([1, 1], "InvalidPartOrder"), ([4], "InvalidPart"),
            ([], "MalformedXML"), ([3, 5], "EntityTooSmall"),
        ])
    mutating func refusals(numbers: [Int], code: String) throws {
        for number in [1, 2, 5] { try part(number) }
        try part(3, size: Self.big - 1)
        let error = #expect(throws: S3Refusal.self) { try complete(numbers) }
        #expect(error?.error.code == code)
        #expect(try service.parts(of: "up").count == 4)
    }

    @Test("An upload that was given up is gone with its parts")
    mutating func abort() throws {
        try part(1)
        _ = service.takeChanges()
        try service.abortUpload("up", bucket: "data", key: "k")
        #expect(service.takeChanges() == [.uploadEnded(id: "up"), .blobReleased("blob-1")])
        let error = #expect(throws: S3Refusal.self) { try service.parts(of: "up") }
        #expect(error?.error.code == "NoSuchUpload")
    }

    @Test(
        "The checksum of the whole is computed from those of the parts",
        arguments: [S3ChecksumAlgorithm.crc32, .crc32c, .crc64nvme])
    mutating func fullObjectChecksum(algorithm: S3ChecksumAlgorithm) throws {
        try service.abortUpload("up", bucket: "data", key: "k")
        try begin(algorithm: algorithm)
        let pieces: [[UInt8]] = [[UInt8](repeating: 0, count: Int(Self.big)), Array(0...200), []]
        for (index, piece) in pieces.dropLast().enumerated() {
            let checksum = StoredChecksum(algorithm: algorithm, value: S3Checksum.base64(of: piece, algorithm))
            try part(index + 1, size: Int64(piece.count), checksum: checksum)
        }
        let record = try complete([1, 2])
        #expect(record.checksum?.value == S3Checksum.base64(of: pieces.flatMap { $0 }, algorithm))
        #expect(record.checksum?.isComposite == false)
    }

    @Test("A composite checksum is that of the parts' checksums, with their number")
    mutating func compositeChecksum() throws {
        try service.abortUpload("up", bucket: "data", key: "k")
        try begin(algorithm: .sha256, isComposite: true)
        let sums = [[UInt8(1)], [2]].map { Digest.sha256.hash($0) }
        for (index, sum) in sums.enumerated() {
            try part(index + 1, checksum: StoredChecksum(algorithm: .sha256, value: Base64.encode(sum)))
        }
        let expected = Base64.encode(Digest.sha256.hash(sums.flatMap { $0 })) + "-2"
        #expect(try complete([1, 2]).checksum?.value == expected)
    }
}
