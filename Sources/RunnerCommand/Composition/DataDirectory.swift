import JobCore
import PureJSON

/// The folder of one machine's own cloud: what `headrace up` keeps, and how other commands find it.
///
/// ```
/// DIR/endpoint.json   where the embedded S3 and SQS answer, and their queue and bucket
/// DIR/credentials     an AWS shared credentials file, mode 0600, made once
/// DIR/cloud/          messages and objects
/// DIR/headrace.db     the job database
/// DIR/scratch/        local files of running jobs
/// ```
struct DataDirectory: Sendable, Hashable {
    /// The folder that is used when no flag names one.
    static let defaultPath = ".headrace"

    /// The folder.
    let path: String

    /// Takes a folder that need not exist yet.
    init(_ path: String) {
        var trimmed = path
        while trimmed.count > 1, trimmed.hasSuffix("/") { trimmed.removeLast() }
        self.path = trimmed
    }

    var endpointFile: String { path + "/endpoint.json" }
    var credentialsFile: String { path + "/credentials" }
    var cloudDirectory: String { path + "/cloud" }
    var databaseFile: String { path + "/headrace.db" }
    var scratchDirectory: String { path + "/scratch" }
    var lockFile: String { path + "/lock" }

    /// Where an embedded cloud answers.
    struct Endpoint: Sendable, Hashable {
        var url: String
        var region: String
        var queue: String
        var deadLetterQueue: String
        var bucket: String
        /// The process that serves it, or served it last.
        var processID: Int32
    }

    /// Reads the endpoint; `nil` when `headrace up` never ran here.
    func endpoint() throws(CommandFailure) -> Endpoint? {
        guard let text = try LocalFile.read(endpointFile) else { return nil }
        let value: JSONValue
        do {
            value = try JSONValue(parsing: text)
        } catch {
            throw damaged("\(error)")
        }
        guard let url = value["endpoint_url"]?.stringValue, let region = value["region"]?.stringValue,
            let queue = value["queue"]?.stringValue, let deadLetters = value["dead_letter_queue"]?.stringValue,
            let bucket = value["bucket"]?.stringValue,
            let pid = value["pid"]?.integerValue.flatMap({ Int32(exactly: $0) })
        else { throw damaged("a member is missing") }
        return Endpoint(
            url: url, region: region, queue: queue, deadLetterQueue: deadLetters, bucket: bucket, processID: pid)
    }

    /// Writes the endpoint for other commands to find.
    func write(_ endpoint: Endpoint) throws(CommandFailure) {
        let value: JSONValue = [
            "endpoint_url": .string(endpoint.url), "region": .string(endpoint.region),
            "credentials_file": .string(LocalFile.absolute(credentialsFile)), "queue": .string(endpoint.queue),
            "dead_letter_queue": .string(endpoint.deadLetterQueue), "bucket": .string(endpoint.bucket),
            "pid": .integer(Int64(endpoint.processID)),
        ]
        try LocalFile.write(value.serialized(.pretty) + "\n", to: endpointFile)
    }

    /// The key pair that clients of the embedded cloud sign with.
    struct Keys: Sendable, Hashable {
        let accessKeyID: String
        let secretAccessKey: String
    }

    /// Reads the key pair; `nil` when there is none yet.
    func keys() throws(CommandFailure) -> Keys? {
        guard let text = try LocalFile.read(credentialsFile) else { return nil }
        var values: [String: String] = [:]
        for line in text.split(separator: "\n") {
            guard let equals = line.firstIndex(of: "=") else { continue }
            let name = line[..<equals].filter { $0 != " " }
            values[String(name)] = String(line[line.index(after: equals)...].drop { $0 == " " })
        }
        guard let id = values["aws_access_key_id"], let secret = values["aws_secret_access_key"], !id.isEmpty,
            !secret.isEmpty
        else {
            throw CommandFailure(
                .configuration, "\(credentialsFile) holds no key pair",
                next: "Delete it; the next `headrace up` makes a new one.")
        }
        return Keys(accessKeyID: id, secretAccessKey: secret)
    }

    /// Reads the key pair, or makes one and keeps it readable for its owner alone.
    func keysMadeOnce() throws(CommandFailure) -> Keys {
        if let keys = try keys() { return keys }
        var generator = SystemRandomNumberGenerator()
        let id = Self.randomText(18, of: "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567", &generator)
        let letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789"
        let keys = Keys(accessKeyID: "HR" + id, secretAccessKey: Self.randomText(40, of: letters, &generator))
        let text = """
            # Made by `headrace up` for the embedded S3 and SQS of this folder; good for nothing else.
            [default]
            aws_access_key_id = \(keys.accessKeyID)
            aws_secret_access_key = \(keys.secretAccessKey)

            """
        try LocalFile.write(text, to: credentialsFile, mode: 0o600)
        return keys
    }

    private static func randomText(
        _ count: Int, of letters: String, _ generator: inout SystemRandomNumberGenerator
    ) -> String {
        let choices = Array(letters)
        return String((0..<count).map { _ in choices[Int.random(in: 0..<choices.count, using: &generator)] })
    }

    private func damaged(_ reason: String) -> CommandFailure {
        CommandFailure(
            .configuration, "\(endpointFile) is not what `headrace up` writes: \(reason)",
            next: "Delete it and start `headrace up --data \(path)` again.")
    }
}
