import JobCore
import JobTestKit
import Testing

@testable import SQLiteJobStore

@Suite("SQLite job store: the rules of every job store")
struct SQLiteJobStoreConformanceTests {
    @Test("Rule", arguments: JobStoreConformance.Rule.allCases)
    func conformance(rule: JobStoreConformance.Rule) async throws {
        try await withStore { store in try await JobStoreConformance(store: store).run(rule) }
    }

    @Test("Rule of handler state", arguments: HandlerStateStoreConformance.Rule.allCases)
    func handlerState(rule: HandlerStateStoreConformance.Rule) async throws {
        try await withStore { store in try await HandlerStateStoreConformance(store: store).run(rule) }
    }
}
