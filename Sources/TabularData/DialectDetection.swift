/// The dialect that fits the first lines of a text best, and how sure that is.
public struct DialectDetection: Sendable, Hashable {
    /// One dialect considered and its score.
    public struct Candidate: Sendable, Hashable {
        /// The delimiter considered.
        public let delimiter: UInt8
        /// Row-length consistency times cell plausibility, 0...1.
        public let score: Double
    }

    /// The dialect chosen.
    public var dialect: CSVDialect
    /// How far the chosen delimiter leads, 0...1; 0.5 for a single column.
    public var confidence: Double
    /// The other delimiters in falling order of score.
    public var alternatives: [Candidate]
    /// How many fields most records have.
    public var modalFields: Int

    /// The delimiters considered, in the order that decides ties.
    public static let delimiters: [UInt8] = [
        UInt8(ascii: ","), UInt8(ascii: ";"), 0x09, UInt8(ascii: "|"),
    ]

    /// Reads the dialect off the first bytes.
    ///
    /// - Parameters:
    ///   - head: The first bytes of the text in UTF-8 without byte order mark, 64 KiB or fewer.
    ///   - isWhole: Whether `head` is the whole text; otherwise its last record is not judged.
    /// - Returns: The best dialect; commas when nothing separates.
    public static func detect(in head: [UInt8], isWhole: Bool) -> DialectDetection {
        let quote = QuoteEvidence(head)
        var scored: [(sample: DialectSample, score: Double)] = []
        for delimiter in delimiters {
            var dialect = CSVDialect(delimiter: delimiter, quote: quote.quote)
            dialect.skipsInitialSpace = quote.isSpaced(after: delimiter)
            dialect.escape = quote.escape(before: delimiter)
            let sample = DialectSample(head, dialect, isWhole: isWhole)
            scored.append((sample, sample.score))
        }
        var best = 0
        for index in scored.indices where scored[index].score > scored[best].score { best = index }
        let chosen = scored[best].sample
        var dialect = chosen.dialect
        dialect.preambleLines = chosen.preambleLines
        dialect.hasHeader = chosen.hasHeader
        let others = scored.indices.filter { $0 != best }
            .map { Candidate(delimiter: delimiters[$0], score: scored[$0].score) }
            .sorted { $0.score > $1.score }
        let runnerUp = others.first?.score ?? 0
        let lead = chosen.modalFields < 2 ? 0.5 : 1 - runnerUp / max(scored[best].score, 1e-9)
        return DialectDetection(
            dialect: dialect, confidence: min(1, max(0, lead)), alternatives: others, modalFields: chosen.modalFields)
    }
}

/// How quotes are used in the first bytes of a text.
private struct QuoteEvidence {
    let head: [UInt8]
    let quote: UInt8

    init(_ head: [UInt8]) {
        self.head = head
        let double = Self.fieldsQuoted(in: head, by: UInt8(ascii: "\""))
        let single = Self.fieldsQuoted(in: head, by: UInt8(ascii: "'"))
        quote = double == 0 && single >= 2 ? UInt8(ascii: "'") : UInt8(ascii: "\"")
    }

    /// How many fields both open and close with the quote.
    private static func fieldsQuoted(in head: [UInt8], by quote: UInt8) -> Int {
        var opens = 0
        var closes = 0
        for (index, byte) in head.enumerated() where byte == quote {
            if index == 0 || isBoundary(head[index - 1]) { opens += 1 }
            if index + 1 == head.count || isBoundary(head[index + 1]) { closes += 1 }
        }
        return min(opens, closes)
    }

    func isSpaced(after delimiter: UInt8) -> Bool {
        var spaced = 0
        var direct = 0
        for index in head.indices.dropFirst() where head[index] == quote {
            if head[index - 1] == delimiter {
                direct += 1
            } else if index >= 2, head[index - 1] == 0x20, head[index - 2] == delimiter {
                spaced += 1
            }
        }
        return spaced >= 2 && spaced > direct
    }

    func escape(before delimiter: UInt8) -> UInt8? {
        var escaped = 0
        var doubled = 0
        for index in head.indices.dropFirst().dropLast() where head[index] == quote {
            let next = head[index + 1]
            if head[index - 1] == UInt8(ascii: "\\"), next != delimiter, next != 0x0A, next != 0x0D { escaped += 1 }
            if next == quote, head[index - 1] != delimiter, !Self.isBoundary(head[index - 1]) { doubled += 1 }
        }
        return escaped >= 2 && doubled == 0 ? UInt8(ascii: "\\") : nil
    }

    private static func isBoundary(_ byte: UInt8) -> Bool {
        byte == 0x0A || byte == 0x0D || DialectDetection.delimiters.contains(byte)
    }
}
