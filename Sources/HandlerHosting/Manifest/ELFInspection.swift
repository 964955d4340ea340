import CHandlerABI

/// What a library says of itself, read without running any of it.
enum ELFInspection {
    private static let entryPrefix = "jobhandler_v"

    /// Why a file cannot be a handler on this machine; `nil` when its entry point is there.
    static func fault(in bytes: [UInt8]) -> String? {
        guard bytes.starts(with: [0x7F, 0x45, 0x4C, 0x46]) else { return "is not an ELF file" }
        guard bytes.count >= 64, bytes[4] == 2, bytes[5] == 1 else { return "is not a 64-bit little-endian ELF file" }
        let image = ELFImage(bytes: bytes)
        guard image.number(at: 16, width: 2) == 3 else { return "is an ELF file, but no shared library" }
        let machine = image.number(at: 18, width: 2) ?? 0
        guard machine == ownMachine else {
            return "is built for \(name(of: machine)); this machine is \(name(of: ownMachine))"
        }
        guard let symbols = image.exportedSymbols(prefix: entryPrefix) else {
            return "has no readable table of dynamic symbols"
        }
        if symbols.contains(JH_ENTRY_SYMBOL) { return nil }
        guard let other = symbols.sorted().last else {
            return "does not export \(JH_ENTRY_SYMBOL): it is no handler, or the entry point is hidden"
        }
        return
            "exports \(other); this runner speaks v\(JH_ABI_MAJOR). Rebuild it with an SDK of major \(JH_ABI_MAJOR), "
            + "or use a runner that speaks \(other.dropFirst(entryPrefix.count - 1))"
    }

    private static var ownMachine: UInt64 {
        #if arch(x86_64)
            62
        #elseif arch(arm64)
            183
        #endif
    }

    private static func name(of machine: UInt64) -> String {
        switch machine {
        case 3: "x86"
        case 40: "arm"
        case 62: "x86_64"
        case 183: "aarch64"
        case 243: "riscv"
        default: "machine \(machine)"
        }
    }
}

/// The bytes of an ELF file; every read is checked against their end.
private struct ELFImage {
    private static let dynamicSymbols: UInt64 = 11
    private static let symbolBytes = 24
    private static let symbolLimit = 4_000_000

    let bytes: [UInt8]

    func number(at offset: Int, width: Int) -> UInt64? {
        guard offset >= 0, width <= bytes.count, offset <= bytes.count - width else { return nil }
        return (0..<width).reduce(0) { $0 | UInt64(bytes[offset + $1]) << ($1 * 8) }
    }

    /// Names of defined dynamic symbols with that beginning; `nil` when the tables are damaged or absent.
    func exportedSymbols(prefix: String) -> [String]? {
        guard let table = place(40), let width = number(at: 58, width: 2).map(Int.init), width >= 64,
            let count = number(at: 60, width: 2).map(Int.init), count * width <= bytes.count - table
        else { return nil }
        for section in 0..<count {
            let header = table + section * width
            guard let kind = number(at: header + 4, width: 4) else { return nil }
            guard kind == Self.dynamicSymbols else { continue }
            guard let link = number(at: header + 40, width: 4).map(Int.init), link < count,
                let symbols = range(of: header), let strings = range(of: table + link * width)
            else { return nil }
            return names(in: symbols, strings: strings, prefix: Array(prefix.utf8))
        }
        return nil
    }

    private func names(in symbols: Range<Int>, strings: Range<Int>, prefix: [UInt8]) -> [String] {
        var found: [String] = []
        for symbol in 0..<min(symbols.count / Self.symbolBytes, Self.symbolLimit) {
            let entry = symbols.lowerBound + symbol * Self.symbolBytes
            guard let name = number(at: entry, width: 4).map(Int.init), name < strings.count,
                let section = number(at: entry + 6, width: 2), section != 0
            else { continue }
            let text = bytes[(strings.lowerBound + name)..<strings.upperBound]
            guard text.starts(with: prefix) else { continue }
            found.append(String(decoding: text.prefix(128).prefix { $0 != 0 }, as: UTF8.self))
        }
        return found
    }

    private func place(_ offset: Int) -> Int? {
        number(at: offset, width: 8).flatMap { $0 < UInt64(bytes.count) ? Int($0) : nil }
    }

    /// Where a section's content lies, by its header.
    private func range(of header: Int) -> Range<Int>? {
        guard let start = place(header + 24), let size = number(at: header + 32, width: 8),
            size <= UInt64(bytes.count - start)
        else { return nil }
        return start..<(start + Int(size))
    }
}
