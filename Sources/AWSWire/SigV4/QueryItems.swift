/// The query of a URL as an ordered list of decoded names and values.
package struct QueryItems: Sendable, Hashable {
    /// One `name=value`, or a `name` without `=` when the value is `nil`.
    package struct Item: Sendable, Hashable {
        /// The decoded name.
        package var name: String
        /// The decoded value; `nil` when the URL has no `=`, which is signed as an empty value.
        package var value: String?

        /// Makes an item from decoded text.
        package init(_ name: String, _ value: String? = nil) {
            self.name = name
            self.value = value
        }
    }

    /// The items in the order of the URL.
    package var items: [Item]

    /// Makes a query from decoded items.
    package init(_ items: [Item] = []) { self.items = items }

    /// Reads a raw query, the part after `?`; empty pieces between `&` are dropped.
    ///
    /// `plusIsSpace` reads `+` as a space, as forms do and S3 does.
    package init(parsing raw: some StringProtocol, plusIsSpace: Bool = true) {
        // By bytes: a combining character behind a separator does not make it part of a name.
        items = Array(raw.utf8).split(separator: UInt8(ascii: "&")).map { piece in
            let text = { (bytes: ArraySlice<UInt8>) -> String in
                String(decoding: PercentEncoding.decodedBytes(bytes, plusIsSpace: plusIsSpace), as: UTF8.self)
            }
            guard let equals = piece.firstIndex(of: UInt8(ascii: "=")) else { return Item(text(piece)) }
            return Item(text(piece[..<equals]), text(piece[(equals + 1)...]))
        }
    }

    /// The value of the first item of that name; an item without `=` has the empty value.
    package subscript(name: String) -> String? {
        items.first { $0.name == name }.map { $0.value ?? "" }
    }

    /// Whether an item of that name is there, with or without a value.
    package func contains(_ name: String) -> Bool { items.contains { $0.name == name } }

    /// Adds an item at the end.
    package mutating func append(_ name: String, _ value: String? = nil) { items.append(Item(name, value)) }

    /// The query as a URL carries it, without `?`, in the order of the items.
    package var encoded: String {
        items.map { item in
            let name = PercentEncoding.encode(item.name)
            return item.value.map { name + "=" + PercentEncoding.encode($0) } ?? name
        }.joined(separator: "&")
    }

    /// The query as it is signed: encoded, sorted by name and then value in byte order, each with `=`.
    var canonical: String {
        items.map { (PercentEncoding.encode($0.name), PercentEncoding.encode($0.value ?? "")) }
            .sorted { left, right in
                left.0 == right.0
                    ? left.1.utf8.lexicographicallyPrecedes(right.1.utf8)
                    : left.0.utf8.lexicographicallyPrecedes(right.0.utf8)
            }
            .map { $0.0 + "=" + $0.1 }.joined(separator: "&")
    }
}
