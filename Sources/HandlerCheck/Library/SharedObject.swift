/// What the loader and the checker want to know of an ELF shared object, read without running any of it.
///
/// Source: System V ABI, "Object Files"; the GNU extensions as the linker documents them.
struct SharedObject: Sendable, Hashable {
    /// Where the parts of the file are that are looked at; every read is checked against the file's end.
    private let image: ELFBytes

    /// The machine's number in the header, such as 62 for x86_64.
    let machine: UInt64
    /// Names of libraries that must be loaded too.
    private(set) var needed: [String] = []
    /// Where they are looked for: `DT_RUNPATH` and `DT_RPATH`, split at colons.
    private(set) var searchPaths: [String] = []
    /// Names of symbols that others can use.
    private(set) var exported: [String] = []
    /// Versions of other libraries' symbols that are needed, such as `GLIBC_2.34`.
    private(set) var neededVersions: [String] = []
    /// Whether the loader must make code writable to adjust it.
    private(set) var hasTextRelocations = false
    /// Whether the library stays loaded once it is.
    private(set) var refusesUnloading = false
    /// Whether the stack is to be executable; also so when the file does not say.
    private(set) var wantsExecutableStack = true
    /// Whether a part of it is both writable and executable.
    private(set) var hasWritableCode = false
    /// The size of sections with debug information, in bytes.
    private(set) var debugBytes: UInt64 = 0
    /// The size of the file, in bytes.
    var sizeBytes: Int { image.bytes.count }

    /// Reads a file's content; `nil` when it is no 64-bit little-endian shared object, or is damaged.
    init?(_ bytes: [UInt8]) {
        image = ELFBytes(bytes: bytes)
        guard bytes.starts(with: [0x7F, 0x45, 0x4C, 0x46, 2, 1]), image.number(at: 16, width: 2) == 3,
            let machine = image.number(at: 18, width: 2)
        else { return nil }
        self.machine = machine
        guard readSegments(), readSections() else { return nil }
    }

    /// The machine's name.
    var machineName: String {
        switch machine {
        case 3: "x86"
        case 40: "arm"
        case 62: "x86_64"
        case 183: "aarch64"
        case 243: "riscv"
        default: "machine \(machine)"
        }
    }

    // MARK: - Segments

    private enum Segment {
        static let load: UInt64 = 1
        static let stack: UInt64 = 0x6474_E551
        static let executable: UInt64 = 1
        static let writable: UInt64 = 2
    }

    private mutating func readSegments() -> Bool {
        guard let table = image.offset(at: 32), let width = image.count(at: 54), let count = image.count(at: 56),
            width >= 56
        else { return false }
        for place in 0..<count {
            let header = table + place * width
            guard let kind = image.number(at: header, width: 4), let flags = image.number(at: header + 4, width: 4)
            else { return false }
            if kind == Segment.stack { wantsExecutableStack = flags & Segment.executable != 0 }
            let both = Segment.executable | Segment.writable
            if kind == Segment.load, flags & both == both { hasWritableCode = true }
        }
        return true
    }

    // MARK: - Sections

    private enum Section {
        static let dynamic: UInt64 = 6
        static let dynamicSymbols: UInt64 = 11
        static let versionNeeds: UInt64 = 0x6FFF_FFFE
    }

    private mutating func readSections() -> Bool {
        guard let table = image.offset(at: 40), let width = image.count(at: 58), let count = image.count(at: 60),
            let names = image.count(at: 62), width >= 64, count > 0, names < count
        else { return false }
        let headers = (0..<count).map { table + $0 * width }
        guard let nameTable = image.content(of: headers[names]) else { return false }
        var hasSymbols = false
        for header in headers {
            guard let kind = image.number(at: header + 4, width: 4) else { return false }
            if let name = image.number(at: header, width: 4),
                image.text(in: nameTable, at: Int(name)).hasPrefix(".debug_")
            {
                debugBytes += image.number(at: header + 32, width: 8) ?? 0
            }
            guard [Section.dynamic, Section.dynamicSymbols, Section.versionNeeds].contains(kind) else { continue }
            guard let content = image.content(of: header), let link = image.number(at: header + 40, width: 4),
                link < UInt64(count), let strings = image.content(of: headers[Int(link)])
            else { return false }
            switch kind {
            case Section.dynamic: readDynamic(content, strings)
            case Section.dynamicSymbols:
                hasSymbols = true
                readSymbols(content, strings)
            default: readVersionNeeds(content, strings)
            }
        }
        return hasSymbols
    }

