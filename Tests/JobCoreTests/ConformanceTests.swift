import JobCore
import JobTestKit
import Testing

@Suite("In-memory adapters keep the rules of their ports")
struct ConformanceTests {
    @Test("Job store", arguments: JobStoreConformance.Rule.allCases)
    func jobStore(rule: JobStoreConformance.Rule) async throws {
        try await JobStoreConformance(store: InMemoryJobStore()).run(rule)
    }

    @Test("Handler state", arguments: HandlerStateStoreConformance.Rule.allCases)
    func handlerState(rule: HandlerStateStoreConformance.Rule) async throws {
        try await HandlerStateStoreConformance(store: InMemoryJobStore()).run(rule)
    }

    @Test("Message queue", arguments: MessageQueueConformance.Rule.allCases)
    func messageQueue(rule: MessageQueueConformance.Rule) async throws {
        try await MessageQueueConformance(queue: InMemoryMessageQueue(clock: ManualClock())).run(rule)
    }

    @Test("Object store", arguments: ObjectStoreConformance.Rule.allCases)
    func objectStore(rule: ObjectStoreConformance.Rule) async throws {
        try await TemporaryDirectory.with { directory in
            try await ObjectStoreConformance(store: InMemoryObjectStore(), bucket: "b", directory: directory).run(rule)
        }
    }
}
