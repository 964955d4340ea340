/// Rows of text in aligned columns that together fit a terminal.
struct TextTable {
    /// Where a cell's text stands in its column.
    enum Alignment: Sendable, Hashable { case left, right }

    /// What happens to text that is wider than its column came to be.
    enum Overflow: Sendable, Hashable {
        /// The column never shrinks.
        case keep
        /// The end is cut off behind an ellipsis.
        case truncate
        /// The text goes on in the line below.
        case wrap
    }

    /// One column.
    struct Column: Sendable {
        var title: String
        var alignment: Alignment = .left
        var overflow: Overflow = .keep
        /// The fewest columns it shrinks to.
        var minimumWidth = 8
    }

    /// One cell: text and how it stands out.
    struct Cell: Sendable, ExpressibleByStringInterpolation {
        var text: String
        var style: TextStyle

        init(_ text: String, _ style: TextStyle = .plain) {
            self.text = TextWidth.sanitized(text)
            self.style = style
        }

        init(stringLiteral value: String) { self.init(value) }
    }

    private let columns: [Column]
    private var rows: [[Cell]] = []

    /// A table with these columns and no rows yet.
    init(_ columns: [Column]) { self.columns = columns }

    /// Whether there are no rows.
    var isEmpty: Bool { rows.isEmpty }

    /// Adds a row; missing cells are empty, surplus ones are dropped.
    mutating func add(_ cells: [Cell]) {
        rows.append((0..<columns.count).map { $0 < cells.count ? cells[$0] : "" })
    }

    /// The table as lines: a line of titles, then the rows, no white space at line ends.
    func lines(on terminal: Terminal, indent: Int = 0) -> [String] {
        let widths = fittedWidths(into: terminal.width.map { $0 - indent })
        let titles = columns.map { Cell($0.title, .bold) }
        return ([titles] + rows).flatMap { line(of: $0, widths: widths, terminal: terminal, indent: indent) }
    }

    private func fittedWidths(into limit: Int?) -> [Int] {
        var widths = columns.indices.map { place in
            rows.reduce(TextWidth.of(columns[place].title)) { max($0, TextWidth.of($1[place].text)) }
        }
        guard let limit else { return widths }
        var excess = widths.reduce(0, +) + 2 * (columns.count - 1) - limit
        while excess > 0 {
            let shrinkable = columns.indices.filter {
                columns[$0].overflow != .keep && widths[$0] > columns[$0].minimumWidth
            }
            guard let widest = shrinkable.max(by: { widths[$0] < widths[$1] }) else { break }
            widths[widest] -= 1
            excess -= 1
        }
        return widths
    }

    private func line(of cells: [Cell], widths: [Int], terminal: Terminal, indent: Int) -> [String] {
        var blocks: [[String]] = []
        for (place, column) in columns.enumerated() {
            switch column.overflow {
            case .keep: blocks.append([cells[place].text])
            case .truncate: blocks.append([TextWidth.truncated(cells[place].text, to: widths[place])])
            case .wrap: blocks.append(TextWidth.wrapped(cells[place].text, to: widths[place]))
            }
        }
        var lines: [String] = []
        for row in 0..<blocks.reduce(1, { max($0, $1.count) }) {
            var line = ""
            // Spaces that are written once more text follows them.
            var pending = indent
            for (place, column) in columns.enumerated() {
                let text = row < blocks[place].count ? blocks[place][row] : ""
                let padding = max(widths[place] - TextWidth.of(text), 0)
                if column.alignment == .right { pending += padding }
                if !text.isEmpty {
                    line += String(repeating: " ", count: pending) + cells[place].style.applied(to: text, on: terminal)
                    pending = 0
                }
                pending += column.alignment == .right ? 2 : padding + 2
            }
            lines.append(line)
        }
        return lines
    }
}
