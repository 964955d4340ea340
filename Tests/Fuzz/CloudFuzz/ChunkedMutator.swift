/// Changes bodies in aws-chunked as lists of frames, with the headers that speak of them.
enum ChunkedMutator {
    private static let payloads = [
        "STREAMING-AWS4-HMAC-SHA256-PAYLOAD", "STREAMING-AWS4-HMAC-SHA256-PAYLOAD-TRAILER",
        "STREAMING-UNSIGNED-PAYLOAD-TRAILER", "UNSIGNED-PAYLOAD", "STREAMING-X", "",
    ]
    private static let lines = [
        "0", "5;chunk-signature=", "ffffffffffffffff", "7fffffffffffffff", "8000000000000000", "-1", "+5", "5 ", " 5",
        "5;a=b;c", "x-amz-checksum-crc32:DUoRhQ==", "x-amz-checksum-crc32:", ":", "x-amz-trailer-signature:00", "",
        "x-amz-checksum-sha256: AAAA", "100000",
    ]

    static func mutate(_ request: FuzzRequest, _ random: inout FuzzRandom) -> FuzzRequest {
        var request = request
        if random.hits(oneIn: 3) { changeHeaders(&request, &random) }
        guard random.hits(oneIn: 2) else {
            request.body = ByteMutator.mutate(request.body, &random)
            return request
        }
        var frames = String(decoding: request.body, as: UTF8.self).split(
            separator: "\r\n", omittingEmptySubsequences: false
        ).map(String.init)
        let place = random.below(frames.count)
        switch random.below(6) {
        case 0: frames.remove(at: place)
        case 1: frames.insert(frames[place], at: random.below(frames.count))
        case 2: frames.insert(random.pick(lines), at: place)
        case 3: frames[place] = random.pick(lines)
        case 4:
            let data = String(repeating: "d", count: random.below(random.hits(oneIn: 20) ? 200_000 : 500))
            frames.insert(contentsOf: [String(data.utf8.count, radix: 16), data], at: 0)
        default: frames.swapAt(place, random.below(frames.count))
        }
        request.body = Array(frames.joined(separator: random.hits(oneIn: 10) ? "\n" : "\r\n").utf8)
        return request
    }

    private static func changeHeaders(_ request: inout FuzzRequest, _ random: inout FuzzRandom) {
        switch random.below(6) {
        case 0: request["x-amz-content-sha256"] = random.pick(payloads)
        case 1: request["x-amz-decoded-content-length"] = random.pick(["0", "11", "-1", "x", "9223372036854775808"])
        case 2: request["content-encoding"] = random.pick(["aws-chunked", "gzip,aws-chunked", "aws-chunked,br", ""])
        case 3: request["x-amz-trailer"] = random.pick(["x-amz-checksum-crc32", "X-Amz-Checksum-SHA1", "x-a", ""])
        case 4: request["x-amz-decoded-content-length"] = nil
        default: request["x-amz-sdk-checksum-algorithm"] = random.pick(["CRC32", "CRC64NVME", "SHA1", "MD5"])
        }
    }
}
