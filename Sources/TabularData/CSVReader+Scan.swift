extension CSVReader {
    /// Splits what the window holds beyond the last scanned byte into fields and records.
    func scanWindow() {
        while failure == nil {
            if scanPass() && settleOpenField() { return }
        }
    }

    /// Ends the last record at the end of the window.
    func finishScan() {
        scanWindow()
        while failure == nil {
            var pass = startPass()
            let end = window.count
            if pass.state.mode == .quoted {
                pass.state.position = end
                takeQuoteAsText(&pass, byLimit: true)
            } else if pass.state.mode == .afterQuote, end > pass.state.quotePosition + 1,
                !(dialect.skipsInitialSpace && isBlank(from: pass.state.quotePosition + 1, to: end)),
                !acceptTextAfterQuote(&pass)
            {
                // The record is read again below.
            } else if end > pass.state.recordStart || pass.endCount > pass.state.recordFirstEnd {
                noteMissingLineEnd()
                if endField(at: end, &pass), endRecord(at: end, &pass) {
                    pass.state.beginRecord(at: end, line: pass.state.line, pass.endCount, defects.count)
                    commit(pass)
                    return
                }
            } else {
                return
            }
            commit(pass)
            scanWindow()
        }
    }

    /// Scans up to the window's end; false when a quote turned out to be text and the record must be read again.
    private func scanPass() -> Bool {
        var pass = startPass()
        defer { commit(pass) }
        let end = window.count
        let bytes = unsafe window.base
        let delimiter = dialect.delimiter
        let maxFieldBytes = limits.maxFieldBytes
        while pass.state.position < end {
            let from = pass.state.position
            var mask = structuralMask(from: from, to: end)
            pass.state.position = min(from + 64, end)
            while mask != 0 {
                let at = from + mask.trailingZeroBitCount
                mask &= mask &- 1
                let byte = unsafe bytes[at]
                if byte == delimiter, pass.state.mode == .plain, at - pass.state.fieldStart <= maxFieldBytes {
                    unsafe pass.ends[pass.endCount] = UInt32(truncatingIfNeeded: at) | pass.state.fieldFlags
                    pass.endCount += 1
                    pass.state.fieldStart = at + 1
                    pass.state.fieldFlags = 0
                    pass.fieldHasDefect = false
                    if pass.endCount - pass.state.recordFirstEnd >= limits.maxFields { fail(.fields, pass) }
                } else if !handle(byte, at: at, &pass) {
                    return false
                }
            }
            if failure != nil { return false }
        }
        return true
    }

    @inline(__always)
    private func structuralMask(from: Int, to end: Int) -> UInt64 {
        if end - from >= 64 { return unsafe scan.mask64(UnsafeRawPointer(window.base + from)) }
        var tail = SIMD64<UInt8>()
        let count = end - from
        return unsafe withUnsafeMutableBytes(of: &tail) { room in
            unsafe room.baseAddress?.copyMemory(from: window.base + from, byteCount: count)
            guard let start = room.baseAddress else { return 0 }
            return unsafe scan.mask64(UnsafeRawPointer(start)) & ((1 &<< UInt64(count)) &- 1)
        }
    }

    /// Acts on one structural byte outside the fast path; false ends the pass.
    private func handle(_ byte: UInt8, at: Int, _ pass: inout ScanPass) -> Bool {
        switch pass.state.mode {
        case .plain: handlePlain(byte, at: at, &pass)
        case .quoted: handleQuoted(byte, at: at, &pass)
        case .afterQuote: handleAfterQuote(byte, at: at, &pass)
        }
    }

    private func handlePlain(_ byte: UInt8, at: Int, _ pass: inout ScanPass) -> Bool {
        switch byte {
        case dialect.delimiter:
            return endField(at: at, &pass)
        case 0x0A:
            if at == pass.state.recordStart, pass.state.followsCarriageReturn {
                carriageReturnEnds -= 1
                bothEnds += 1
                pass.state.beginRecord(at: at + 1, line: pass.state.line, pass.endCount, defects.count)
                return true
            }
            guard endField(at: at, &pass), endRecord(at: at, &pass) else { return false }
            lineFeedEnds += 1
            pass.state.beginRecord(at: at + 1, line: pass.state.line + 1, pass.endCount, defects.count)
            return true
        case 0x0D:
            guard endField(at: at, &pass), endRecord(at: at, &pass) else { return false }
            carriageReturnEnds += 1
            pass.state.beginRecord(at: at + 1, line: pass.state.line + 1, pass.endCount, defects.count)
            pass.state.followsCarriageReturn = true
            return true
        default:
            openQuote(at: at, &pass)
            return true
        }
    }

    private func openQuote(at: Int, _ pass: inout ScanPass) {
        guard dialect.quote != nil else { return }
        let atStart =
            at == pass.state.fieldStart
            || (dialect.skipsInitialSpace && isBlank(from: pass.state.fieldStart, to: at))
        let isLiteral =
            !pass.state.literalQuotes.isEmpty && pass.state.literalQuotes.contains(windowOffset + at)
        if isLiteral { return }
        guard atStart else {
            note(.strayQuote, at: at, line: pass.state.line, &pass)
            return
        }
        pass.state.mode = .quoted
        pass.state.openQuote = at
        pass.state.quoteLine = pass.state.line
        pass.state.fieldFlags |= FieldFlag.quoted
        if at != pass.state.fieldStart || dialect.escape != nil { pass.markEscaped() }
    }

    private func handleQuoted(_ byte: UInt8, at: Int, _ pass: inout ScanPass) -> Bool {
        if at - pass.state.fieldStart > maxQuotedBytes {
            takeQuoteAsText(&pass, byLimit: true)
            return false
        }
        switch byte {
        case 0x0A where unsafe window.base[at - 1] != 0x0D, 0x0D:
            pass.state.line += 1
            if pass.state.spanningQuote == nil {
                pass.state.spanningQuote = (pass.state.openQuote, pass.endCount - pass.state.recordFirstEnd)
            }
            guard pass.state.line - pass.state.recordLine < maxQuotedLines else {
                takeQuoteAsText(&pass, byLimit: true)
                return false
            }
        case dialect.quote:
            if let escape = dialect.escape, isEscaped(at: at, by: escape, after: pass.state.openQuote) { break }
            pass.state.mode = .afterQuote
            pass.state.quotePosition = at
        default:
            break
        }
        return true
    }

    private func handleAfterQuote(_ byte: UInt8, at: Int, _ pass: inout ScanPass) -> Bool {
        let isAdjacent = at == pass.state.quotePosition + 1
        if isAdjacent, byte == dialect.quote {
            pass.state.mode = .quoted
            pass.markEscaped()
            return true
        }
        if !isAdjacent {
            if dialect.skipsInitialSpace, byte != dialect.quote, isBlank(from: pass.state.quotePosition + 1, to: at) {
                pass.markEscaped()
            } else if !acceptTextAfterQuote(&pass) {
                return false
            }
        }
        pass.state.mode = .plain
        return handlePlain(byte, at: at, &pass)
    }

    /// Decides what the open field is when its bytes so far already tell; false when the record is read again.
    private func settleOpenField() -> Bool {
        var pass = startPass()
        defer { commit(pass) }
        let end = window.count
        switch pass.state.mode {
        case .quoted:
            if end - pass.state.fieldStart > maxQuotedBytes {
                takeQuoteAsText(&pass, byLimit: true)
                return false
            }
        case .afterQuote:
            let rest = pass.state.quotePosition + 1
            if end - pass.state.fieldStart > limits.maxFieldBytes + 2 { fail(.field, pass) }
            if end > rest, !(dialect.skipsInitialSpace && isBlank(from: rest, to: end)) {
                return acceptTextAfterQuote(&pass)
            }
        case .plain:
            if end - pass.state.fieldStart > limits.maxFieldBytes { fail(.field, pass) }
        }
        let settledEnd = pass.state.mode == .plain ? end : pass.state.fieldStart
        if settledEnd - pass.state.recordStart > limits.maxRecordBytes { fail(.record, pass) }
        return failure == nil
    }
}
