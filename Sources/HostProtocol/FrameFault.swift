/// Why bytes are not a frame.
package enum FrameFault: Error, Hashable, CustomStringConvertible {
    /// The frame ends before its content does.
    case truncated(expected: Int, found: Int)
    /// No frame has this kind.
    case unknownKind(UInt8)
    /// Bytes follow the content.
    case trailingBytes(Int)
    /// A text is not UTF-8.
    case invalidText
    /// A value is outside what the field allows.
    case invalidValue(field: String)
    /// The other side speaks another version.
    case version(found: UInt32)
    /// A frame is larger than the limit.
    case tooLarge(limit: Int)

    /// One sentence.
    package var description: String {
        switch self {
        case .truncated(let expected, let found): "expected \(expected) more bytes in a frame, found \(found)"
        case .unknownKind(let kind): "no frame has the kind \(kind)"
        case .trailingBytes(let count): "\(count) bytes follow a frame's content"
        case .invalidText: "a text in a frame is not UTF-8"
        case .invalidValue(let field): "the field \(field) of a frame is out of range"
        case .version(let found):
            "expected host protocol \(HostHello.protocolVersion), found \(found): "
                + "runner and headrace-host are of different builds"
        case .tooLarge(let limit): "a frame is larger than \(limit) bytes"
        }
    }
}
