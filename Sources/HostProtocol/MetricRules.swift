/// What both sides hold the measurements of one run to.
package enum MetricRules {
    /// Different series, a series being a name with its label values.
    package static let seriesLimit = 100
    /// Calls of one run that are kept.
    package static let callLimit = 10_000
    /// Labels of one measurement.
    package static let labelLimit = 8
    /// Bytes of a name or of a label's value.
    package static let textLimit = 128

    /// Whether a measurement has a known kind, a name and label names as Prometheus allows, and a finite value.
    ///
    /// Source: Prometheus data model, "Metric names and labels".
    package static func isWellFormed(_ metric: HostMetric) -> Bool {
        guard (0...2).contains(metric.kind), metric.value.isFinite, metric.kind != 0 || metric.value >= 0,
            metric.labels.count <= labelLimit, isName(metric.name)
        else { return false }
        return metric.labels.allSatisfy { label in
            isName(label.key) && !label.key.contains(":") && label.value.utf8.count <= textLimit
        } && Set(metric.labels.map(\.key)).count == metric.labels.count
    }

    /// The series of a measurement as one text, whatever the order of its labels.
    package static func series(_ metric: HostMetric) -> String {
        let labels = metric.labels.map { "\($0.key)=\($0.value)" }.sorted()
        return ([metric.name] + labels).joined(separator: "\u{0}")
    }

    private static func isName(_ text: String) -> Bool {
        guard let first = text.utf8.first, text.utf8.count <= textLimit, !isDigit(first) else { return false }
        return text.utf8.allSatisfy { byte in
            isDigit(byte) || (0x41...0x5A).contains(byte) || (0x61...0x7A).contains(byte) || byte == 0x5F
                || byte == 0x3A
        }
    }

    private static func isDigit(_ byte: UInt8) -> Bool { (0x30...0x39).contains(byte) }
}
