/// Makes new inputs of known ones, in the terms of a target.
struct InputMutator {
    let target: FuzzTarget
    let corpus: FuzzCorpus

    private static let headers = [
        ("if-match", "*"), ("if-none-match", "*"), ("range", "bytes=0-"), ("content-md5", "AAAAAAAAAAAAAAAAAAAAAA=="),
        ("x-amz-checksum-crc32", "AAAAAA=="), ("x-amz-checksum-mode", "ENABLED"), ("expect", "100-continue"),
        ("x-amz-copy-source", "data/in/a.csv?versionId=null"), ("x-amz-tagging", "a=b&c=d"), ("origin", "null"),
        ("x-amz-sdk-checksum-algorithm", "SHA256"), ("host", "data.s3.localhost:4566"), ("content-type", "text/plain"),
        ("x-amz-meta-a", "b"), ("x-amz-storage-class", "GLACIER"), ("x-amz-mp-object-size", "-5"),
    ]

    /// A new input.
    func mutate(_ input: FuzzInput, _ random: inout FuzzRandom) -> FuzzInput {
        var input = input
        if random.hits(oneIn: 5) { changeOrder(&input, &random) }
        let place = random.below(input.requests.count)
        for index in input.requests.indices where index == place || random.hits(oneIn: 4) {
            input.requests[index] = mutate(input.requests[index], &random)
        }
        return input
    }

    private func changeOrder(_ input: inout FuzzInput, _ random: inout FuzzRandom) {
        let others = corpus.requests.isEmpty ? corpus.seeds.flatMap(\.requests) : corpus.requests
        let place = random.below(input.requests.count)
        switch random.below(4) {
        case 0 where input.requests.count > 1: input.requests.remove(at: place)
        case 1: input.requests.swapAt(place, random.below(input.requests.count))
        case 2 where input.requests.count < 8: input.requests.insert(input.requests[place], at: place)
        default: if input.requests.count < 8 { input.requests.insert(random.pick(others), at: place) }
        }
    }

    private func mutate(_ request: FuzzRequest, _ random: inout FuzzRandom) -> FuzzRequest {
        var request = request
        if random.hits(oneIn: 8) {
            let header = random.pick(Self.headers)
            request[header.0] = random.hits(oneIn: 3) ? ByteMutator.text([header.1], &random) : header.1
        }
        if random.hits(oneIn: 6) { request["x-fuzz-split"] = random.pick(["1", "2", "7", "64", "4096"]) }
        switch target {
        case .json: changeJSON(&request, &random)
        case .query:
            request.body = QueryMutator(names: corpus.names, values: corpus.values).mutate(request.body, &random)
        case .xml: changeXML(&request, &random)
        case .chunked: request = ChunkedMutator.mutate(request, &random)
        case .multipart: random.hits(oneIn: 2) ? changePath(&request, &random) : changeXML(&request, &random)
        }
        return request
    }

    private func changeJSON(_ request: inout FuzzRequest, _ random: inout FuzzRandom) {
        if random.hits(oneIn: 8), let other = random.pick(corpus.requests)["x-amz-target"] {
            request["x-amz-target"] = other
        }
        request.body = JSONMutator(names: corpus.names, values: corpus.values).mutate(request.body, &random)
    }

    private func changeXML(_ request: inout FuzzRequest, _ random: inout FuzzRandom) {
        if request.body.isEmpty || random.hits(oneIn: 8) { changePath(&request, &random) }
        guard !request.body.isEmpty else { return }
        request.body = XMLMutator(names: corpus.names, values: corpus.values).mutate(request.body, &random)
    }

    private static let parameters = [
        "partNumber", "uploadId", "max-parts", "part-number-marker", "max-keys", "prefix", "delimiter", "versionId",
        "marker", "continuation-token", "uploads", "tagging", "max-uploads", "key-marker", "encoding-type",
        "attributes",
    ]

    /// Changes one parameter of the query, or a byte of the path.
    private func changePath(_ request: inout FuzzRequest, _ random: inout FuzzRandom) {
        let value = random.pick(["0", "1", "10000", "10001", "-1", "2147483648", "%00", "%", "@UPLOAD@", "a%2Fb", ""])
        switch random.below(4) {
        case 0: request.path += (request.path.contains("?") ? "&" : "?") + random.pick(Self.parameters) + "=" + value
        case 1:
            var pieces = request.path.split(separator: "=", omittingEmptySubsequences: false).map(String.init)
            pieces[pieces.count - 1] = value
            request.path = pieces.joined(separator: "=")
        case 2: request.method = random.pick(["GET", "PUT", "POST", "DELETE", "HEAD", "PATCH", "OPTIONS"])
        default:
            let allowed = ByteMutator.mutate(Array(request.path.utf8), &random).filter { (0x21...0x7E).contains($0) }
            request.path = "/" + String(decoding: allowed.drop { $0 == UInt8(ascii: "/") }, as: UTF8.self)
        }
    }
}
