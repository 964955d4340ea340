import TabularData

extension TableValidator {
    func noteDefects(of record: borrowing CSVRecord) {
        for defect in record.defects {
            let code: IssueCode = defect.kind == .unclosedQuote ? .quoteUnclosed : .quoteStray
            let message =
                switch defect.kind {
                case .unclosedQuote: "a quote opens a field and is never closed; it was read as text"
                case .strayQuote: "a quote stands inside a field without quotes; it was read as text"
                case .textAfterQuote: "text follows a closing quote; it was added to the field"
                }
            let column = defect.field < record.count ? defect.field : nil
            noteRow(code, record, column: column) {
                var issue = Issue(code, message, fix: "Put the field in quotes and double each quote inside it.")
                issue.byteOffset = defect.byteOffset
                return issue
            }
        }
    }

    func noteLength(of record: borrowing CSVRecord, expected: Int) {
        let found = record.count
        let code: IssueCode = found < expected ? .rowShort : .rowLong
        if found < expected { lastShortRow = rows.data }
        noteRow(code, record) {
            var issue = Issue(
                code, "the row has \(found) fields, the header has \(expected)",
                fix: found < expected
                    ? "Add the missing fields or delimiters." : "Put fields that hold the delimiter in quotes.")
            issue.expected = "\(expected) fields"
            issue.value = "\(found) fields"
            return issue
        }
    }

    func checkHeader(_ record: borrowing CSVRecord, _ binding: HeaderBinding) {
        var seen: [String: Int] = [:]
        for (index, label) in binding.labels.enumerated() {
            let raw = record[index]
            if label.isEmpty {
                noteRow(.headerBlankLabel, record, column: index) {
                    Issue(.headerBlankLabel, "column \(index + 1) has no name", fix: "Name the column or delete it.")
                }
                continue
            }
            if let first = seen[label] {
                noteRow(.headerDuplicateLabel, record, column: index) {
                    Issue(
                        .headerDuplicateLabel, "columns \(first + 1) and \(index + 1) have the same name",
                        fix: "Rename or delete one of them.")
                }
            }
            if seen[label] == nil { seen[label] = index }
            if raw.trimmed.count != raw.count {
                noteRow(.headerWhitespace, record, column: index) {
                    Issue(.headerWhitespace, "the name has blanks at its ends", fix: "Delete the blanks.")
                }
            }
            if raw.withUnsafeBytes(CSVWriter.isFormula) {
                noteRow(.headerFormula, record, column: index) {
                    Issue(.headerFormula, "the name starts like a formula", fix: "Delete the first character.")
                }
            }
        }
        if let schema = schemaUsed, parameters.level != .structure { checkLabels(record, binding, schema) }
    }

    private func checkLabels(_ record: borrowing CSVRecord, _ binding: HeaderBinding, _ schema: TableSchema) {
        for column in schema.columns {
            let index = binding.index(of: column.name)
            if index == nil, !column.isRequired { continue }
            if let index, binding.labels[index] == column.name { continue }
            noteRow(.headerMissingLabel, record, column: index) {
                let found = index.map { "; “\(binding.labels[$0])” seems to be it" } ?? ""
                var issue = Issue(
                    .headerMissingLabel, "there is no column “\(column.name)”\(found)",
                    fix: "Add or rename the column, or run column-map first.")
                issue.expected = column.name
                return issue
            }
        }
        for (index, label) in binding.labels.enumerated() where binding.columns[index] == nil && !label.isEmpty {
            noteRow(.headerExtraLabel, record, column: index) {
                Issue(.headerExtraLabel, "the schema has no such column; it is not checked", fix: "Nothing to do.")
            }
        }
        let found = binding.columns.compactMap { $0?.name }
        let usual = schema.columns.map(\.name).filter { found.contains($0) }
        if found != usual {
            noteRow(.headerOrder, record) {
                Issue(.headerOrder, "the columns stand in another order than usual", fix: "Nothing to do.")
            }
        }
    }

    /// Notes what only the end of the file tells.
    func judgeFile() {
        noteEncoding()
        if let reader = document.reader {
            let ends = reader.lineEnds
            let kinds = [ends.lineFeed, ends.carriageReturnLineFeed, ends.carriageReturn].filter { $0 > 0 }.count
            if kinds > 1 {
                note(.lineEndsMixed) {
                    Issue(
                        .lineEndsMixed,
                        "lines end with LF \(ends.lineFeed), CRLF \(ends.carriageReturnLineFeed), "
                            + "CR \(ends.carriageReturn) times",
                        fix: "Save the file with one kind of line end.")
                }
            } else if ends.carriageReturn > 0 {
                note(.lineEndsCR) {
                    Issue(.lineEndsCR, "lines end with a lone CR", fix: "Save the file with LF or CRLF.")
                }
            }
            if reader.lastRecordLacksLineEnd, lastRowWasShort {
                note(.truncatedLastRecord) {
                    Issue(
                        .truncatedLastRecord, "the last row is short and has no line end: the file seems cut off",
                        fix: "Transfer the whole file again.")
                }
            }
        }
        noteDialect()
        if rows.data == 0, !isStopped {
            note(.tooFewRows) {
                Issue(.tooFewRows, "the file has a header and no data row", fix: "Export at least one row.")
            }
        }
    }

    private func noteDialect() {
        guard let detection = document.dialect else { return }
        if detection.dialect.preambleLines > 0 {
            note(.preamble, line: 1) {
                Issue(
                    .preamble, "\(detection.dialect.preambleLines) lines stand above the header; they were skipped",
                    fix: "Delete the lines above the header.")
            }
        }
        if detection.modalFields > 1, detection.confidence < 0.1, let runnerUp = detection.alternatives.first {
            note(.delimiterAmbiguous) {
                Issue(
                    .delimiterAmbiguous,
                    "the delimiter could be “\(Character(Unicode.Scalar(detection.dialect.delimiter)))” or "
                        + "“\(Character(Unicode.Scalar(runnerUp.delimiter)))”; the first was taken",
                    fix: "Name the delimiter in the parameters.")
            }
        }
    }

    private func noteEncoding() {
        guard let encoding = document.encoding else { return }
        if encoding.byteOrderMarkBytes > 0 {
            note(.encodingByteOrderMark) {
                Issue(.encodingByteOrderMark, "the file starts with a byte order mark", fix: "Nothing to do.")
            }
        }
        if encoding.isGuess {
            note(.encodingGuessed) {
                Issue(
                    .encodingGuessed, "the encoding is taken for \(encoding.encoding.rawValue)",
                    fix: "Save the file as UTF-8.")
            }
        }
        let invalid = document.validator
        for offset in invalid.firstInvalidOffsets.prefix(1) {
            note(.encodingInvalidUTF8) {
                var issue = Issue(
                    .encodingInvalidUTF8, "\(invalid.invalidCount) byte sequences are not UTF-8",
                    fix: "Save the file as UTF-8.")
                issue.byteOffset = offset
                return issue
            }
        }
        if let offset = invalid.firstNULOffset {
            note(.nulByte) {
                var issue = Issue(.nulByte, "\(invalid.nulCount) NUL bytes stand in the text", fix: "Export again.")
                issue.byteOffset = offset
                return issue
            }
        }
    }

    private var lastRowWasShort: Bool { rows.data > 0 && lastShortRow == rows.data }
}
