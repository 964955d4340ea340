import AWSWire
import Testing

@Suite("Texts between bytes")
struct ByteSearchTests {
    @Test(
        "The first text between two marks is found",
        arguments: [
            ("<Code>NoSuchKey</Code><Code>b</Code>", "NoSuchKey"), ("a<<Co<Code></Code>", ""),
            ("<Code>NoSuchKey", nil), ("<Cod>x</Cod>", nil), ("", nil), ("<Code>é<", "é"),
        ])
    func between(text: String, found: String?) {
        #expect(Array(text.utf8)[...].text(between: "<Code>", and: "<") == found)
        #expect(Array(("<Code>" + text).utf8).dropFirst(6).text(between: "<Code>", and: "<") == found)
    }
}
