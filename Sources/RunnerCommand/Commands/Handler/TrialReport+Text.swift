import JobCore
import PureJSON

extension TrialReport {
    /// Writes what came of a run that completed.
    func show(on console: Console) {
        let out = console.out
        out.line(
            "\(out.styled(handler, .bold)) \(version)  \(out.styled("completed", .green)) in "
                + "\(Self.time(run.duration))  \(out.styled("(\(timings))", .dim))")
        var facts: [(label: String, value: String)] = []
        if case .completed(let result) = run.outcome, !result.isNull {
            facts.append(("result", result.serialized()))
        }
        facts += files.map { file in
            (file.name, "\(HumanFormat.bytes(file.sizeBytes))  \(file.contentType)  \(file.path)")
        }
        facts += measurements
        if let peak = run.peakMemoryBytes { facts.append(("peak memory", HumanFormat.bytes(peak))) }
        console.facts(facts)
    }

    /// Where the time went besides the run.
    private var timings: String {
        let build = buildTime.map { "build \(Self.time($0)), " } ?? ""
        return build + "host process \(Self.time(hostTime))"
    }

    private var measurements: [(label: String, value: String)] {
        run.metrics.values.sorted { $0.key < $1.key }.map { series, value in
            switch value {
            case .counter(let number), .gauge(let number):
                (Self.label(series), JSONValue.number(number).serialized())
            case .histogram(let histogram):
                (Self.label(series), "\(histogram.count) observations, sum \(histogram.sum)")
            }
        }
    }

    private static func label(_ series: HandlerSeries) -> String {
        let labels = series.labels.sorted { $0.key < $1.key }.map { "\($0.key)=\($0.value)" }.joined(
            separator: ",")
        return series.name + (labels.isEmpty ? "" : "{\(labels)}")
    }

    /// To the microsecond below ten milliseconds: what handlers on small inputs take.
    private static func time(_ duration: Duration) -> String {
        let microseconds =
            duration.components.seconds * 1_000_000 + duration.components.attoseconds / 1_000_000_000_000
        return microseconds < 10_000
            ? "\(HumanFormat.decimal(Double(microseconds) / 1_000, places: 2)) ms"
            : HumanFormat.duration(duration)
    }

    /// The report for programs.
    var json: JSONValue {
        let end = TrialEnd(run.outcome)
        var object: JSONObject = [
            "handler": .string(handler), "version": .string(version), "status": .string(end.status),
        ]
        object["code"] = end.code.map { .string($0) }
        object["message"] = end.message.map { .string($0) }
        object["details"] = run.details
        if case .completed(let result) = run.outcome { object["result"] = result }
        object["outputs"] = .array(
            files.map { file in
                [
                    "name": .string(file.name), "path": .string(file.path),
                    "size_bytes": .integer(file.sizeBytes),
                    "content_type": .string(file.contentType),
                ]
            })
        object["log"] = .array(
            logLines.map { line in
                [
                    "level": .string(line.level), "message": .string(line.message),
                    "fields": .object(JSONObject(line.fields)),
                ]
            })
        object["printed"] = .array(printed.map { .string($0) })
        object["run_seconds"] = .number(run.duration.fractionalSeconds)
        object["host_seconds"] = .number(hostTime.fractionalSeconds)
        object["build_seconds"] = buildTime.map { .number($0.fractionalSeconds) }
        object["peak_memory_bytes"] = run.peakMemoryBytes.map { .integer($0) }
        return .object(object)
    }
}

extension JSONObject {
    /// Texts as members, sorted by name.
    fileprivate init(_ texts: [String: String]) {
        self.init()
        for (name, text) in texts.sorted(by: { $0.key < $1.key }) { self[name] = .string(text) }
    }
}
