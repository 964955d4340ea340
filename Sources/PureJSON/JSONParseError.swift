/// Why a text is not JSON, and where.
public struct JSONParseError: Error, Hashable, CustomStringConvertible {
    /// What was expected and what was found.
    public let reason: String
    /// Bytes before the fault.
    public let byteOffset: Int
    /// The fault's line, from 1.
    public let line: Int
    /// The fault's column in UTF-8 bytes, from 1.
    public let column: Int

    /// One sentence with the position.
    public var description: String { "not valid JSON at line \(line), column \(column): \(reason)" }
}

/// Bounds that keep a hostile text from costing more than its size.
public struct JSONLimits: Sendable, Hashable {
    /// How deep arrays and objects may nest.
    public var depth: Int
    /// How many bytes the text may have.
    public var byteCount: Int

    /// Makes limits.
    ///
    /// - Parameters:
    ///   - depth: how deep arrays and objects may nest.
    ///   - byteCount: how many bytes the text may have.
    public init(depth: Int = 128, byteCount: Int = 256 << 20) {
        self.depth = depth
        self.byteCount = byteCount
    }

    /// 128 levels, 256 MiB.
    public static let `default` = JSONLimits()
}
