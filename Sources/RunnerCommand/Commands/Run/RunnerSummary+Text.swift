import JobCore
import JobRunner
import PureJSON

extension RunnerSummary {
    /// The summary as people read it at the end.
    var sentence: String {
        var parts = [
            "uptime \(HumanFormat.duration(uptime))", "processed \(HumanFormat.count(processed))",
            "failed \(HumanFormat.count(failed))", "success rate \(HumanFormat.percent(successRate))",
        ]
        let rest = [
            ("retried", retried), ("rejected", rejected), ("duplicates", duplicates), ("handed back", handedBack),
            ("cancelled", cancelled), ("deferred", deferred), ("leases lost", leasesLost),
        ]
        for (word, count) in rest where count > 0 { parts.append("\(word) \(HumanFormat.count(count))") }
        return parts.joined(separator: ", ")
    }

    /// The summary as `--json` shows it.
    var json: JSONValue {
        [
            "uptime_ms": .integer(uptime.wholeMilliseconds), "received": .integer(Int64(received)),
            "processed": .integer(Int64(processed)), "failed": .integer(Int64(failed)),
            "success_rate": .number(successRate), "retried": .integer(Int64(retried)),
            "rejected": .integer(Int64(rejected)), "duplicates": .integer(Int64(duplicates)),
            "handed_back": .integer(Int64(handedBack)), "cancelled": .integer(Int64(cancelled)),
            "deferred": .integer(Int64(deferred)), "leases_lost": .integer(Int64(leasesLost)),
        ]
    }
}
