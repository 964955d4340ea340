public import HandlerSDK

/// Copies the header and the first rows of the input `csv` to the output `head.csv`, and counts all rows.
public struct TemplateHandler: JobHandler {
    /// The job's parameters: what `payload.schema.json` describes.
    public struct Payload: Decodable, Sendable {
        /// How many rows to keep; all of them when it is left out.
        public var limit: Int?
    }

    /// What the job's record keeps.
    public struct Result: Encodable, Sendable {
        /// How many rows the file has, without its header.
        public var rows: Int
        /// How many of them are in `head.csv`.
        public var kept: Int
    }

    /// The name in the manifest.
    public static let name = "template-handler"
    /// The version in the manifest.
    public static let version = "0.1.0"

    /// Makes the handler, once per process; it has no configuration.
    public init(config: JSONValue) throws(HandlerError) {}

    /// Does one job; throw a `HandlerError` to end it another way.
    public func run(_ payload: Payload, _ job: Job) async throws -> Result {
        let input = try job.input("csv")
        guard input.size > 0 else {
            throw HandlerError.invalidInput(
                code: "file-empty", message: "expected a header line, found an empty file",
                hint: "Send a CSV file with a header line.")
        }
        let output = try job.output("head.csv")
        let wanted = payload.limit.map { $0 + 1 } ?? .max
        var lines = LineCount()
        var done = 0
        for try await block in input.blocks {
            try output.write(lines.add(block, keeping: wanted))
            done += block.count
            job.progress(Double(done) / Double(input.size), "\(lines.count) lines")
        }
        job.log.info("rows counted", ["rows": "\(lines.count - 1)"])
        return Result(rows: lines.count - 1, kept: min(lines.count, wanted) - 1)
    }
}

/// Counts lines that come in blocks; the last one needs no line end.
struct LineCount {
    private var ends = 0
    private var isInLine = false

    /// How many lines there were so far.
    var count: Int { ends + (isInLine ? 1 : 0) }

    /// Takes the next block; gives its part that belongs to the first `wanted` lines.
    mutating func add(_ block: [UInt8], keeping wanted: Int) -> ArraySlice<UInt8> {
        var kept = ends < wanted ? block.count : 0
        for (place, byte) in block.enumerated() where byte == UInt8(ascii: "\n") {
            ends += 1
            if ends == wanted { kept = place + 1 }
        }
        isInLine = block.last.map { $0 != UInt8(ascii: "\n") } ?? isInLine
        return block[..<kept]
    }
}
