extension CSVReader {
    /// After many quotes that only a limit exposed, the limits shrink so that a hostile text costs linear time.
    private var isWary: Bool { unclosedByLimit >= 32 }
    var maxQuotedLines: Int { isWary ? min(limits.maxLinesPerRecord, 32) : limits.maxLinesPerRecord }
    var maxQuotedBytes: Int { isWary ? min(limits.maxFieldBytes, 32 << 10) : limits.maxFieldBytes }

    /// Records a defect, the first one per field.
    func note(_ kind: CSVDefect.Kind, at: Int, line: Int, _ pass: inout ScanPass) {
        guard !pass.fieldHasDefect else { return }
        pass.fieldHasDefect = true
        defects.append(
            CSVDefect(
                kind: kind, line: line, byteOffset: windowOffset + at,
                field: pass.endCount - pass.state.recordFirstEnd))
    }

    /// Handles text behind a closing quote: an unclosed quote when the field spans lines and its first line fits.
    ///
    /// - Returns: false when the opening quote became text and the record must be read again.
    func acceptTextAfterQuote(_ pass: inout ScanPass) -> Bool {
        let field = pass.endCount - pass.state.recordFirstEnd
        if pass.state.line != pass.state.quoteLine {
            let isUnclosed = expectedFields.map {
                fits($0, quoteAt: pass.state.openQuote, fieldsBefore: field)
            }
            if isUnclosed ?? true {
                takeQuoteAsText(&pass, byLimit: false)
                return false
            }
        }
        note(.textAfterQuote, at: pass.state.quotePosition, line: pass.state.line, &pass)
        pass.markEscaped()
        pass.state.mode = .plain
        return true
    }

    /// Declares the opening quote of the field in progress to be text and starts the record again.
    func takeQuoteAsText(_ pass: inout ScanPass, byLimit: Bool) {
        if byLimit { unclosedByLimit += 1 }
        let quote = windowOffset + pass.state.openQuote
        let field = fieldIndex(of: pass.state.openQuote, pass)
        let line = lineOfQuote(pass)
        pass.state.literalQuotes.append(quote)
        let kept = defects[pass.state.recordFirstDefect...].filter { $0.kind == .unclosedQuote }
        defects.replaceSubrange(pass.state.recordFirstDefect..., with: kept)
        defects.append(CSVDefect(kind: .unclosedQuote, line: line, byteOffset: quote, field: field))
        pass.endCount = pass.state.recordFirstEnd
        pass.fieldHasDefect = false
        pass.state.restartRecord()
    }

    /// Whether the line of the quote at `position` has the expected number of fields once that quote is text.
    func fits(_ expected: Int, quoteAt position: Int, fieldsBefore: Int) -> Bool {
        var count = fieldsBefore + 1
        var index = position + 1
        var isFieldStart = false
        var isQuoted = false
        while index < window.count {
            let byte = unsafe window.base[index]
            if byte == 0x0A || byte == 0x0D { return !isQuoted && count == expected }
            if isQuoted {
                if byte == dialect.quote { isQuoted = false }
            } else if byte == dialect.delimiter {
                count += 1
                isFieldStart = true
                index += 1
                continue
            } else if byte == dialect.quote, isFieldStart {
                isQuoted = true
            }
            isFieldStart = false
            index += 1
        }
        return !isQuoted && count == expected
    }

    /// Whether an odd number of escape bytes stands before the quote.
    func isEscaped(at: Int, by escape: UInt8, after open: Int) -> Bool {
        var index = at - 1
        while index > open, unsafe window.base[index] == escape { index -= 1 }
        return (at - 1 - index) % 2 == 1
    }

    func isBlank(from: Int, to end: Int) -> Bool {
        for index in from..<max(from, end) where unsafe window.base[index] != 0x20 { return false }
        return true
    }

    private func fieldIndex(of position: Int, _ pass: ScanPass) -> Int {
        var index = pass.state.recordFirstEnd
        while index < pass.endCount, unsafe Int(pass.ends[index] & FieldFlag.position) < position { index += 1 }
        return index - pass.state.recordFirstEnd
    }

    /// The physical line of the open quote: the record's line plus the line ends between them.
    private func lineOfQuote(_ pass: ScanPass) -> Int {
        var line = pass.state.recordLine
        for index in pass.state.recordStart..<pass.state.openQuote {
            let byte = unsafe window.base[index]
            let isSecondHalf = unsafe byte == 0x0A && index > 0 && window.base[index - 1] == 0x0D
            if byte == 0x0D || byte == 0x0A, !isSecondHalf { line += 1 }
        }
        return line
    }
}
