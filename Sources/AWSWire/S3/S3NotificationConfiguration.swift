/// Which events of a bucket are told to which queues, in both directions.
package struct S3NotificationConfiguration: S3Document {
    /// The events that one queue is told.
    package struct Queue: Sendable, Hashable {
        /// The configuration's name.
        package var id: String
        /// The queue's ARN.
        package var arn: String
        /// Events such as `s3:ObjectCreated:*`.
        package var events: [String]
        /// What keys start with.
        package var prefix: String?
        /// What keys end with.
        package var suffix: String?

        /// Makes a configuration.
        package init(id: String, arn: String, events: [String], prefix: String? = nil, suffix: String? = nil) {
            self.id = id
            self.arn = arn
            self.events = events
            self.prefix = prefix
            self.suffix = suffix
        }
    }

    /// The queues.
    package var queues: [Queue]
    /// Elements for other receivers, such as topics, by name.
    package var others: [String]

    /// Makes a configuration.
    package init(queues: [Queue] = [], others: [String] = []) {
        self.queues = queues
        self.others = others
    }

    /// Reads a `<NotificationConfiguration>` document.
    package init(xml: XMLElement) throws(S3CodecError) {
        try xml.requireRoot("NotificationConfiguration")
        queues = []
        for entry in xml.all("QueueConfiguration") {
            var queue = Queue(
                id: entry["Id"]?.text ?? "", arn: try entry.requiredText("Queue"),
                events: entry.all("Event").map(\.text))
            for rule in entry["Filter"]?["S3Key"]?.all("FilterRule") ?? [] {
                let name = try rule.requiredText("Name")
                switch name.lowercased() {
                case "prefix": queue.prefix = try rule.requiredText("Value")
                case "suffix": queue.suffix = try rule.requiredText("Value")
                default: throw .wrongValue(element: "Name", expected: "prefix or suffix", found: name)
                }
            }
            queues.append(queue)
        }
        others = xml.children.map(\.name).filter { $0 != "QueueConfiguration" }
    }

    /// The `<NotificationConfiguration>` document.
    package var xml: XMLElement {
        let entries = queues.map { queue in
            let rules = [("Prefix", queue.prefix), ("Suffix", queue.suffix)].compactMap { name, value in
                value.map { XMLElement("FilterRule", [XMLElement("Name", name), XMLElement("Value", $0)]) }
            }
            let filter = rules.isEmpty ? nil : XMLElement("Filter", [XMLElement("S3Key", rules)])
            return XMLElement(
                "QueueConfiguration",
                [XMLElement("Id", queue.id), XMLElement("Queue", queue.arn)]
                    + queue.events.map { XMLElement("Event", $0) } + [filter])
        }
        return XMLElement("NotificationConfiguration", entries + others.map { XMLElement($0, "") })
    }
}
