/// A measurement of a handler.
package struct HostMetric: Sendable, Hashable {
    /// The run's number.
    package var run: UInt64
    /// 0 counter, 1 gauge, 2 histogram.
    package var kind: Int32
    /// The name.
    package var name: String
    /// The amount, never NaN or infinite.
    package var value: Double
    /// Label names and values, in order.
    package var labels: [HostLog.Field]

    /// Makes a frame's content.
    package init(run: UInt64, kind: Int32, name: String, value: Double, labels: [HostLog.Field]) {
        self.run = run
        self.kind = kind
        self.name = name
        self.value = value
        self.labels = labels
    }
}

extension HostMetric {
    func write(to writer: inout FrameWriter) {
        writer.number(run)
        writer.number(kind)
        writer.text(name)
        writer.number(value.bitPattern)
        writer.list(labels) { writer, label in
            writer.text(label.key)
            writer.text(label.value)
        }
    }

    init(from reader: inout FrameReader) throws(FrameFault) {
        run = try reader.number()
        kind = try reader.number()
        name = try reader.text()
        value = Double(bitPattern: try reader.number())
        guard value.isFinite else { throw .invalidValue(field: "value") }
        labels = try reader.list { reader throws(FrameFault) in
            HostLog.Field(key: try reader.text(), value: try reader.text())
        }
    }
}
