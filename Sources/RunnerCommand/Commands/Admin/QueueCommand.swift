import AWSAdapters
import ArgumentParser
import JobCore
import PureJSON

/// `headrace queue`: the queues of a runner.
struct QueueCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "queue", abstract: "Create the runner's queues, and show how full they are.",
        subcommands: [Status.self, Create.self])

    /// `headrace queue status`.
    struct Status: AsyncParsableCommand {
        static let configuration = CommandConfiguration(abstract: "Show both queues' depths and settings.")

        @OptionGroup var global: GlobalOptions

        func run() async throws {
            let session = try global.session()
            let composition = Composition(session)
            let queue = try await composition.queue()
            let deadLetters = try await composition.deadLetterQueue()
            do {
                let rows = [
                    (queue.name, "jobs", try await queue.attributes()),
                    (deadLetters.name, "dead letters", try await deadLetters.attributes()),
                ]
                show(rows, session.console)
            } catch {
                throw CommandFailure(error)
            }
        }

        private func show(_ rows: [(name: String, role: String, attributes: QueueAttributes)], _ console: Console) {
            if console.writesJSON {
                return console.json(.array(rows.map { QueueText.json($0.name, role: $0.role, $0.attributes) }))
            }
            var table = TextTable([
                .init(title: "QUEUE", overflow: .truncate), .init(title: "ROLE"),
                .init(title: "WAITING", alignment: .right), .init(title: "IN FLIGHT", alignment: .right),
                .init(title: "DELAYED", alignment: .right), .init(title: "VISIBILITY", alignment: .right),
                .init(title: "RECEIVES", alignment: .right), .init(title: "RETENTION", alignment: .right),
            ])
            for (name, role, attributes) in rows {
                table.add([
                    .init(name), .init(role), .init(HumanFormat.count(attributes.visibleCount)),
                    .init(HumanFormat.count(attributes.inFlightCount)),
                    .init(HumanFormat.count(attributes.delayedCount)),
                    .init(ConfigurationText.text(attributes.visibilityTimeout)),
                    .init(attributes.maxReceiveCount.map { String($0) } ?? "no limit"),
                    .init(ConfigurationText.text(attributes.retention)),
                ])
            }
            console.table(table)
        }
    }

    /// `headrace queue create`.
    struct Create: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Create both queues, or bring existing ones to the configured settings.",
            discussion: """
                Sets visibility, long polling, retention and a redrive policy to the dead-letter queue as \
                headrace.yml says. Messages stay. Buckets are not created here.
                """)

        @OptionGroup var global: GlobalOptions

        func run() async throws {
            let session = try global.session()
            let admin = try await Composition(session).queueAdmin()
            let plan = QueuePlan(session.configuration)
            let settings = session.configuration
            do {
                let (deadURL, deadIsNew) = try await ensure(settings.deadLetter.name, plan.deadLetterAttributes, admin)
                let arn = try await admin.attributes(ofQueueAt: deadURL)["QueueArn"] ?? ""
                let attributes = plan.jobAttributes(deadLetterARN: arn)
                let (url, isNew) = try await ensure(settings.queue.name, attributes, admin)
                report([(url, isNew), (deadURL, deadIsNew)], session.console)
            } catch {
                throw CommandFailure(error)
            }
        }

        private func ensure(
            _ name: String, _ attributes: [String: String], _ admin: SQSAdmin
        ) async throws(DependencyError) -> (url: String, isNew: Bool) {
            do {
                let url = try await admin.queueURL(named: name)
                // Whether a queue is FIFO is decided when it is created.
                try await admin.setAttributes(attributes.filter { $0.key != "FifoQueue" }, ofQueueAt: url)
                return (url, false)
            } catch {
                guard error.kind == .notFound else { throw error }
                return (try await admin.createQueue(named: name, attributes: attributes), true)
            }
        }

        private func report(_ queues: [(url: String, isNew: Bool)], _ console: Console) {
            if console.writesJSON {
                return console.json(
                    .array(queues.map { ["queue_url": .string($0.url), "created": .bool($0.isNew)] }))
            }
            for (url, isNew) in queues { console.out.line("\(isNew ? "created" : "updated")  \(url)") }
        }
    }
}

/// How a queue looks to programs.
enum QueueText {
    /// The queue as `--json` shows it.
    static func json(_ name: String, role: String, _ attributes: QueueAttributes) -> JSONValue {
        [
            "name": .string(name), "role": .string(role), "visible": .integer(Int64(attributes.visibleCount)),
            "in_flight": .integer(Int64(attributes.inFlightCount)),
            "delayed": .integer(Int64(attributes.delayedCount)),
            "visibility_timeout_seconds": .integer(attributes.visibilityTimeout.secondsRoundedUp),
            "retention_seconds": .integer(attributes.retention.secondsRoundedUp),
            "maximum_message_size": .integer(Int64(attributes.maximumMessageSize)),
            "max_receive_count": attributes.maxReceiveCount.map { .integer(Int64($0)) } ?? .null,
            "dead_letter_queue": attributes.deadLetterQueueName.map { .string($0) } ?? .null,
        ]
    }
}
