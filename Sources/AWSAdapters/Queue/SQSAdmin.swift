internal import AWSWire
package import JobCore

/// The calls about queues as such that commands need.
package struct SQSAdmin: Sendable {
    private let client: AWSClient
    private let caller: SQSCaller

    /// Makes the calls of a client.
    package init(client: AWSClient) {
        self.client = client
        caller = SQSCaller(client: client)
    }

    /// The URL of a queue by its name.
    ///
    /// - Throws: `notFound` when there is none.
    package func queueURL(named name: String) async throws(DependencyError) -> String {
        try await caller.call(GetQueueURLRequest(queueName: name), about: name).queueURL
    }

    /// A queue by its name.
    ///
    /// - Throws: `notFound` when there is none.
    package func queue(named name: String) async throws(DependencyError) -> SQSMessageQueue {
        SQSMessageQueue(name: name, queueURL: try await queueURL(named: name), client: client)
    }

    /// Creates a queue, or finds the one that has these attributes already; returns its URL.
    ///
    /// - Throws: `invalid` when a queue of that name has other attributes.
    package func createQueue(
        named name: String, attributes: [String: String] = [:]
    ) async throws(DependencyError) -> String {
        try await caller.call(CreateQueueRequest(queueName: name, attributes: attributes), about: name).queueURL
    }

    /// Changes attributes by their API names and leaves the others.
    package func setAttributes(
        _ attributes: [String: String], ofQueueAt url: String
    ) async throws(DependencyError) {
        _ = try await caller.call(SetQueueAttributesRequest(queueURL: url, attributes: attributes), about: url)
    }

    /// Reads all attributes by their API names.
    package func attributes(ofQueueAt url: String) async throws(DependencyError) -> [String: String] {
        try await caller.call(GetQueueAttributesRequest(queueURL: url, attributeNames: ["All"]), about: url).attributes
    }

    /// The URLs of the queues whose names start with `prefix`, at most `limit`.
    package func queueURLs(prefix: String, limit: Int = 10_000) async throws(DependencyError) -> [String] {
        var urls: [String] = []
        var token: String?
        repeat {
            let request = ListQueuesRequest(
                queueNamePrefix: prefix.isEmpty ? nil : prefix, maxResults: min(limit, 1000), nextToken: token)
            let page = try await caller.call(request, about: prefix + "*")
            urls += page.queueURLs
            token = page.nextToken
        } while token != nil && urls.count < limit
        return Array(urls.prefix(limit))
    }

    /// Deletes a queue with all its messages.
    package func deleteQueue(at url: String) async throws(DependencyError) {
        _ = try await caller.call(DeleteQueueRequest(queueURL: url), about: url)
    }

    /// Deletes all messages of a queue.
    package func purgeQueue(at url: String) async throws(DependencyError) {
        _ = try await caller.call(PurgeQueueRequest(queueURL: url), about: url)
    }
}
