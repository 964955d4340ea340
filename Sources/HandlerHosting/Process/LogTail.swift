/// The last lines of a handler and of its process, oldest first.
struct LogTail: Sendable {
    /// How many lines are kept.
    static let lineLimit = 20
    /// How many bytes of a line are kept.
    static let lineBytes = 1024

    private(set) var lines: [String] = []
    private var pending: [UInt8] = []

    /// Adds a line of the handler's log.
    mutating func add(_ line: String) {
        let text =
            line.utf8.count <= Self.lineBytes
            ? line : String(decoding: line.utf8.prefix(Self.lineBytes), as: UTF8.self) + "…"
        lines.append(text)
        if lines.count > Self.lineLimit { lines.removeFirst(lines.count - Self.lineLimit) }
    }

    /// Adds bytes that the process wrote to stdout or stderr.
    mutating func addOutput(_ bytes: ArraySlice<UInt8>) {
        for piece in bytes.split(separator: 0x0A, omittingEmptySubsequences: false).enumerated() {
            if piece.offset > 0 { endLine() }
            let room = Self.lineBytes - pending.count
            if room > 0 { pending.append(contentsOf: piece.element.prefix(room)) }
        }
    }

    /// Ends a line that has no newline yet.
    mutating func endLine() {
        guard !pending.isEmpty else { return }
        // Control characters of a handler must not reach a terminal.
        let text = String(decoding: pending, as: UTF8.self)
        add(
            String(String.UnicodeScalarView(text.unicodeScalars.map { $0.value < 0x20 || $0.value == 0x7F ? " " : $0 }))
        )
        pending.removeAll(keepingCapacity: true)
    }

    /// Forgets everything, at the start of a run.
    mutating func clear() {
        lines.removeAll()
        pending.removeAll()
    }
}
