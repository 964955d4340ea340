import JobCore
import Testing

@Suite("Metrics of handlers")
struct HandlerMetricsTests {
    private let rows = HandlerSeries(name: "rows_total", labels: ["kind": "good"])

    @Test("Counters add up, gauges keep the last value, histograms count by size")
    func kinds() {
        var metrics = HandlerMetrics()
        for value in [1.0, 2.5] {
            metrics.add(.init(kind: .counter, name: "rows_total", labels: ["kind": "good"], value: value))
            metrics.add(.init(kind: .gauge, name: "depth", value: value))
            metrics.add(.init(kind: .histogram, name: "seconds", value: value))
        }
        #expect(metrics.values[rows] == .counter(3.5))
        #expect(metrics.values[HandlerSeries(name: "depth")] == .gauge(2.5))
        guard case .histogram(let seconds)? = metrics.values[HandlerSeries(name: "seconds")] else {
            Issue.record("no histogram")
            return
        }
        #expect(seconds.count == 2)
        #expect(seconds.sum == 3.5)
        #expect(seconds.counts == [0, 0, 0, 0, 0, 0, 0, 1, 1, 0, 0, 0])
    }

    @Test("A series too many and a name of another kind are counted, not kept")
    func bounds() {
        var metrics = HandlerMetrics(seriesLimit: 2)
        for name in ["a", "b", "c"] { metrics.add(.init(kind: .counter, name: name, value: 1)) }
        metrics.add(.init(kind: .gauge, name: "a", value: 9))
        #expect(metrics.values.keys.sorted().map(\.name) == ["a", "b"])
        #expect(metrics.values[HandlerSeries(name: "a")] == .counter(1))
        #expect(metrics.dropped == 2)
    }

    @Test("What runs measured is put together under the handler's name")
    func merging() {
        var run = HandlerMetrics()
        run.add(.init(kind: .counter, name: "rows_total", value: 2))
        run.add(.init(kind: .histogram, name: "seconds", value: 20))
        var all = HandlerMetrics()
        all.add(run, label: "handler", value: "echo")
        all.add(run, label: "handler", value: "echo")
        all.add(run, label: "handler", value: "other")
        #expect(all.values[HandlerSeries(name: "rows_total", labels: ["handler": "echo"])] == .counter(4))
        guard case .histogram(let seconds)? = all.values[HandlerSeries(name: "seconds", labels: ["handler": "echo"])]
        else {
            Issue.record("no histogram")
            return
        }
        #expect(seconds.counts.last == 2)
        #expect(seconds.sum == 40)
        #expect(all.values.count == 4)
    }
}
