internal import AWSWire
internal import HTTPTypes
internal import JobCore
internal import PureJSON

extension LabRoutes {
    /// `GET /_lab/queues`.
    func answerQueues() -> HTTPAnswer {
        let (queues, now) = laboratory.queues.summaries()
        return Self.answer(["now": .string(now.rfc3339), "queues": .array(queues.map { $0.json(at: now) })])
    }

    /// `GET /_lab/queues/NAME/messages`.
    func answerMessages(_ visitor: Visitor) throws(LabRefusal) -> HTTPAnswer {
        let name = visitor.path[1]
        let limit = try visitor.integer("limit", in: 0...10_000) ?? 100
        guard let peek = laboratory.queues.peek(at: name) else {
            throw LabRefusal(404, "there is no queue \"\(name)\"; GET /_lab/queues lists them")
        }
        let messages: [StoredMessage]
        switch visitor.query["state"] {
        case nil, "": messages = peek.visible + peek.inFlight + peek.delayed
        case "visible": messages = peek.visible
        case "in-flight": messages = peek.inFlight
        case "delayed": messages = peek.delayed
        default: throw .malformed("state must be visible, in-flight or delayed")
        }
        let now = laboratory.clock.now()
        return Self.answer([
            "queue": .string(name), "now": .string(now.rfc3339), "count": .integer(Int64(messages.count)),
            "messages": .array(messages.prefix(limit).map { $0.labJSON(at: now) }),
        ])
    }

    /// `GET /_lab/objects`.
    func answerObjects(_ visitor: Visitor) throws(LabRefusal) -> HTTPAnswer {
        do throws(S3Refusal) {
            guard let bucket = visitor.query["bucket"], !bucket.isEmpty else {
                let buckets = try laboratory.objects.read { (service) throws(S3Refusal) in service.listBuckets() }
                return Self.answer([
                    "buckets": .array(
                        buckets.map { ["name": .string($0.name), "created_at": .string($0.createdAt.rfc3339)] })
                ])
            }
            var order = ListingOrder()
            order.prefix = visitor.query["prefix"] ?? ""
            order.startAfter = visitor.query["after"]
            let page = try laboratory.objects.read { [order] (service) throws(S3Refusal) in
                try service.list(bucket, order)
            }
            let objects = page.objects.map { object -> JSONValue in
                [
                    "key": .string(object.key), "size_bytes": .integer(object.sizeBytes),
                    "etag": .string(object.etag), "modified_at": .string(object.lastModified.rfc3339),
                ]
            }
            return Self.answer([
                "bucket": .string(bucket), "objects": .array(objects), "is_truncated": .bool(page.isTruncated),
            ])
        } catch {
            throw LabRefusal(error.status, error.error.message)
        }
    }

    /// `GET /_lab/journal`.
    func answerJournal(_ visitor: Visitor) async throws(LabRefusal) -> HTTPAnswer {
        let journal = laboratory.journal
        let limit = try visitor.integer("limit", in: 1...10_000) ?? 100
        let follows = ["1", "true"].contains(visitor.query["follow"] ?? "")
        let last = journal.lastNumber
        let start = last - min(last, follows ? 0 : UInt64(limit))
        let since = try visitor.integer("since", in: 0...Int.max).map { UInt64($0) } ?? start
        guard follows else {
            let page = journal.entries(after: since, limit: limit)
            return Self.answer([
                "last": .integer(Int64(clamping: page.last)), "lost": .integer(Int64(clamping: page.lost)),
                "capacity": .integer(Int64(journal.capacity)), "entries": .array(page.entries.map(\.json)),
            ])
        }
        var head = HTTPResponse(status: .ok)
        head.headerFields[.contentType] = "application/x-ndjson"
        head.headerFields[.cacheControl] = "no-store"
        let connection = await visitor.connection()
        return HTTPAnswer(
            head,
            .lines { write in
                let wakeup = Wakeup()
                let id = journal.register(wakeup)
                let registration = connection?.onLoss { wakeup.signal() }
                defer {
                    journal.unregister(id)
                    registration.map { connection?.forget($0) }
                }
                var since = since
                while !journal.isClosed, connection?.isLost != true {
                    let page = journal.entries(after: since, limit: 500)
                    since = page.last
                    if page.entries.isEmpty {
                        await wakeup.wait()
                    } else {
                        try await write(page.entries.map { $0.json.serialized() + "\n" }.joined())
                    }
                }
            })
    }
}
