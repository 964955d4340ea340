/// One record of a table, lent to a visitor for one call.
///
/// Shape: `count` fields of UTF-8 bytes, quotes taken off and doubled quotes made single. Nothing of it may be kept
/// past the visit; copy what is needed with ``CSVField/string`` or ``CSVField/bytes``.
@safe
public struct CSVRecord: ~Copyable {
    /// The physical line on which the record starts, from 1.
    public let line: Int
    /// The number of the record among those that are not blank, from 1; a blank line has its predecessor's.
    public let number: Int
    /// The position of the record's first byte, from the start of the UTF-8 text.
    public let byteOffset: Int
    /// How many fields the record has; 1 for a blank line.
    public let count: Int
    /// Where the record breaks the quoting rules, in order.
    public var defects: ArraySlice<CSVDefect> { unsafe whole.pointee.defects }

    @usableFromInline let bytes: UnsafePointer<UInt8>
    @usableFromInline let ends: UnsafePointer<UInt32>
    @usableFromInline let start: Int
    /// What is seldom asked for; owned by the reader.
    ///
    /// Kept apart because Swift 6.3.1 passes larger structs through a copy in optimised builds, and the copy of a
    /// non-copyable one traps.
    let whole: UnsafePointer<WholeRecord>

    /// Whether the line holds nothing at all.
    public var isBlank: Bool { unsafe count == 1 && whole.pointee.count == 0 }

    /// The record's bytes as they stand in the text, without the line end.
    public var raw: CSVField { unsafe CSVField(start: whole.pointee.bytes, count: whole.pointee.count) }

    /// The field at `index`, from 0; traps outside `0..<count`.
    @inlinable
    public subscript(index: Int) -> CSVField {
        precondition(index >= 0 && index < count, "a record has no field with this index")
        let word = unsafe ends[index]
        let from = index == 0 ? start : unsafe Int(ends[index - 1] & 0x3FFF_FFFF) + 1
        let to = Int(word & 0x3FFF_FFFF)
        let quotes = Int(word >> 31)
        return unsafe CSVField(start: bytes + from + quotes, count: to - from - 2 * quotes)
    }

    /// Whether the field at `index` is quoted in the text.
    public func isQuoted(_ index: Int) -> Bool {
        precondition(index >= 0 && index < count, "a record has no field with this index")
        return unsafe whole.pointee.ends[index] & FieldFlag.quoted != 0
    }

    /// The position of the field's first byte, its quote included, from the start of the UTF-8 text.
    public func byteOffset(of index: Int) -> Int {
        precondition(index >= 0 && index < count, "a record has no field with this index")
        guard index > 0 else { return byteOffset }
        return unsafe byteOffset + Int(whole.pointee.ends[index - 1] & FieldFlag.position) + 1 - whole.pointee.start
    }
}

/// A record as it stands in the reader's window.
@safe
struct WholeRecord {
    var bytes: UnsafePointer<UInt8>
    var ends: UnsafePointer<UInt32>
    var count: Int
    var start: Int
    var defects: ArraySlice<CSVDefect>
}

extension CSVReader {
    /// The lent view of one complete record; fields with doubled quotes are rewritten into the scratch buffer.
    func record(for entry: RecordEntry) -> CSVRecord {
        var bytes = unsafe UnsafePointer(window.base)
        var table = unsafe UnsafePointer(ends.base + entry.firstEnd)
        var start = entry.start
        if entry.hasEscapes {
            unescape(entry)
            unsafe bytes = UnsafePointer(scratch.base)
            unsafe table = UnsafePointer(scratchEnds.base)
            start = 0
        }
        unsafe whole.pointee = WholeRecord(
            bytes: UnsafePointer(window.base + entry.start), ends: UnsafePointer(ends.base + entry.firstEnd),
            count: entry.end - entry.start, start: entry.start,
            defects: defects[entry.firstDefect..<entry.firstDefect + entry.defectCount])
        return unsafe CSVRecord(
            line: entry.line, number: recordNumber, byteOffset: windowOffset + entry.start, count: entry.count,
            bytes: bytes, ends: table, start: start, whole: UnsafePointer(whole))
    }

    /// Copies the record into the scratch buffer with every field's text plain.
    private func unescape(_ entry: RecordEntry) {
        scratch.removeAll()
        scratchEnds.count = 0
        scratch.reserve(entry.end - entry.start + entry.count)
        var from = entry.start
        for index in entry.firstEnd..<entry.firstEnd + entry.count {
            let word = unsafe ends.base[index]
            let to = Int(word & FieldFlag.position)
            if word & FieldFlag.escaped != 0 {
                appendUnescaped(from, to)
            } else {
                let inset = word & FieldFlag.quoted != 0 ? 1 : 0
                unsafe scratch.append(
                    UnsafeRawBufferPointer(start: window.base + from + inset, count: to - from - 2 * inset))
            }
            scratchEnds.append(UInt32(scratch.count))
            scratch.append(0)
            from = to + 1
        }
    }

    private func appendUnescaped(_ from: Int, _ to: Int) {
        let text = unsafe window.base
        var index = from
        if dialect.skipsInitialSpace {
            while index < to, unsafe text[index] == 0x20 { index += 1 }
        }
        index += 1
        while index < to {
            let byte = unsafe text[index]
            let next: UInt8? = index + 1 < to ? unsafe text[index + 1] : nil
            if byte == dialect.escape, let next, next == dialect.quote || next == byte {
                scratch.append(next)
                index += 2
            } else if byte != dialect.quote {
                scratch.append(byte)
                index += 1
            } else if next == dialect.quote {
                scratch.append(byte)
                index += 2
            } else {
                index += 1
                break
            }
        }
        var end = to
        if dialect.skipsInitialSpace {
            while end > index, unsafe text[end - 1] == 0x20 { end -= 1 }
        }
        if index < end { unsafe scratch.append(UnsafeRawBufferPointer(start: text + index, count: end - index)) }
    }
}
