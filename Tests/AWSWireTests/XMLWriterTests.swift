import AWSWire
import Testing

@Suite("XML: writing")
struct XMLWriterTests {
    @Test(
        "Characters that XML cannot have as they are become references, and come back",
        arguments: ["\u{1}", "\u{8}", "\u{B}", "\u{C}", "\u{1F}", "a\r\n\t\u{1}b", "<&>\"'"])
    func references(text: String) throws {
        let bytes = XMLElement("Key", text).document()
        #expect(!bytes.contains { $0 < 0x20 && $0 != 9 && $0 != 10 })
        #expect(try XMLElement(parsing: bytes).text == text)
    }

    @Test("NUL, which no reference can say, is replaced")
    func nul() throws {
        #expect(try XMLElement(parsing: XMLElement("Key", "a\0b").document()).text == "a\u{FFFD}b")
    }
}
