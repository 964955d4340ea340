package import HTTPTypes

/// The two parts of a request's path as they are on the wire.
package struct RequestTarget: Sendable, Hashable {
    /// The percent-encoded path, starting with `/`.
    package var path: String
    /// The raw query without `?`; empty when there is none.
    package var query: String

    /// Makes a target from encoded parts.
    package init(path: String, query: String = "") {
        self.path = path.isEmpty ? "/" : path
        self.query = query
    }

    /// Splits `/path?query`; a missing path is `/`.
    package init(_ request: HTTPRequest) {
        let raw = request.path ?? "/"
        guard let mark = raw.utf8.firstIndex(of: UInt8(ascii: "?")) else {
            self.init(path: raw)
            return
        }
        self.init(path: String(raw[..<mark]), query: String(raw[raw.utf8.index(after: mark)...]))
    }

    /// The parts joined again.
    package var joined: String { query.isEmpty ? path : path + "?" + query }
}
