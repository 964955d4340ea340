/// Walls around files and functions.
enum SizeRules {
    /// The most lines a Swift file may have.
    static let fileWall = 400
    /// The most lines a function may have, from its first line to its closing brace.
    static let functionWall = 70

    static func longFiles(_ file: SourceFile) -> [Finding] {
        let count = file.text.count { $0 == UInt8(ascii: "\n") }
        guard count > fileWall else { return [] }
        return [Finding(path: file.path, line: 1, reason: "\(count) lines, the wall is \(fileWall)")]
    }

    static func longFunctions(_ file: SourceFile) -> [Finding] {
        guard file.text.count(where: { $0 == UInt8(ascii: "\n") }) >= functionWall else { return [] }
        return FunctionScanner(file.code).functions().compactMap { function in
            let count = function.lastLine - function.firstLine + 1
            guard count > functionWall else { return nil }
            return Finding(
                path: file.path, line: function.firstLine,
                reason: "a function of \(count) lines, the wall is \(functionWall)")
        }
    }
}

/// Finds the bodies of functions, initialisers and subscripts in blanked code.
struct FunctionScanner {
    struct Function: Equatable {
        let firstLine: Int
        let lastLine: Int
    }

    private let tokens: [Token]

    private struct Token {
        let text: String
        let line: Int
    }

    init(_ code: [UInt8]) {
        var tokens: [Token] = []
        var line = 1
        var word: [UInt8] = []
        for byte in code + [UInt8(ascii: "\n")] {
            if Self.isWordByte(byte) {
                word.append(byte)
                continue
            }
            if !word.isEmpty {
                tokens.append(Token(text: String(decoding: word, as: UTF8.self), line: line))
                word.removeAll(keepingCapacity: true)
            }
            switch byte {
            case UInt8(ascii: "\n"): line += 1
            case UInt8(ascii: " "): break
            default: tokens.append(Token(text: String(decoding: [byte], as: UTF8.self), line: line))
            }
        }
        self.tokens = tokens
    }

    func functions() -> [Function] {
        tokens.indices.compactMap { place in
            guard isDeclaration(at: place), let open = bodyStart(after: place) else { return nil }
            return Function(firstLine: tokens[place].line, lastLine: tokens[closing(of: open)].line)
        }
    }

    private func isDeclaration(at place: Int) -> Bool {
        let previous = place > 0 ? tokens[place - 1].text : ""
        return switch tokens[place].text {
        case "func": true
        case "init", "deinit", "subscript": previous != "."
        default: false
        }
    }

    /// The place of the brace that opens the body; `nil` for a requirement of a protocol.
    private func bodyStart(after place: Int) -> Int? {
        var depth = 0
        for next in (place + 1)..<tokens.count {
            switch tokens[next].text {
            case "(", "[": depth += 1
            case ")", "]": depth -= 1
            case "{" where depth == 0: return next
            case "}" where depth == 0: return nil
            case "func", "init", "deinit", "subscript", "var", "let", "case", "static", "package", "public":
                if depth == 0 { return nil }
            default: break
            }
            if depth < 0 { return nil }
        }
        return nil
    }

    private func closing(of open: Int) -> Int {
        var depth = 0
        for place in open..<tokens.count {
            switch tokens[place].text {
            case "{": depth += 1
            case "}": depth -= 1
            default: break
            }
            if depth == 0 { return place }
        }
        return tokens.count - 1
    }

    private static func isWordByte(_ byte: UInt8) -> Bool {
        switch byte {
        case 0x30...0x39, 0x41...0x5A, 0x61...0x7A, 0x5F, 0x80...: true
        default: false
        }
    }
}
