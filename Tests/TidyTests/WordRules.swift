/// Words that code must not have, and where they are allowed all the same.
struct WordRule: Sendable {
    /// What is looked for.
    let word: String
    /// What to do instead.
    let reason: String
    /// Path prefixes below which the word is allowed.
    var allowedBelow: [String] = []
    /// Whether comments count as well.
    var countsComments = false

    func findings(in file: SourceFile) -> [Finding] {
        guard !allowedBelow.contains(where: { file.path.hasPrefix($0) }) else { return [] }
        guard SourceFile.contains(word, in: countsComments ? file.text : file.code) else { return [] }
        let lines = countsComments ? file.lines : file.codeLines
        return lines.enumerated().compactMap { index, line in
            guard occurs(in: line) else { return nil }
            return Finding(path: file.path, line: index + 1, reason: "\(word): \(reason)")
        }
    }

    private func occurs(in line: String) -> Bool {
        var rest = line[...]
        while let range = rest.firstRange(of: word) {
            let before = range.lowerBound > line.startIndex ? line[line.index(before: range.lowerBound)] : " "
            if !(before.isLetter || before.isNumber || before == "_") { return true }
            rest = rest[range.upperBound...]
        }
        return false
    }
}

extension WordRule {
    /// The folders of executables; their job is to talk to people.
    static let executables = ["Sources/headrace/", "Sources/headrace-host/", "Sources/RunnerCommand/"]
    /// The adapters that all time comes from: the programs' and that of handlers.
    static let clockAdapter = ["Sources/HandlerSDK/JobClock.swift", "Sources/SystemTime/"]

    /// Every rule; the words are put together so that this file does not break its own rules.
    static let all: [WordRule] = [
        WordRule(word: "try" + "!", reason: "handle the error or let it through"),
        WordRule(word: "as" + "!", reason: "cast with as? and handle nil"),
        WordRule(word: "fatalError" + "(", reason: "return or throw an error"),
        WordRule(
            word: "print" + "(", reason: "libraries log, only executables print",
            allowedBelow: executables + ["Tests/"]),
        WordRule(word: "Date" + "()", reason: "time comes in through the clock port"),
        WordRule(
            word: "Task.sleep" + "(", reason: "wait with the clock port, or for an event",
            allowedBelow: clockAdapter),
        WordRule(word: "Thread.sleep" + "(", reason: "wait with the clock port, or for an event"),
        WordRule(word: "usleep" + "(", reason: "wait with the clock port, or for an event"),
        WordRule(word: "NSError" + "(", reason: "throw the module's error enum"),
        WordRule(word: "FIX" + "ME", reason: "mend it or write an issue", countsComments: true),
        WordRule(word: "TO" + "DO", reason: "do it or write an issue", countsComments: true),
    ]
}

/// Escapes from the compiler's checks that must say why they are sound.
enum SafetyRule {
    private static let escapes = ["@unchecked " + "Sendable", "nonisolated" + "(unsafe)"]
    /// How many lines above and below the escape the reason may stand.
    private static let reach = (above: 6, below: 3)

    static func findings(in file: SourceFile) -> [Finding] {
        guard escapes.contains(where: { SourceFile.contains($0, in: file.code) }) else { return [] }
        let lines = file.lines
        return file.codeLines.enumerated().compactMap { index, line in
            guard let escape = escapes.first(where: { line.contains($0) }) else { return nil }
            let nearby = lines[max(0, index - reach.above)...min(lines.count - 1, index + reach.below)]
            guard !nearby.contains(where: { $0.contains("// " + "SAFETY:") }) else { return nil }
            return Finding(path: file.path, line: index + 1, reason: "\(escape) without a SAFETY line")
        }
    }
}

/// Files whose names say nothing.
enum NameRule {
    private static let emptyWords = ["Utils", "Util", "Helpers", "Helper", "Common", "Manager", "Misc"]

    static func findings(in file: SourceFile) -> [Finding] {
        let name = file.path.split(separator: "/").last ?? ""
        guard let word = emptyWords.first(where: { name.hasSuffix("\($0).swift") }) else { return [] }
        return [Finding(path: file.path, line: 1, reason: "a file named \(word) says nothing about what is in it")]
    }
}

/// Paths of somebody's machine.
enum MachinePathRule {
    private static let places = ["home", "Users", "root", "work", "workspace", "builds"].map { "/\($0)/" }

    static func findings(in file: SourceFile) -> [Finding] {
        guard places.contains(where: { SourceFile.contains($0, in: file.text) }) else { return [] }
        return file.lines.enumerated().compactMap { index, line in
            guard let place = places.first(where: { isAbsolute($0, in: line) }) else { return nil }
            return Finding(path: file.path, line: index + 1, reason: "\(place)… is a path of one machine")
        }
    }

    private static func isAbsolute(_ place: String, in line: String) -> Bool {
        var rest = line[...]
        while let range = rest.firstRange(of: place) {
            guard range.lowerBound > line.startIndex else { return true }
            let before = line[line.index(before: range.lowerBound)]
            if !(before.isLetter || before.isNumber || "._-~/}{)%$".contains(before)) { return true }
            rest = rest[range.upperBound...]
        }
        return false
    }
}
