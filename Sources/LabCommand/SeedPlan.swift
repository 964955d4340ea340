internal import AWSWire
internal import FakeCloud
internal import FoundationEssentials
internal import Yams

/// What a seed file names: queues with messages, and buckets with objects.
struct SeedPlan: Sendable, Hashable {
    /// A queue to make.
    struct Queue: Sendable, Hashable {
        /// Where the file names it: path, line and column.
        var place = ""
        var name = ""
        var attributes: [String: String] = [:]
        var deadLetterQueue: String?
        var maxReceives = 3
        var messages: [String] = []
    }

    /// An object to put.
    struct Object: Sendable, Hashable {
        /// Where the file names it: path, line and column.
        var place = ""
        var key = ""
        var bytes: [UInt8] = []
    }

    /// A bucket to make.
    struct Bucket: Sendable, Hashable {
        /// Where the file names it: path, line and column.
        var place = ""
        var name = ""
        var objects: [Object] = []
    }

    /// The queues, in the order of the file.
    private(set) var queues: [Queue] = []
    /// The buckets, in the order of the file.
    private(set) var buckets: [Bucket] = []

    /// Reads a file; paths of objects in it start from its folder.
    init(path: String) throws(LabFailure) {
        let text = String(decoding: try Self.read(path), as: UTF8.self)
        let folder = path.lastIndex(of: "/").map { String(path[...$0]) } ?? ""
        try self.init(text: text, path: path) { (file) throws(LabFailure) in
            try Self.read(file.hasPrefix("/") ? file : folder + file)
        }
    }

    /// Reads a text; `file` gives the bytes of a file that an object names.
    init(text: String, path: String, file: (String) throws(LabFailure) -> [UInt8]) throws(LabFailure) {
        let root: Node?
        do {
            root = try Yams.compose(yaml: text)
        } catch let error as YamlError {
            throw SeedReader(path: path).failure(error)
        } catch {
            throw Self.invalid("\(path) is not YAML: \(error)")
        }
        guard let root else { return }
        let reader = SeedReader(path: path)
        for (key, value) in try reader.members(root, ["queues", "buckets"]) {
            if key == "queues" {
                for node in try reader.elements(value) { queues.append(try Self.queue(node, reader)) }
            } else {
                for node in try reader.elements(value) { buckets.append(try Self.bucket(node, reader, file)) }
            }
        }
    }

    /// Makes everything; queues that dead-letter to others come after them.
    func apply(to cloud: FakeCloudAdministration, region: String) async throws(LabFailure) {
        for queue in queues.filter({ $0.deadLetterQueue == nil }) + queues.filter({ $0.deadLetterQueue != nil }) {
            do throws(SQSError) {
                try await Self.make(queue, in: cloud, region: region)
            } catch {
                throw Self.invalid("\(queue.place): the queue \"\(queue.name)\" cannot be made: \(error.message)")
            }
        }
        for bucket in buckets {
            do throws(S3Refusal) {
                try await cloud.createBucket(bucket.name)
            } catch {
                let reason = error.error.message
                throw Self.invalid("\(bucket.place): the bucket \"\(bucket.name)\" cannot be made: \(reason)")
            }
            for object in bucket.objects {
                do throws(S3Refusal) {
                    try await cloud.putObject(object.bytes, at: object.key, in: bucket.name)
                } catch {
                    let reason = error.error.message
                    throw Self.invalid("\(object.place): the object \"\(object.key)\" cannot be put: \(reason)")
                }
            }
        }
    }

    private static func make(
        _ queue: Queue, in cloud: FakeCloudAdministration, region: String
    ) async throws(SQSError) {
        var attributes = queue.attributes
        if let target = queue.deadLetterQueue {
            attributes["RedrivePolicy"] =
                "{\"deadLetterTargetArn\":\"arn:aws:sqs:\(region):000000000000:\(target)\","
                + "\"maxReceiveCount\":\(queue.maxReceives)}"
        }
        let url = try await cloud.createQueue(queue.name, attributes: attributes)
        for message in queue.messages { try await cloud.send(message, to: url) }
    }

    private static func queue(_ node: Node, _ reader: SeedReader) throws(LabFailure) -> Queue {
        var queue = Queue(place: reader.place(of: node))
        for (key, value) in try reader.members(node, ["name", "attributes", "dead_letter", "messages"]) {
            switch key {
            case "name": queue.name = try reader.text(value)
            case "attributes":
                for (name, value) in try reader.members(value, nil) { queue.attributes[name] = try reader.text(value) }
            case "messages":
                for element in try reader.elements(value) { queue.messages.append(try reader.text(element)) }
            default:
                for (key, member) in try reader.members(value, ["queue", "max_receives"]) {
                    if key == "queue" { queue.deadLetterQueue = try reader.text(member) }
                    if key == "max_receives" { queue.maxReceives = try reader.number(member, in: 1...1_000) }
                }
                guard queue.deadLetterQueue != nil else {
                    throw reader.failure(value, "a dead-letter queue needs a \"queue\"")
                }
            }
        }
        guard !queue.name.isEmpty else { throw reader.failure(node, "a queue needs a \"name\"") }
        return queue
    }

    private static func bucket(
        _ node: Node, _ reader: SeedReader, _ file: (String) throws(LabFailure) -> [UInt8]
    ) throws(LabFailure) -> Bucket {
        var bucket = Bucket(place: reader.place(of: node))
        for (key, value) in try reader.members(node, ["name", "objects"]) {
            if key == "name" { bucket.name = try reader.text(value) }
            guard key == "objects" else { continue }
            for element in try reader.elements(value) { bucket.objects.append(try object(element, reader, file)) }
        }
        guard !bucket.name.isEmpty else { throw reader.failure(node, "a bucket needs a \"name\"") }
        return bucket
    }

    private static func object(
        _ node: Node, _ reader: SeedReader, _ file: (String) throws(LabFailure) -> [UInt8]
    ) throws(LabFailure) -> Object {
        var object = Object(place: reader.place(of: node))
        var contents: [String] = []
        for (key, value) in try reader.members(node, ["key", "text", "file"]) {
            let text = try reader.text(value)
            if key == "key" {
                object.key = text
                continue
            }
            contents.append(key)
            guard key == "file" else {
                object.bytes = Array(text.utf8)
                continue
            }
            do throws(LabFailure) {
                object.bytes = try file(text)
            } catch {
                throw reader.failure(value, error.message)
            }
        }
        guard !object.key.isEmpty else { throw reader.failure(node, "an object needs a \"key\"") }
        guard contents.count == 1 else {
            let found = contents.isEmpty ? "neither" : "both"
            throw reader.failure(node, "an object needs either \"text\" or \"file\", found \(found)")
        }
        return object
    }

    private static func read(_ path: String) throws(LabFailure) -> [UInt8] {
        do {
            return Array(try Data(contentsOf: URL(filePath: path)))
        } catch {
            let isMissing = (error as? CocoaError)?.code == .fileReadNoSuchFile
            throw invalid("\(path) cannot be read: \(isMissing ? "no such file" : "\(error)")")
        }
    }

    static func invalid(_ message: String) -> LabFailure {
        LabFailure(
            status: .invalidInput, message: message, nextStep: "See `lab serve --help` for the form of a seed file.")
    }
}