    private enum Tag {
        static let end: UInt64 = 0
        static let needed: UInt64 = 1
        static let searchPath: UInt64 = 15
        static let textRelocations: UInt64 = 22
        static let runPath: UInt64 = 29
        static let flags: UInt64 = 30
        static let moreFlags: UInt64 = 0x6FFF_FFFB
        static let textRelocationsFlag: UInt64 = 4
        static let noDeleteFlag: UInt64 = 8
    }

    private mutating func readDynamic(_ content: Range<Int>, _ strings: Range<Int>) {
        for entry in stride(from: content.lowerBound, to: content.upperBound - 15, by: 16) {
            guard let tag = image.number(at: entry, width: 8), let value = image.number(at: entry + 8, width: 8)
            else { return }
            switch tag {
            case Tag.end: return
            case Tag.needed: needed.append(image.text(in: strings, at: Int(truncatingIfNeeded: value)))
            case Tag.searchPath, Tag.runPath:
                let text = image.text(in: strings, at: Int(truncatingIfNeeded: value))
                searchPaths += text.split(separator: ":").map(String.init)
            case Tag.textRelocations: hasTextRelocations = true
            case Tag.flags where value & Tag.textRelocationsFlag != 0: hasTextRelocations = true
            case Tag.moreFlags where value & Tag.noDeleteFlag != 0: refusesUnloading = true
            default: break
            }
        }
    }

    private mutating func readSymbols(_ content: Range<Int>, _ strings: Range<Int>) {
        let symbolBytes = 24
        for entry in stride(from: content.lowerBound, to: content.upperBound - symbolBytes + 1, by: symbolBytes) {
            // Binding: global or weak; section 0: defined elsewhere.
            guard let name = image.number(at: entry, width: 4), let section = image.number(at: entry + 6, width: 2),
                let info = image.number(at: entry + 4, width: 1), section != 0, [1, 2].contains(info >> 4)
            else { continue }
            let text = image.text(in: strings, at: Int(name))
            if !text.isEmpty { exported.append(text) }
        }
    }

    private mutating func readVersionNeeds(_ content: Range<Int>, _ strings: Range<Int>) {
        // Entries point to the next one; the limit ends rings in damaged files.
        var (entry, entriesLeft) = (content.lowerBound, 1_000)
        while content.contains(entry), entriesLeft > 0 {
            entriesLeft -= 1
            guard let first = image.number(at: entry + 8, width: 4), let next = image.number(at: entry + 12, width: 4)
            else { return }
            var (auxiliary, left) = (entry + Int(first), 1_000)
            while content.contains(auxiliary), left > 0 {
                left -= 1
                guard let name = image.number(at: auxiliary + 8, width: 4),
                    let step = image.number(at: auxiliary + 12, width: 4)
                else { return }
                neededVersions.append(image.text(in: strings, at: Int(name)))
                if step == 0 { break }
                auxiliary += Int(step)
            }
            if next == 0 { return }
            entry += Int(next)
        }
    }
}

/// The bytes of an ELF file.
private struct ELFBytes: Sendable, Hashable {
    let bytes: [UInt8]

    func number(at offset: Int, width: Int) -> UInt64? {
        guard offset >= 0, width <= bytes.count, offset <= bytes.count - width else { return nil }
        return (0..<width).reduce(0) { $0 | UInt64(bytes[offset + $1]) << ($1 * 8) }
    }

    /// A number of 16 bits.
    func count(at offset: Int) -> Int? { number(at: offset, width: 2).map { Int($0) } }

    /// A place in the file.
    func offset(at place: Int) -> Int? {
        number(at: place, width: 8).flatMap { $0 < UInt64(bytes.count) ? Int($0) : nil }
    }

    /// Where a section's content lies, by its header.
    func content(of header: Int) -> Range<Int>? {
        guard let start = offset(at: header + 24), let size = number(at: header + 32, width: 8),
            size <= UInt64(bytes.count - start)
        else { return nil }
        return start..<start + Int(size)
    }

    /// The text that starts somewhere in a table of texts; empty for a place outside.
    func text(in table: Range<Int>, at place: Int) -> String {
        guard place >= 0, place < table.count else { return "" }
        return String(decoding: bytes[(table.lowerBound + place)..<table.upperBound].prefix { $0 != 0 }, as: UTF8.self)
    }
}
