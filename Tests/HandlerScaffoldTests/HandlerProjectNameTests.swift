import HandlerScaffold
import Testing

@Suite("Names of new handlers")
struct HandlerProjectNameTests {
    @Test(
        "A name has a spelling for each language",
        arguments: [
            ("rows", "rows", "RowsHandler"), ("row-count", "row_count", "RowCountHandler"),
            ("my-handler", "my_handler", "MyHandler"), ("h2o", "h2o", "H2oHandler"),
            ("swift", "swift", "SwiftHandler"),
        ])
    func spellings(_ label: String, _ snakeCase: String, _ typeName: String) throws {
        let name = try #require(HandlerProjectName(label))
        #expect(name.snakeCase == snakeCase)
        #expect(name.typeName == typeName)
    }

    @Test(
        "What is no label of DNS is refused",
        arguments: [
            "", "-a", "a-", "a--b", "A", "a_b", "a.b", "a/b", "../a", "1a", "ä", "a b",
            String(repeating: "a", count: 64),
        ])
    func refused(_ text: String) { #expect(HandlerProjectName(text) == nil) }

    @Test(
        "A refused name gets the nearest one that is allowed",
        arguments: [
            ("RowCount", "row-count"), ("my_handler", "my-handler"), ("CSV Rows!", "csv-rows"),
            ("2nd pass", "nd-pass"),
            ("a--b", "a-b"),
        ])
    func suggestions(_ text: String, _ label: String) {
        #expect(HandlerProjectName.suggestion(for: text)?.label == label)
    }

    @Test("Nothing comes of nothing", arguments: ["", "---", "123", "ÄÖ"])
    func noSuggestion(_ text: String) { #expect(HandlerProjectName.suggestion(for: text) == nil) }
}
