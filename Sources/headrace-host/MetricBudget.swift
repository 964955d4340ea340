import CHandlerABI
import HostProtocol

/// Keeps the measurements of one run within bounds: series, labels, lengths, and a number of calls.
///
/// The runner holds them to the same bounds, for it need not trust this process; here the handler is told.
struct MetricBudget: Sendable {
    private var series: Set<String> = []
    private var callsLeft = MetricRules.callLimit

    /// `JH_OK` for a measurement to send, else a `JH_E_` code.
    mutating func check(_ metric: HostMetric) -> Int32 {
        guard MetricRules.isWellFormed(metric) else { return JH_E_ARGUMENT }
        let key = MetricRules.series(metric)
        guard callsLeft > 0, series.contains(key) || series.count < MetricRules.seriesLimit else { return JH_E_LIMIT }
        callsLeft -= 1
        series.insert(key)
        return JH_OK
    }
}
