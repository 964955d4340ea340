import JobCore
import Synchronization

/// What the handlers of all runs measured, put together; bounded.
final class HandlerMetricTotals: Sendable {
    private static let seriesLimit = 2_000

    private let totals = Mutex(HandlerMetrics(seriesLimit: seriesLimit))

    var current: HandlerMetrics { totals.withLock { $0 } }

    func add(_ metrics: HandlerMetrics, of handler: String) {
        totals.withLock { $0.add(metrics, label: "handler", value: handler) }
    }
}
