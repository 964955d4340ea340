import Foundation

/// The requests that mutation starts from, and the words found in them.
package struct FuzzCorpus: Sendable {
    /// Inputs that the server is meant to understand.
    package let seeds: [FuzzInput]
    /// Single requests, for sequences.
    let requests: [FuzzRequest]
    /// Names of members, parameters and elements.
    var names: [String] = []
    /// Values that stand somewhere in the seeds.
    var values: [String] = []

    /// Why a corpus cannot be read.
    package struct Failure: Error, CustomStringConvertible {
        /// What was expected and where.
        package let description: String
    }

    /// Reads the captured requests of `Fixtures/wire` for a target, and adds those that nobody captured.
    package init(_ target: FuzzTarget, wireFolder: String) throws {
        let captured: [FuzzRequest]
        switch target {
        case .json: captured = try Self.captures(wireFolder, ["boto3", "awscli"]) { $0.hasPrefix("sqs-") }
        case .query: captured = try Self.captures(wireFolder, ["query/boto3"]) { $0.hasPrefix("sqs-") }
        case .xml:
            captured = try Self.captures(wireFolder, ["boto3"]) { $0 == "s3-DeleteObjects" || $0 == "s3-CreateBucket" }
        case .chunked, .multipart: captured = []
        }
        requests = captured + SampleRequests.of(target)
        seeds = requests.map { FuzzInput([$0]) } + SampleRequests.sequences(of: target)
        guard !seeds.isEmpty else { throw Failure(description: "there is no seed for \(target.rawValue)") }
        for request in seeds.flatMap(\.requests) { collectWords(request, target) }
        names = Set(names).sorted()
        values = Set(values).sorted()
    }

    private static func captures(
        _ folder: String, _ clients: [String], isWanted: (String) -> Bool
    ) throws -> [FuzzRequest] {
        try clients.flatMap { client in
            let path = folder + "/" + client
            let files = try FileManager.default.contentsOfDirectory(atPath: path).filter { $0.hasSuffix(".head") }
            return try files.map { String($0.dropLast(5)) }.filter(isWanted).sorted().map { name in
                let head = try Data(contentsOf: URL(filePath: "\(path)/\(name).head"))
                let body = try Data(contentsOf: URL(filePath: "\(path)/\(name).body"))
                guard let request = request(head: Array(head), body: Array(body)) else {
                    throw Failure(description: "\(path)/\(name).head is not the head of a request")
                }
                return request
            }
        }
    }

    private static let kept = ["content-type", "x-amz-target", "content-md5", "x-amz-sdk-checksum-algorithm"]

    private static func request(head: [UInt8], body: [UInt8]) -> FuzzRequest? {
        let lines = String(decoding: head, as: UTF8.self).split(separator: "\r\n")
        guard let words = lines.first?.split(separator: " "), words.count == 3 else { return nil }
        var request = FuzzRequest(String(words[0]), String(words[1]), body: body)
        for line in lines.dropFirst() {
            let parts = line.split(separator: ":", maxSplits: 1)
            guard parts.count == 2, kept.contains(parts[0].lowercased()) else { continue }
            request[parts[0].lowercased()] = String(parts[1].drop { $0 == " " })
        }
        return request
    }

    private mutating func collectWords(_ request: FuzzRequest, _ target: FuzzTarget) {
        switch target {
        case .json: JSONMutator.collectWords(request.body, &names, &values)
        case .query: QueryMutator.collectWords(request.body, &names, &values)
        case .xml, .multipart: XMLMutator.collectWords(request.body, &names, &values)
        case .chunked: break
        }
    }
}
