/// What becomes of one call when the faults that hit it are put together.
///
/// Latencies and stalls add up; of all else the rule that was armed first decides.
struct FaultPlan: Sendable {
    /// The names of the rules.
    var names: [String] = []
    /// Wait so long before anything is done.
    var latency: Duration = .zero
    /// Wait so long before the answer.
    var stall: Duration = .zero
    /// Refuse instead of doing.
    var error: (status: Int, code: String, message: String)?
    /// End the connection instead of doing.
    var endsBefore = false
    /// Do the call, and hide it.
    var aftermath: FaultAction.Aftermath?
    /// Say yes and do nothing.
    var drops = false
    /// Let received messages be received again.
    var duplicates = false
    /// What becomes of the answer's body.
    var body = BodyShape()

    init(_ firings: [FaultBook.Firing]) {
        for firing in firings {
            names.append(firing.name)
            switch firing.action {
            case .error(let status, let code, let message): error = error ?? (status, code, message)
            case .latency(let duration): latency += duration
            case .reset(.before): endsBefore = true
            case .reset(.headers):
                body.endsAfterBytes = 0
                body.isReset = true
            case .truncate(let bytes): body.endsAfterBytes = body.endsAfterBytes ?? bytes
            case .stall(let duration): stall += duration
            case .slowBody(let rate): body.bytesPerSecond = body.bytesPerSecond ?? rate
            case .corrupt: body.isCorrupt = true
            case .duplicate: duplicates = true
            case .drop: drops = true
            case .applyThen(let aftermath): self.aftermath = self.aftermath ?? aftermath
            }
        }
    }
}

/// What becomes of an answer's body.
struct BodyShape: Sendable, Hashable {
    /// Where it ends, with the connection.
    var endsAfterBytes: Int?
    /// Whether the connection ends with a TCP reset.
    var isReset = false
    /// No faster than this.
    var bytesPerSecond: Int?
    /// Whether a bit in its middle is flipped.
    var isCorrupt = false

    /// Whether the body comes as it is.
    var isPlain: Bool { self == BodyShape() }

    /// A piece of the body, by its place in it, as it is sent.
    ///
    /// When the body is slowed down, each portion takes a tenth of a second.
    func portions(of piece: [UInt8], at start: Int, ofBodyOf size: Int) -> [[UInt8]] {
        var piece = piece
        let middle = size / 2
        if isCorrupt, piece.indices.contains(middle - start) { piece[middle - start] ^= 0x01 }
        if let end = endsAfterBytes { piece = Array(piece.prefix(max(0, end - start))) }
        guard let bytesPerSecond else { return [piece] }
        let portion = max(1, bytesPerSecond / 10)
        return stride(from: 0, to: piece.count, by: portion).map { Array(piece[$0..<min($0 + portion, piece.count)]) }
    }
}
