/// How a piece of text stands out on a terminal that can show it.
enum TextStyle: String, Sendable, Hashable {
    case plain = ""
    case bold = "1"
    case dim = "2"
    case red = "31"
    case green = "32"
    case yellow = "33"
    case cyan = "36"

    /// The text with this style's escape sequences around it, when colour may be used.
    func applied(to text: String, on terminal: Terminal) -> String {
        guard terminal.usesColor, self != .plain, !text.isEmpty else { return text }
        return "\u{1B}[\(rawValue)m\(text)\u{1B}[0m"
    }
}
