import Glibc

/// What the place that a stream of text goes to can show.
struct Terminal: Sendable, Hashable {
    /// Whether a person watches it, so that lines may be redrawn.
    var isInteractive: Bool
    /// Whether colour and weight may be used.
    var usesColor: Bool
    /// Columns of text, at least 40; `nil` when lines may be as long as they like.
    var width: Int?

    /// A file or a pipe: no colour, no redrawing, no limit.
    static let plain = Terminal(isInteractive: false, usesColor: false, width: nil)

    /// Looks at a file descriptor and at `NO_COLOR`, `TERM` and `COLUMNS`.
    ///
    /// Source: no-color.org; a set and non-empty `NO_COLOR` turns colour off.
    static func detect(descriptor: Int32, environment: [String: String]) -> Terminal {
        let columns = environment["COLUMNS"].flatMap { Int($0) }.flatMap { $0 > 0 ? $0 : nil }
        guard isatty(descriptor) == 1 else {
            return Terminal(isInteractive: false, usesColor: false, width: columns.map { max($0, 40) })
        }
        var size = winsize()
        let known = ioctl(descriptor, UInt(TIOCGWINSZ), &size) == 0 && size.ws_col > 0
        let isDumb = environment["TERM"] == "dumb"
        let noColor = environment["NO_COLOR"].map { !$0.isEmpty } ?? false
        return Terminal(
            isInteractive: !isDumb, usesColor: !isDumb && !noColor,
            width: max(columns ?? (known ? Int(size.ws_col) : 80), 40))
    }
}
