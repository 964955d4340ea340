/// How many columns text takes on a terminal, and how it is made to fit.
enum TextWidth {
    /// The columns that the text takes: two for East Asian wide characters and emoji, none for marks on letters.
    static func of(_ text: String) -> Int { text.reduce(0) { $0 + of($1) } }

    /// The columns that one character takes.
    static func of(_ character: Character) -> Int {
        guard let scalar = character.unicodeScalars.first else { return 0 }
        if scalar.isASCII { return 1 }
        switch scalar.properties.generalCategory {
        case .nonspacingMark, .enclosingMark, .format, .control: return 0
        default: break
        }
        let isPicture = scalar.properties.isEmojiPresentation
        return isPicture || wideRanges.contains { $0.contains(scalar.value) } ? 2 : 1
    }

    /// Source: Unicode Standard Annex #11, the blocks whose characters are all wide or full-width.
    private static let wideRanges: [ClosedRange<UInt32>] = [
        0x1100...0x115F, 0x2E80...0x303E, 0x3041...0x33FF, 0x3400...0x4DBF, 0x4E00...0x9FFF, 0xA000...0xA4CF,
        0xAC00...0xD7A3, 0xF900...0xFAFF, 0xFE30...0xFE4F, 0xFF00...0xFF60, 0xFFE0...0xFFE6, 0x20000...0x3FFFD,
    ]

    /// The text without control characters, so that data can neither move the cursor nor break a line.
    static func sanitized(_ text: String) -> String {
        let isClean = text.unicodeScalars.allSatisfy { $0.properties.generalCategory != .control }
        guard !isClean else { return text }
        var clean = ""
        for scalar in text.unicodeScalars {
            if scalar.properties.generalCategory == .control {
                clean += ["\n", "\t", "\r"].contains(scalar) ? " " : "\u{FFFD}"
            } else {
                clean.unicodeScalars.append(scalar)
            }
        }
        return clean
    }

    /// The text cut to that many columns, with an ellipsis where something is missing.
    static func truncated(_ text: String, to width: Int) -> String {
        guard of(text) > width else { return text }
        guard width > 1 else { return width == 1 ? "…" : "" }
        var kept = ""
        var columns = 0
        for character in text {
            let next = of(character)
            if columns + next > width - 1 { break }
            kept.append(character)
            columns += next
        }
        return kept + "…"
    }

    /// The text broken at spaces into lines of at most that many columns; longer words are cut in pieces.
    static func wrapped(_ text: String, to width: Int) -> [String] {
        guard width > 0, of(text) > width else { return [text] }
        var lines: [String] = []
        var line = ""
        for word in text.split(separator: " ", omittingEmptySubsequences: true) {
            for piece in pieces(of: String(word), width: width) {
                if line.isEmpty {
                    line = piece
                } else if of(line) + 1 + of(piece) <= width {
                    line += " " + piece
                } else {
                    lines.append(line)
                    line = piece
                }
            }
        }
        if !line.isEmpty || lines.isEmpty { lines.append(line) }
        return lines
    }

    private static func pieces(of word: String, width: Int) -> [String] {
        guard of(word) > width else { return [word] }
        var pieces: [String] = []
        var piece = ""
        for character in word {
            if of(piece) + of(character) > width {
                pieces.append(piece)
                piece = ""
            }
            piece.append(character)
        }
        return piece.isEmpty ? pieces : pieces + [piece]
    }
}
