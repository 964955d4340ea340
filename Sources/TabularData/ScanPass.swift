/// The scanner's working copy of its state, with direct access to the table of field ends.
@safe
struct ScanPass {
    var state: ScanState
    let ends: UnsafeMutablePointer<UInt32>
    var endCount: Int
    var fieldHasDefect: Bool

    mutating func markEscaped() {
        state.fieldFlags |= FieldFlag.escaped
        state.recordHasEscapes = true
    }
}

/// Which limit a record passed.
enum PassedLimit { case field, record, fields }

extension CSVReader {
    func startPass() -> ScanPass {
        ends.reserve(ends.count + window.count - state.position + 2)
        return unsafe ScanPass(
            state: state, ends: ends.base, endCount: ends.count, fieldHasDefect: state.fieldHasDefect)
    }

    func commit(_ pass: ScanPass) {
        state = pass.state
        state.fieldHasDefect = pass.fieldHasDefect
        ends.count = pass.endCount
    }

    func fail(_ limit: PassedLimit, _ pass: ScanPass) {
        guard failure == nil else { return }
        let record = windowOffset + pass.state.recordStart
        failure =
            switch limit {
            case .field:
                .fieldTooLong(
                    line: pass.state.line, byteOffset: windowOffset + pass.state.fieldStart,
                    limit: limits.maxFieldBytes)
            case .record:
                .recordTooLong(line: pass.state.recordLine, byteOffset: record, limit: limits.maxRecordBytes)
            case .fields:
                .tooManyFields(line: pass.state.recordLine, byteOffset: record, limit: limits.maxFields)
            }
    }

    /// Closes the field in progress at `at`; false when a limit is passed.
    func endField(at: Int, _ pass: inout ScanPass) -> Bool {
        let isQuoted = pass.state.fieldFlags & FieldFlag.quoted != 0
        if at - pass.state.fieldStart > limits.maxFieldBytes + (isQuoted ? 2 : 0) {
            fail(.field, pass)
        } else if at - pass.state.recordStart > limits.maxRecordBytes {
            fail(.record, pass)
        } else if pass.endCount - pass.state.recordFirstEnd >= limits.maxFields {
            fail(.fields, pass)
        }
        guard failure == nil else { return false }
        unsafe pass.ends[pass.endCount] = UInt32(truncatingIfNeeded: at) | pass.state.fieldFlags
        pass.endCount += 1
        pass.state.fieldStart = at + 1
        pass.state.fieldFlags = 0
        pass.state.mode = .plain
        pass.fieldHasDefect = false
        return true
    }

    /// Closes the record whose last field just ended; false when its text must be read again.
    func endRecord(at: Int, _ pass: inout ScanPass) -> Bool {
        let count = pass.endCount - pass.state.recordFirstEnd
        if let spanning = pass.state.spanningQuote, let expectedFields, count != expectedFields,
            fits(expectedFields, quoteAt: spanning.position, fieldsBefore: spanning.field)
        {
            pass.state.openQuote = spanning.position
            takeQuoteAsText(&pass, byLimit: false)
            return false
        }
        if pass.state.recordLine <= dialect.preambleLines {
            defects.removeSubrange(pass.state.recordFirstDefect...)
            return true
        }
        let entry = RecordEntry(
            start: pass.state.recordStart, end: at, firstEnd: pass.state.recordFirstEnd, count: count,
            line: pass.state.recordLine, firstDefect: pass.state.recordFirstDefect,
            defectCount: defects.count - pass.state.recordFirstDefect, hasEscapes: pass.state.recordHasEscapes)
        if expectedFields == nil, !entry.isBlank { expectedFields = count }
        records.append(entry)
        return true
    }
}
