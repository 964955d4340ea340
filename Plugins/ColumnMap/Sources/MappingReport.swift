import PureJSON
import TabularData

/// Writes `mapping.json` and `changes.csv`.
enum MappingReport {
    static let schemaName = "headrace.column-map.mapping/1"

    /// The mapping as a document that a person can edit and send back.
    static func json(
        _ proposal: MappingProposal, _ file: FileProfile, version: String, verdict: String, needsConfirmation: Bool,
        rows: Int
    ) -> JSONValue {
        let unmapped = proposal.columns.filter { $0.target == nil }
        return [
            "schema": .string(schemaName),
            "handler": "column-map",
            "version": .string(version),
            "verdict": .string(verdict),
            "schemaVersion": .string(proposal.schema.name),
            "fingerprint": .string(proposal.fingerprint),
            "needsConfirmation": .bool(needsConfirmation),
            "rows": .integer(Int64(rows)),
            "sampledRows": .integer(Int64(file.rows)),
            "columns": .array(
                proposal.columns.filter { $0.target != nil }.map { column($0, file.columns[$0.index]) }),
            "missingRequired": .array(proposal.missingRequired.map { .string($0) }),
            "unmapped": .array(unmapped.map(leftAlone)),
            "conflicts": .array(proposal.conflicts.map(conflict)),
        ]
    }

    private static func column(_ entry: MappingProposal.Column, _ profile: ColumnProfile) -> JSONValue {
        let common = profile.common.prefix(3)
        return [
            "source": .string(entry.source),
            "index": .integer(Int64(entry.index)),
            "target": entry.target.map { .string($0) } ?? .null,
            "confidence": .number(entry.confidence),
            "band": .string(entry.band.rawValue),
            "signals": .array(entry.signals.map(signal)),
            "alternatives": .array(entry.alternatives.map(alternative)),
            "transform": transform(entry.transform),
            "samples": .array(
                common.map { text, _, _ in
                    ["before": .string(text), "after": .string(entry.transform.apply(text) ?? text)]
                }),
        ]
    }

    private static func leftAlone(_ entry: MappingProposal.Column) -> JSONValue {
        [
            "source": .string(entry.source),
            "index": .integer(Int64(entry.index)),
            "confidence": .number(entry.confidence),
            "signals": .array(entry.signals.map(signal)),
            "alternatives": .array(entry.alternatives.map(alternative)),
        ]
    }

    private static func signal(_ signal: MappingProposal.Signal) -> JSONValue {
        [
            "name": .string(signal.name), "weight": .number((signal.weight * 100).rounded() / 100),
            "evidence": .string(signal.evidence),
        ]
    }

    private static func alternative(_ other: MappingProposal.Alternative) -> JSONValue {
        ["target": .string(other.target), "confidence": .number(other.confidence)]
    }

    private static func conflict(_ conflict: MappingProposal.Conflict) -> JSONValue {
        [
            "code": .string(conflict.code), "target": .string(conflict.target),
            "sources": .array(conflict.sources.map { .string($0) }), "message": .string(conflict.message),
        ]
    }

    private static func transform(_ transform: ValueTransform) -> JSONValue {
        var parameters = JSONObject()
        switch transform {
        case .identity: break
        case .plainNumber(let decimalComma): parameters["decimalComma"] = .bool(decimalComma)
        case .divide(let divisor, let unit):
            parameters["unit"] = .string(unit.rawValue)
            parameters["by"] = .number(divisor)
        case .values(let table):
            var map = JSONObject()
            for (from, to) in table.sorted(by: { $0.key < $1.key }) { map[from] = .string(to) }
            parameters["map"] = .object(map)
        }
        return ["name": .string(transform.name), "params": .object(parameters)]
    }

    /// The changes as a table: target, source, transform, value before and after, count.
    static func csv(_ changes: [MappingApplier.Change]) -> [UInt8] {
        var writer = CSVWriter(escapesFormulas: true)
        for name in ["target", "source", "transform", "from", "to", "count"] { writer.write(name) }
        writer.endRecord()
        for change in changes {
            for text in [change.target, change.source, change.transform, change.from, change.to] { writer.write(text) }
            writer.write(change.count)
            writer.endRecord()
        }
        return writer.take()
    }
}
