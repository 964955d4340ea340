import AWSWire
import Testing

@Suite("Queries of URLs and forms")
struct QueryItemsTests {
    @Test(
        "A query is split at its separators and nowhere else",
        arguments: [
            ("a=1&b=2", [QueryItems.Item("a", "1"), QueryItems.Item("b", "2")]),
            ("&&a&b=&=c&", [QueryItems.Item("a"), QueryItems.Item("b", ""), QueryItems.Item("", "c")]),
            ("a=b=c%26+d", [QueryItems.Item("a", "b=c& d")]),
            ("a=1&\u{301}b=\u{301}2", [QueryItems.Item("a", "1"), QueryItems.Item("\u{301}b", "\u{301}2")]),
            ("", []),
        ])
    func parsing(raw: String, items: [QueryItems.Item]) { #expect(QueryItems(parsing: raw).items == items) }
}
