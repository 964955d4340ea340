import PureJSON
import TabularData
import Testing

@testable import ColumnMap

/// One labelled header with its sample rows.
struct LabelledFile: Sendable, CustomTestStringConvertible {
    let id: String
    let header: [String]
    let rows: [[String]]
    /// Target to source label.
    let mapping: [String: String]
    let acceptable: [String: Set<String>]
    let ambiguous: Set<String>

    var testDescription: String { id }

    var csv: [UInt8] {
        var writer = CSVWriter()
        for row in [header] + rows {
            for cell in row { writer.write(cell) }
            writer.endRecord()
        }
        return writer.take()
    }

    var profile: FileProfile {
        get throws {
            var profile = FileProfile(labels: header, sampleRows: 10_000)
            let reader = CSVReader()
            func note(_ record: borrowing CSVRecord) { if record.number > 1 { profile.add(record) } }
            try reader.feed(csv) { note($0) }
            try reader.finish { note($0) }
            profile.seal()
            return profile
        }
    }
}

/// Right, wrong and missed pairs.
struct Score {
    var hits = 0
    var wrong: [String] = []
    var missed: [String] = []

    var precision: Double { Double(hits) / Double(max(1, hits + wrong.count)) }
    var recall: Double { Double(hits) / Double(max(1, hits + missed.count)) }
    var f1: Double { 2 * precision * recall / max(1e-9, precision + recall) }

    mutating func add(_ file: LabelledFile, _ proposal: MappingProposal) {
        for entry in proposal.columns {
            guard let target = entry.target else { continue }
            if file.mapping[target] == entry.source || file.acceptable[target]?.contains(entry.source) == true {
                hits += 1
            } else if !file.ambiguous.contains(entry.source) {
                wrong.append("\(file.id): \(entry.source) -> \(target) \(entry.confidence)")
            }
        }
        for (target, source) in file.mapping.sorted(by: { $0.key < $1.key }) {
            let found = proposal.source(of: target)?.source
            if found != source, file.acceptable[target]?.contains(found ?? "") != true {
                missed.append("\(file.id): \(source) -> \(target)")
            }
        }
    }
}

/// The labelled headers beside this checkout, or nil.
func labelledFiles() throws -> [LabelledFile]? {
    guard let bytes = sampleFile("headers-dev.json", from: "\(#filePath)") else { return nil }
    let root = try JSONValue(parsing: bytes)
    return (root["files"]?.arrayValue ?? []).map { file in
        var mapping: [String: String] = [:]
        for (target, value) in file["mapping"]?.objectValue ?? [:] { mapping[target] = value["column"]?.stringValue }
        var acceptable: [String: Set<String>] = [:]
        for (target, value) in file["acceptable_alternatives"]?.objectValue ?? [:] {
            acceptable[target] = Set((value.arrayValue ?? []).compactMap(\.stringValue))
        }
        return LabelledFile(
            id: file["id"]?.stringValue ?? "",
            header: (file["header"]?.arrayValue ?? []).compactMap(\.stringValue),
            rows: (file["rows"]?.arrayValue ?? []).map { ($0.arrayValue ?? []).map { $0.stringValue ?? "" } },
            mapping: mapping, acceptable: acceptable,
            ambiguous: Set((file["ambiguous_columns"]?.arrayValue ?? []).compactMap(\.stringValue)))
    }
}

@Suite("Mapping quality")
struct HeaderScoreTests {
    @Test(
        "Labelled headers are mapped with F1 of at least 0.97",
        .enabled(if: sampleFile("headers-dev.json", from: "\(#filePath)") != nil, "no labelled headers here"))
    func labelled() throws {
        let files = try #require(try labelledFiles())
        let proposer = MappingProposer(schema: .telco)
        var score = Score()
        for file in files { score.add(file, proposer.propose(try file.profile)) }
        #expect(score.f1 >= 0.97, "wrong \(score.wrong), missed \(score.missed)")
    }
}
