/// One measurement of a handler, as it made it.
package struct HandlerMeasurement: Sendable, Hashable {
    /// What a measurement means.
    package enum Kind: Int32, Sendable, Hashable {
        /// The value is added to what was counted before.
        case counter = 0
        /// The value replaces the last one.
        case gauge = 1
        /// The value is one observation.
        case histogram = 2
    }

    /// What it means.
    package var kind: Kind
    /// The name, as Prometheus allows it.
    package var name: String
    /// Label names and values.
    package var labels: [String: String]
    /// The amount; finite.
    package var value: Double

    /// Makes a measurement.
    package init(kind: Kind, name: String, labels: [String: String] = [:], value: Double) {
        self.kind = kind
        self.name = name
        self.labels = labels
        self.value = value
    }
}

/// A metric's name with one value for each of its labels.
package struct HandlerSeries: Sendable, Hashable, Comparable {
    /// The name.
    package var name: String
    /// Label names and values.
    package var labels: [String: String]

    /// Makes a series.
    package init(name: String, labels: [String: String] = [:]) {
        self.name = name
        self.labels = labels
    }

    /// Orders by name, then by labels.
    package static func < (left: HandlerSeries, right: HandlerSeries) -> Bool {
        (left.name, left.labelText) < (right.name, right.labelText)
    }

    private var labelText: String { labels.sorted { $0.key < $1.key }.map { "\($0.key)=\($0.value)" }.joined() }
}

/// Observations by size.
package struct HandlerHistogram: Sendable, Hashable {
    /// Upper bounds of the buckets, in the unit of the metric: the ones that Prometheus clients begin with.
    package static let bounds = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10]

    /// Observations at or below each bound and above the one before; the last is for all above.
    package private(set) var counts = [Int](repeating: 0, count: bounds.count + 1)
    /// All observations added up.
    package private(set) var sum = 0.0

    /// The number of observations.
    package var count: Int { counts.reduce(0, +) }

    mutating func observe(_ value: Double) {
        counts[Self.bounds.firstIndex { value <= $0 } ?? Self.bounds.count] += 1
        sum += value
    }

    mutating func add(_ other: HandlerHistogram) {
        for (place, count) in other.counts.enumerated() { counts[place] += count }
        sum += other.sum
    }
}

/// What was measured of one series.
package enum HandlerMetricValue: Sendable, Hashable {
    /// The sum of all counts.
    case counter(Double)
    /// The last value.
    case gauge(Double)
    /// All observations.
    case histogram(HandlerHistogram)
}

extension HandlerMetricValue: CustomStringConvertible {
    /// The number, or how many observations and their sum.
    package var description: String {
        switch self {
        case .counter(let value), .gauge(let value): "\(value)"
        case .histogram(let histogram): "\(histogram.count) observations, sum \(histogram.sum)"
        }
    }
}

/// Measurements put together, within bounds.
package struct HandlerMetrics: Sendable, Hashable {
    /// The most series; measurements of others are not kept.
    package let seriesLimit: Int
    /// What is known of each series.
    package private(set) var values: [HandlerSeries: HandlerMetricValue] = [:]
    /// Measurements that were not kept: a series too many, or a name that has another kind already.
    package private(set) var dropped = 0

    /// No measurements yet.
    package init(seriesLimit: Int = 100) { self.seriesLimit = seriesLimit }

    /// Whether nothing was measured.
    package var isEmpty: Bool { values.isEmpty && dropped == 0 }

    /// Adds a measurement.
    package mutating func add(_ measurement: HandlerMeasurement) {
        let value: HandlerMetricValue
        switch measurement.kind {
        case .counter: value = .counter(measurement.value)
        case .gauge: value = .gauge(measurement.value)
        case .histogram:
            var histogram = HandlerHistogram()
            histogram.observe(measurement.value)
            value = .histogram(histogram)
        }
        merge(value, into: HandlerSeries(name: measurement.name, labels: measurement.labels))
    }

    /// Adds what was measured elsewhere, under one more label.
    package mutating func add(_ other: HandlerMetrics, label: String, value labelValue: String) {
        dropped += other.dropped
        for (series, value) in other.values {
            var series = series
            series.labels[label] = labelValue
            merge(value, into: series)
        }
    }

    private mutating func merge(_ value: HandlerMetricValue, into series: HandlerSeries) {
        switch (values[series], value) {
        case (nil, _):
            guard values.count < seriesLimit else { return dropped += 1 }
            values[series] = value
        case (.counter(let before), .counter(let more)): values[series] = .counter(before + more)
        case (.gauge, .gauge): values[series] = value
        case (.histogram(var before), .histogram(let more)):
            before.add(more)
            values[series] = .histogram(before)
        case (.counter, _), (.gauge, _), (.histogram, _): dropped += 1
        }
    }
}
