/// Bodies in aws-chunked.
///
/// The signatures of signed ones are put in when they are sent; see ``ChunkSigning``.
enum ChunkedSamples {
    private static let crc32OfHelloWorld = "DUoRhQ=="

    private static func put(_ payload: String, _ length: Int, _ headers: [(String, String)], _ body: String)
        -> FuzzRequest
    {
        FuzzRequest(
            "PUT", "/data/chunked",
            [
                ("content-encoding", "aws-chunked"), ("x-amz-content-sha256", payload),
                ("x-amz-decoded-content-length", String(length)),
            ] + headers, body: Array(body.utf8))
    }

    private static let trailer = ("x-amz-trailer", "x-amz-checksum-crc32")
    private static let trailerLine = "x-amz-checksum-crc32:\(crc32OfHelloWorld)\r\n"

    static let requests = [
        put("STREAMING-AWS4-HMAC-SHA256-PAYLOAD", 11, [], "5\r\nhello\r\n6\r\n world\r\n0\r\n\r\n"),
        put(
            "STREAMING-AWS4-HMAC-SHA256-PAYLOAD-TRAILER", 11, [trailer],
            "b\r\nhello world\r\n0\r\n\(trailerLine)\r\n"),
        put(
            "STREAMING-UNSIGNED-PAYLOAD-TRAILER", 11, [trailer], "5\r\nhello\r\n6\r\n world\r\n0\r\n\(trailerLine)\r\n"),
        put("STREAMING-UNSIGNED-PAYLOAD-TRAILER", 0, [], "0\r\n\r\n"),
        put("UNSIGNED-PAYLOAD", 5, [("content-encoding", "gzip, aws-chunked")], "5\r\nhello\r\n0\r\n\r\n"),
        put(
            "STREAMING-UNSIGNED-PAYLOAD-TRAILER", 3, [("x-amz-trailer", "x-amz-checksum-sha256")],
            "3\r\nabc\r\n0\r\n\r\n"),
    ]
}
