internal import AWSWire
internal import FakeCloud
internal import FoundationEssentials
internal import Yams

/// What a seed file names: queues with messages, and buckets with objects.
struct SeedPlan: Sendable, Hashable {
    /// A queue to make.
    struct Queue: Sendable, Hashable {
        var name = ""
        var attributes: [String: String] = [:]
        var deadLetterQueue: String?
        var maxReceives = 3
        var messages: [String] = []
    }

    /// An object to put.
    struct Object: Sendable, Hashable {
        var key = ""
        var bytes: [UInt8] = []
    }

    /// A bucket to make.
    struct Bucket: Sendable, Hashable {
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
        do throws(SQSError) {
            for queue in queues.filter({ $0.deadLetterQueue == nil }) + queues.filter({ $0.deadLetterQueue != nil }) {
                var attributes = queue.attributes
                if let target = queue.deadLetterQueue {
                    attributes["RedrivePolicy"] =
                        "{\"deadLetterTargetArn\":\"arn:aws:sqs:\(region):000000000000:\(target)\","
                        + "\"maxReceiveCount\":\(queue.maxReceives)}"
                }
                let url = try await cloud.createQueue(queue.name, attributes: attributes)
                for message in queue.messages { try await cloud.send(message, to: url) }
            }
        } catch {
            throw Self.invalid("the seed file's queues cannot be made: \(error.message)")
        }
        do throws(S3Refusal) {
            for bucket in buckets {
                try await cloud.createBucket(bucket.name)
                for object in bucket.objects {
                    try await cloud.putObject(object.bytes, at: object.key, in: bucket.name)
                }
            }
        } catch {
            throw Self.invalid("the seed file's buckets cannot be made: \(error.error.message)")
        }
    }

    private static func queue(_ node: Node, _ reader: SeedReader) throws(LabFailure) -> Queue {
        var queue = Queue()
        for (key, value) in try reader.members(node, ["name", "attributes", "dead_letter", "messages"]) {
            switch key {
            case "name": queue.name = try reader.text(value)
            case "attributes":
                for (name, value) in try reader.members(value, nil) { queue.attributes[name] = try reader.text(value) }
            case "messages":
                for element in try reader.elements(value) { queue.messages.append(try reader.text(element)) }
            default:
                for (key, value) in try reader.members(value, ["queue", "max_receives"]) {
                    if key == "queue" { queue.deadLetterQueue = try reader.text(value) }
                    if key == "max_receives" { queue.maxReceives = try reader.number(value, in: 1...1_000) }
                }
            }
        }
        guard !queue.name.isEmpty else { throw reader.failure(node, "a queue needs a name") }
        return queue
    }

    private static func bucket(
        _ node: Node, _ reader: SeedReader, _ file: (String) throws(LabFailure) -> [UInt8]
    ) throws(LabFailure) -> Bucket {
        var bucket = Bucket()
        for (key, value) in try reader.members(node, ["name", "objects"]) {
            if key == "name" { bucket.name = try reader.text(value) }
            guard key == "objects" else { continue }
            for element in try reader.elements(value) {
                var object = Object()
                for (key, value) in try reader.members(element, ["key", "text", "file"]) {
                    let text = try reader.text(value)
                    switch key {
                    case "key": object.key = text
                    case "text": object.bytes = Array(text.utf8)
                    default: object.bytes = try file(text)
                    }
                }
                guard !object.key.isEmpty else { throw reader.failure(element, "an object needs a key") }
                bucket.objects.append(object)
            }
        }
        guard !bucket.name.isEmpty else { throw reader.failure(node, "a bucket needs a name") }
        return bucket
    }

    private static func read(_ path: String) throws(LabFailure) -> [UInt8] {
        do {
            return Array(try Data(contentsOf: URL(filePath: path)))
        } catch {
            throw invalid(
                "\(path) cannot be read: \((error as? CocoaError)?.code == .fileReadNoSuchFile ? "no such file" : "\(error)")"
            )
        }
    }

    static func invalid(_ message: String) -> LabFailure {
        LabFailure(
            status: .invalidInput, message: message, nextStep: "See `lab serve --help` for the form of a seed file.")
    }
}

/// Reads nodes of a seed file, and says where what is wrong stands.
struct SeedReader: Sendable {
    let path: String

    /// The members of a mapping, in order; `known` limits their names.
    func members(_ node: Node, _ known: [String]?) throws(LabFailure) -> [(String, Node)] {
        guard let mapping = node.mapping else { throw failure(node, "expected a mapping of names to values") }
        var members: [(String, Node)] = []
        for (keyNode, value) in mapping {
            guard let key = keyNode.scalar?.string else { throw failure(keyNode, "expected a name") }
            if let known, !known.contains(key) {
                throw failure(keyNode, "there is no \"\(key)\" here; known: \(known.joined(separator: ", "))")
            }
            members.append((key, value))
        }
        return members
    }

    func elements(_ node: Node) throws(LabFailure) -> [Node] {
        guard let sequence = node.sequence else { throw failure(node, "expected a list") }
        return Array(sequence)
    }

    func text(_ node: Node) throws(LabFailure) -> String {
        guard let scalar = node.scalar else { throw failure(node, "expected text") }
        return scalar.string
    }

    func number(_ node: Node, in range: ClosedRange<Int>) throws(LabFailure) -> Int {
        guard let number = Int(try text(node)), range.contains(number) else {
            throw failure(node, "expected a number from \(range.lowerBound) to \(range.upperBound)")
        }
        return number
    }

    func failure(_ node: Node, _ reason: String) -> LabFailure {
        let place = node.mark.map { ":\($0.line):\($0.column)" } ?? ""
        return SeedPlan.invalid("\(path)\(place): \(reason)")
    }
}
