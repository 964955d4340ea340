/// Measurements of one run, for the runner's `/metrics`.
///
/// A measurement that the runner does not take (too many names, a name that Prometheus would refuse, a runner that is
/// too old) is named in the log and never fails the run.
public struct JobMetrics: Sendable {
    let backend: any JobBackend

    /// Adds to a counter.
    ///
    /// - Parameters:
    ///   - name: as in Prometheus, without the runner's prefix, such as `rows_read`.
    ///   - amount: how much; not below 0.
    ///   - labels: few names with few values each.
    public func count(_ name: String, by amount: Double = 1, _ labels: [String: String] = [:]) {
        backend.record(.counter, name, amount, labels: labels)
    }

    /// Sets a gauge.
    ///
    /// - Parameters:
    ///   - name: as in Prometheus.
    ///   - value: the value from now on.
    ///   - labels: few names with few values each.
    public func gauge(_ name: String, _ value: Double, _ labels: [String: String] = [:]) {
        backend.record(.gauge, name, value, labels: labels)
    }

    /// Adds an observation to a histogram.
    ///
    /// - Parameters:
    ///   - name: as in Prometheus, with its unit, such as `lookup_seconds`.
    ///   - value: the observation.
    ///   - labels: few names with few values each.
    public func observe(_ name: String, _ value: Double, _ labels: [String: String] = [:]) {
        backend.record(.histogram, name, value, labels: labels)
    }
}

/// What becomes of the values of a metric.
public enum JobMetricKind: Int32, Sendable, Hashable, CaseIterable {
    /// They are added up.
    case counter = 0
    /// The newest one counts.
    case gauge = 1
    /// Each is an observation.
    case histogram = 2
}
