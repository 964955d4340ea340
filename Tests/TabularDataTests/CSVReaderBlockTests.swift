import Testing

import TabularData

/// A small generator with a fixed sequence per seed.
struct SplitMix: RandomNumberGenerator {
    var state: UInt64

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var mixed = state
        mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
        return mixed ^ (mixed >> 31)
    }
}

@Suite("CSVReader block sizes")
struct CSVReaderBlockTests {
    /// What reading ended with: all records, or the error.
    private enum Outcome: Equatable {
        case records([SeenRecord])
        case failure(CSVError)
    }

    private func outcome(_ text: [UInt8], _ blocks: [Int], _ dialect: CSVDialect) throws -> Outcome {
        let limits = CSVLimits(maxFieldBytes: 40, maxRecordBytes: 200, maxLinesPerRecord: 4, maxFields: 30)
        do {
            return .records(try readAll(text, blocks: blocks, dialect: dialect, limits: limits))
        } catch let error as CSVError {
            return .failure(error)
        }
    }

    @Test("Records, positions and defects do not depend on how hostile text is cut", arguments: 0..<60 as Range<UInt64>)
    func anyBlocks(_ seed: UInt64) throws {
        var random = SplitMix(state: seed)
        let alphabet = Array("\"\"\",,,\n\n\r\r ab1\\é".utf8)
        let dialects = [
            CSVDialect.rfc4180, CSVDialect(skipsInitialSpace: true), CSVDialect(escape: 0x5C),
            CSVDialect(preambleLines: 1),
        ]
        for _ in 0..<20 {
            let size = Int.random(in: 0...400, using: &random)
            let text = (0..<size).map { _ in alphabet[Int.random(in: 0..<alphabet.count, using: &random)] }
            let dialect = dialects[Int.random(in: 0..<dialects.count, using: &random)]
            let whole = try outcome(text, [1 << 20], dialect)
            for blocks in [[1], [2, 3], [63], [64, 1], [7, 65, 128]] {
                let cut = try outcome(text, blocks, dialect)
                #expect(cut == whole, "seed \(seed), blocks \(blocks), text \(String(decoding: text, as: UTF8.self))")
            }
        }
    }

    @Test("Well-formed random tables come back cell by cell", arguments: 0..<20 as Range<UInt64>)
    func roundTrip(_ seed: UInt64) throws {
        var random = SplitMix(state: seed)
        let pieces = ["", "a", "x,y", "\"", "line\nbreak", "\r\n", "é日", " pad ", "1.5"]
        let columns = Int.random(in: 2...6, using: &random)
        let rows = (0..<200).map { _ in
            (0..<columns).map { _ in
                (0..<Int.random(in: 0...3, using: &random)).map { _ in pieces.randomElement(using: &random) ?? "" }
                    .joined()
            }
        }
        let text = rows.map { row in
            row.map {
                "\"" + $0.split(separator: "\"", omittingEmptySubsequences: false).joined(separator: "\"\"") + "\""
            }
            .joined(separator: ",")
        }.joined(separator: "\r\n")
        let seen = try readAll(Array(text.utf8), blocks: [Int.random(in: 1...300, using: &random)])
        #expect(seen.map(\.fields) == rows)
        #expect(seen.flatMap(\.defects) == [])
    }
}
