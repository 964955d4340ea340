import HostProtocol
import JobCore

/// The run that a host process is doing.
struct RunInFlight {
    var order: HostChild.Order
    var invocation: HandlerInvocation
    var number: UInt64
    var watch: RunWatch
    var startedAt: Int64
    var measuredAt: Int64
    /// What the process had used before the run.
    var processorTimeBefore: Int64
    var isMeasured: Bool
    var lastProgress: String?
    /// The state request that has no answer yet.
    var openRequest: UInt64?
    var metrics = HandlerMetrics(seriesLimit: MetricRules.seriesLimit)
    var metricCallsLeft = MetricRules.callLimit
    var directory: RunDirectory

    /// Takes a measurement that is within the rules; the process need not keep them by itself.
    mutating func add(_ metric: HostMetric) {
        guard metricCallsLeft > 0, MetricRules.isWellFormed(metric),
            let kind = HandlerMeasurement.Kind(rawValue: metric.kind)
        else { return }
        metricCallsLeft -= 1
        let labels = Dictionary(metric.labels.map { ($0.key, $0.value) }) { _, later in later }
        metrics.add(HandlerMeasurement(kind: kind, name: metric.name, labels: labels, value: metric.value))
    }
}
