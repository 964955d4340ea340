/// Multipart uploads as clients do them.
enum MultipartSamples {
    private static let begin = FuzzRequest("POST", "/data/big?uploads")

    private static func part(_ number: Int, _ text: String) -> FuzzRequest {
        FuzzRequest("PUT", "/data/big?partNumber=\(number)&uploadId=@UPLOAD@", body: Array(text.utf8))
    }

    private static func complete(_ parts: [Int]) -> FuzzRequest {
        let list = parts.map { "<Part><PartNumber>\($0)</PartNumber><ETag>@ETAG\($0)@</ETag></Part>" }.joined()
        return FuzzRequest(
            "POST", "/data/big?uploadId=@UPLOAD@",
            body: Array("<CompleteMultipartUpload>\(list)</CompleteMultipartUpload>".utf8))
    }

    private static let summed: [FuzzRequest] = {
        var start = begin
        start["x-amz-checksum-algorithm"] = "CRC32"
        start["x-amz-checksum-type"] = "FULL_OBJECT"
        var end = complete([1])
        end["x-amz-checksum-crc32"] = "AAAAAA=="
        end["x-amz-mp-object-size"] = "3"
        return [start, part(1, "abc"), end]
    }()

    private static let copied: [FuzzRequest] = {
        var copy = part(1, "")
        copy["x-amz-copy-source"] = "/data/in/a.csv"
        copy["x-amz-copy-source-range"] = "bytes=0-2"
        return [begin, copy, complete([1])]
    }()

    static let sequences = [
        FuzzInput([begin, part(1, "one"), complete([1]), FuzzRequest("GET", "/data/big?partNumber=1")]),
        FuzzInput([begin, part(1, "one"), part(2, "two"), complete([1, 2])]),
        FuzzInput([begin, part(2, "two"), FuzzRequest("GET", "/data/big?uploadId=@UPLOAD@&max-parts=1")]),
        FuzzInput([begin, part(1, "one"), FuzzRequest("DELETE", "/data/big?uploadId=@UPLOAD@"), complete([1])]),
        FuzzInput([begin, FuzzRequest("GET", "/data?uploads&delimiter=%2F&max-uploads=1&upload-id-marker=@UPLOAD@")]),
        FuzzInput(summed), FuzzInput(copied),
        FuzzInput([begin, FuzzRequest("DELETE", "/data"), part(1, "late"), complete([1])]),
    ]
}
