import HTTPTypes

/// One request of a fuzz input.
package struct FuzzRequest: Sendable, Hashable {
    /// The method, such as `POST`.
    package var method: String
    /// Path and query as they are on the wire.
    package var path: String
    /// Names and values in order.
    package var headers: [Header]
    /// The body.
    package var body: [UInt8]

    /// A header of a request.
    package struct Header: Sendable, Hashable {
        /// The name in lower case.
        package var name: String
        /// The value.
        package var value: String
    }

    /// Makes a request.
    package init(_ method: String, _ path: String, _ headers: [(String, String)] = [], body: [UInt8] = []) {
        self.method = method
        self.path = path
        self.headers = headers.map { Header(name: $0.0.lowercased(), value: $0.1) }
        self.body = body
    }

    /// The value of the first header of that name, in lower case; assigning `nil` removes all of them.
    package subscript(name: String) -> String? {
        get { headers.first { $0.name == name }?.value }
        set {
            guard let place = headers.firstIndex(where: { $0.name == name }) else {
                if let newValue { headers.append(Header(name: name, value: newValue)) }
                return
            }
            if let newValue { headers[place].value = newValue } else { headers.removeAll { $0.name == name } }
        }
    }

    /// The head as the server sees it; headers that HTTP does not allow are left out.
    var head: HTTPRequest? {
        guard let method = HTTPRequest.Method(method) else { return nil }
        var request = HTTPRequest(
            method: method, scheme: "http", authority: self["host"] ?? FuzzWorld.authority, path: path)
        for header in headers where header.name != "host" {
            if let name = HTTPField.Name(header.name) {
                request.headerFields.append(HTTPField(name: name, value: header.value))
            }
        }
        request.headerFields[.contentLength] = String(body.count)
        return request
    }
}

/// A fuzz input: requests that are sent one after another to a cloud that is new each time.
///
/// Written to a file, an input is the requests in HTTP/1.1, each body as long as its `Content-Length` says.
package struct FuzzInput: Sendable, Hashable {
    /// The requests in order.
    package var requests: [FuzzRequest]

    /// Makes an input.
    package init(_ requests: [FuzzRequest]) { self.requests = requests }

    /// How many bytes the paths, headers and bodies have.
    package var sizeBytes: Int {
        requests.reduce(0) { sum, request in
            sum + request.body.count + request.path.utf8.count
                + request.headers.reduce(0) { $0 + $1.value.utf8.count }
        }
    }

    /// The input as a file.
    package var file: [UInt8] {
        var bytes: [UInt8] = []
        for request in requests {
            var text = "\(request.method) \(request.path) HTTP/1.1\r\n"
            for header in request.headers where header.name != "content-length" {
                text += "\(header.name): \(header.value)\r\n"
            }
            bytes += Array((text + "content-length: \(request.body.count)\r\n\r\n").utf8) + request.body
        }
        return bytes
    }

    /// Reads a file; `nil` when it is not what ``file`` writes.
    package init?(file bytes: [UInt8]) {
        requests = []
        var rest = bytes[...]
        while !rest.isEmpty {
            guard let end = Self.endOfHead(rest) else { return nil }
            let text = String(decoding: rest[rest.startIndex..<end], as: UTF8.self)
            var lines = text.split(separator: "\r\n", omittingEmptySubsequences: false)
            let words = lines.removeFirst().split(separator: " ", omittingEmptySubsequences: false)
            guard words.count >= 3 else { return nil }
            var request = FuzzRequest(String(words[0]), words[1..<(words.count - 1)].joined(separator: " "))
            for line in lines {
                guard let colon = line.firstIndex(of: ":") else { return nil }
                let value = line[line.index(after: colon)...].drop { $0 == " " }
                request.headers.append(.init(name: line[..<colon].lowercased(), value: String(value)))
            }
            guard let length = request["content-length"].flatMap({ Int($0) }), length >= 0,
                end + 4 + length <= rest.endIndex
            else { return nil }
            request["content-length"] = nil
            request.body = Array(rest[(end + 4)..<(end + 4 + length)])
            requests.append(request)
            rest = rest[(end + 4 + length)...]
        }
    }

    private static func endOfHead(_ bytes: ArraySlice<UInt8>) -> Int? {
        let mark = Array("\r\n\r\n".utf8)
        guard bytes.count >= mark.count else { return nil }
        return (bytes.startIndex...(bytes.endIndex - mark.count)).first { bytes[$0...].starts(with: mark) }
    }
}
