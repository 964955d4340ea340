/// The first lines of a text, read in one dialect and judged.
struct DialectSample {
    let dialect: CSVDialect
    private(set) var score = 0.0
    private(set) var modalFields = 1
    private(set) var hasHeader = true
    private(set) var preambleLines = 0

    private struct Row {
        var line: Int
        var cells: [[UInt8]]
        var oddCells: Int
    }

    /// Judges at most this many records.
    private static let maxRows = 1_000

    init(_ head: [UInt8], _ dialect: CSVDialect, isWhole: Bool) {
        self.dialect = dialect
        var rows: [Row] = []
        let reader = CSVReader(dialect: dialect, limits: CSVLimits(maxFieldBytes: 1 << 20, maxLinesPerRecord: 200))
        do {
            try reader.feed(head) { rows.append(contentsOf: Self.row($0, after: rows.count)) }
            if isWhole || rows.isEmpty {
                try reader.finish { rows.append(contentsOf: Self.row($0, after: rows.count)) }
            }
        } catch {
            // A text past the limits in this dialect is no table in this dialect.
            return
        }
        guard !rows.isEmpty else { return }
        judge(rows)
    }

    private static func row(_ record: borrowing CSVRecord, after count: Int) -> [Row] {
        guard !record.isBlank, count < maxRows else { return [] }
        var row = Row(line: record.line, cells: [], oddCells: 0)
        for index in 0..<record.count {
            let cell = record[index]
            row.cells.append(cell.slice(0, min(cell.count, 64)).bytes)
            if !record.isQuoted(index), isOdd(row.cells[index]) { row.oddCells += 1 }
        }
        return [row]
    }

    private mutating func judge(_ rows: [Row]) {
        var counts: [Int: Int] = [:]
        for row in rows { counts[row.cells.count, default: 0] += 1 }
        let modal = counts.max { ($0.value, $0.key) < ($1.value, $1.key) }
        modalFields = modal?.key ?? 1
        let consistency = Double(modal?.value ?? 0) / Double(rows.count)
        let width = max(Double(modalFields - 1) / Double(modalFields), 0.001)
        let cells = rows.reduce(0) { $0 + $1.cells.count }
        let odd = rows.reduce(0) { $0 + $1.oddCells }
        let plausible = 1 - Double(odd) / Double(max(1, cells))
        score = consistency * width * plausible
        let first = findPreamble(rows)
        hasHeader = Self.isHeader(rows[first].cells, above: rows[(first + 1)...].map(\.cells))
    }

    /// The index of the first row of the table.
    private mutating func findPreamble(_ rows: [Row]) -> Int {
        guard modalFields >= 3, let first = rows.prefix(12).firstIndex(where: { $0.cells.count == modalFields }),
            first > 0, first + 1 < rows.count, Self.hasNoNumber(rows[first].cells)
        else { return 0 }
        let isPreamble = rows[..<first].allSatisfy { row in
            row.cells.count < modalFields && row.cells.filter { !$0.isEmpty }.count * 2 <= modalFields
        }
        guard isPreamble else { return 0 }
        preambleLines = rows[first].line - 1
        return first
    }

    /// Whether an unquoted cell holds another delimiter, which a decimal comma explains.
    private static func isOdd(_ cell: [UInt8]) -> Bool {
        guard cell.contains(where: { DialectDetection.delimiters.contains($0) }) else { return false }
        var commas = 0
        for byte in cell {
            switch byte {
            case UInt8(ascii: ","): commas += 1
            case 48...57, UInt8(ascii: "-"), UInt8(ascii: "+"), UInt8(ascii: "."), UInt8(ascii: "%"), 0x20: break
            default: return true
            }
        }
        return commas == 0
    }

    private static func isHeader(_ first: [[UInt8]], above rows: [[[UInt8]]]) -> Bool {
        guard hasNoNumber(first), Set(first).count * 2 >= first.count else { return false }
        let data = rows.filter { $0.count == first.count }
        guard !data.isEmpty else { return true }
        var recurring = 0
        for (column, name) in first.enumerated() {
            if data.contains(where: { isNumber($0[column]) }) { return true }
            if !name.isEmpty, data.contains(where: { $0[column] == name }) { recurring += 1 }
        }
        return recurring * 2 <= first.count
    }

    private static func hasNoNumber(_ cells: [[UInt8]]) -> Bool { !cells.contains(where: isNumber) }

    private static func isNumber(_ cell: [UInt8]) -> Bool {
        var digits = 0
        for byte in cell {
            switch byte {
            case 48...57: digits += 1
            case UInt8(ascii: "-"), UInt8(ascii: "+"), UInt8(ascii: "."), UInt8(ascii: ","), UInt8(ascii: "%"): break
            case UInt8(ascii: "$"), 0x20, UInt8(ascii: "/"), UInt8(ascii: ":"): break
            default: return false
            }
        }
        return digits > 0
    }
}
