import TabularData

/// What a sample says about one column; independent of the order of rows.
struct ColumnProfile {
    let label: String
    let index: Int
    /// Cells that are not blank.
    private(set) var filled = 0
    private(set) var blank = 0
    /// How often each value occurs, without blanks at its ends.
    private(set) var counts: [String: Int] = [:]
    /// The most frequent values, at most 100, with their folded form.
    private(set) var common: [(text: String, key: String, count: Int)] = []
    private(set) var numeric = 0
    private(set) var whole = 0
    private(set) var withSpace = 0
    private(set) var withAt = 0
    /// The number in each sampled row, NaN where there is none.
    private(set) var numbers: [Double] = []

    init(label: String, index: Int) {
        self.label = label
        self.index = index
    }

    /// A value, how often it occurs, and what number it is.
    private struct Entry {
        let text: String
        let number: Double?
        var count: Int

        mutating func countUp() -> Double? {
            count += 1
            return number
        }
    }

    private var entries: [UInt64: Entry] = [:]

    mutating func add(_ field: CSVField) {
        let cell = field.trimmed
        guard !cell.isEmpty else {
            blank += 1
            numbers.append(.nan)
            return
        }
        filled += 1
        let key = cell.fingerprint(seed: 3)
        if let number = entries[key, default: Self.entry(cell)].countUp() {
            numbers.append(number)
        } else {
            numbers.append(.nan)
        }
    }

    private static func entry(_ cell: CSVField) -> Entry {
        let text = cell.string
        return Entry(text: text, number: cell.decimal ?? amount(text), count: 0)
    }

    /// Sums up; to be called once after the last row.
    mutating func seal() {
        for entry in entries.values {
            counts[entry.text, default: 0] += entry.count
            if let number = entry.number {
                numeric += entry.count
                if number == number.rounded() { whole += entry.count }
            }
            if entry.text.utf8.contains(0x20) { withSpace += entry.count }
            if entry.text.utf8.contains(0x40) { withAt += entry.count }
        }
        entries = [:]
        common = counts.sorted { ($1.value, $0.key) < ($0.value, $1.key) }.prefix(100)
            .map { ($0.key, ValueDictionary.key($0.key), $0.value) }
    }

    var numericShare: Double { share(numeric) }

    /// Distinct values per filled cell.
    var uniqueness: Double { share(counts.count) }

    func share(_ count: Int) -> Double { filled == 0 ? 0 : Double(count) / Double(filled) }

    /// Median of the numbers, or nil without any.
    var median: Double? {
        let sorted = numbers.filter { !$0.isNaN }.sorted()
        return sorted.isEmpty ? nil : sorted[sorted.count / 2]
    }

    var maximum: Double? { numbers.filter { !$0.isNaN }.max() }
    var minimum: Double? { numbers.filter { !$0.isNaN }.min() }

    /// Whether some cell can only be read with a comma as its decimal point.
    var usesDecimalComma: Bool {
        counts.keys.contains { text in
            guard let comma = text.lastIndex(of: ",") else { return false }
            let tail = text[text.index(after: comma)...].prefix { $0.isNumber }.count
            let hasPointBefore = text[..<comma].contains(".")
            let isOnly = text.filter { $0 == "," }.count == 1
            return isOnly && (hasPointBefore || (tail != 3 && !text[comma...].contains(".")))
        }
    }

    /// The number in a cell such as `$1,234.50` or `29,85 €`, or nil.
    ///
    /// - Parameters:
    ///   - text: The cell.
    ///   - decimalComma: Whether a comma is the decimal point; by default the cell alone decides, and `1,234` is
    ///     taken for a thousand.
    /// - Returns: The number.
    static func amount(_ text: String, decimalComma: Bool? = nil) -> Double? {
        var digits: [Character] = []
        for character in text {
            switch character {
            case "0"..."9", ".", ",": digits.append(character)
            case "-" where digits.isEmpty: digits.append(character)
            case " ", "\u{A0}", "\u{202F}", "'", "$", "€", "£", "¥", "₹": continue
            default: return nil
            }
        }
        guard digits.contains(where: \.isNumber) else { return nil }
        let point = decimalPoint(of: digits, decimalComma)
        let plain = digits.compactMap { character -> Character? in
            if character == point { return "." }
            return character == "." || character == "," ? nil : character
        }
        return Double(String(plain))
    }

    private static func decimalPoint(of digits: [Character], _ decimalComma: Bool?) -> Character? {
        if let decimalComma { return decimalComma ? "," : "." }
        guard let last = digits.lastIndex(where: { $0 == "." || $0 == "," }) else { return nil }
        let point = digits[last]
        let repeats = digits.filter { $0 == point }.count > 1
        let isThousand = point == "," && digits.count - last - 1 == 3 && !digits[..<last].contains(".")
        return repeats || isThousand ? nil : point
    }
}

/// The sampled columns of a file.
struct FileProfile {
    private(set) var columns: [ColumnProfile]
    private(set) var rows = 0
    /// The most rows that are sampled.
    let limit: Int

    /// A profile that samples fewer rows of wide files: at most 300,000 cells.
    init(labels: [String], sampleRows: Int) {
        columns = labels.enumerated().map { ColumnProfile(label: $1, index: $0) }
        limit = min(sampleRows, max(50, 300_000 / max(1, labels.count)))
    }

    var isFull: Bool { rows >= limit }

    mutating func add(_ record: borrowing CSVRecord) {
        guard !isFull, !record.isBlank, record.count == columns.count else { return }
        rows += 1
        for index in columns.indices { columns[index].add(record[index]) }
    }

    /// Sums up; to be called once after the last row.
    mutating func seal() {
        for index in columns.indices { columns[index].seal() }
    }
}
