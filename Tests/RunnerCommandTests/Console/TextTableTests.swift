import Testing

@testable import RunnerCommand

@Suite("Text table")
struct TextTableTests {
    private let table: TextTable = {
        var table = TextTable([
            .init(title: "JOB", overflow: .truncate, minimumWidth: 6), .init(title: "ROWS", alignment: .right),
            .init(title: "WHY", overflow: .wrap, minimumWidth: 10),
        ])
        table.add(["churn-predict-20261121", "7,043", "month-to-month contract and no support"])
        table.add(["b", "1", ""])
        return table
    }()

    @Test("Columns are as wide as their widest cell where nothing limits the line")
    func unlimited() {
        #expect(
            table.lines(on: .plain) == [
                "JOB                      ROWS  WHY",
                "churn-predict-20261121  7,043  month-to-month contract and no support",
                "b                           1",
            ])
    }

    @Test("The widest columns give way until the line fits, by cutting or by wrapping")
    func narrow() {
        let lines = table.lines(on: Terminal(isInteractive: true, usesColor: false, width: 44))
        #expect(
            lines == [
                "JOB                 ROWS  WHY",
                "churn-predict-20…  7,043  month-to-month",
                "                          contract and no",
                "                          support",
                "b                      1",
            ])
    }

    @Test("No line is longer than the terminal", arguments: [40, 47, 52, 60, 71, 80])
    func fits(width: Int) {
        let lines = table.lines(on: Terminal(isInteractive: true, usesColor: false, width: width))
        #expect(lines.allSatisfy { TextWidth.of($0) <= width })
    }

    @Test("Colour surrounds the text and never the padding")
    func color() {
        var table = TextTable([.init(title: "A"), .init(title: "B")])
        table.add([.init("x", .red), "y"])
        table.add(["long", "z"])
        let lines = table.lines(on: Terminal(isInteractive: true, usesColor: true, width: 80))
        #expect(lines[1] == "\u{1B}[31mx\u{1B}[0m     y")
    }

    @Test("Data cannot move the cursor or break a line")
    func controlCharacters() {
        var table = TextTable([.init(title: "A")])
        table.add(["evil\u{1B}[2J\nnext"])
        #expect(table.lines(on: .plain)[1] == "evil\u{FFFD}[2J next")
    }

    @Test("Wide characters take two columns")
    func wide() {
        var table = TextTable([.init(title: "NAME"), .init(title: "N", alignment: .right)])
        table.add(["東京", "1"])
        table.add(["Zoë", "22"])
        #expect(table.lines(on: .plain) == ["NAME   N", "東京   1", "Zoë   22"])
    }
}

@Suite("Text width")
struct TextWidthTests {
    @Test(
        "Text is cut with an ellipsis when it is too wide",
        arguments: [("abcdef", 6, "abcdef"), ("abcdef", 5, "abcd…"), ("東京都", 4, "東…"), ("ab", 1, "…"), ("ab", 0, "")])
    func truncates(text: String, width: Int, expected: String) {
        #expect(TextWidth.truncated(text, to: width) == expected)
    }

    @Test("A word longer than the line is cut in pieces")
    func wrapsLongWords() {
        #expect(TextWidth.wrapped("see s3://bucket/key now", to: 8) == ["see", "s3://buc", "ket/key", "now"])
    }
}
