/// How a label speaks for a target column.
struct NameMatch: Sendable, Hashable {
    /// By which route the label was found.
    enum Signal: String, Sendable { case exact, normalised, alias, tokens, typo, weakAlias, negative, none }

    var signal: Signal
    /// Log-odds: 9 for the very label, 6 to 7 for an alias, below 0 against.
    var weight: Double
    /// The alias that was recognised and the words beside it.
    var evidence: String

    static let nothing = NameMatch(signal: .none, weight: -1, evidence: "")
}

/// Compares labels with the names and aliases of a schema.
struct NameEvidence {
    private struct Alias {
        let compact: String
        let words: [String]
        let weight: Double
        let isWeak: Bool
        let isName: Bool
        let text: String
    }

    private let targets: [TargetColumn]
    private let aliases: [[Alias]]
    private let modifiers: [Set<String>]
    private let vocabulary: Set<String>

    init(_ schema: TargetSchema) {
        targets = schema.columns
        aliases = schema.columns.map { column in
            var list = [Self.alias(column.name, weight: 7, isWeak: false, isName: true)]
            list += column.aliases.map { Self.alias($0, weight: 6.3, isWeak: false, isName: false) }
            list += column.weakAliases.map { Self.alias($0, weight: 2.4, isWeak: true, isName: false) }
            return list
        }
        modifiers = schema.columns.map { Set($0.modifiers.flatMap(LabelText.canonical)) }
        var words = WordList.changing.union(WordList.harmless)
        for list in aliases {
            for alias in list where alias.words.count > 1 || alias.isName { words.formUnion(alias.words) }
        }
        for set in modifiers { words.formUnion(set) }
        vocabulary = words
    }

    private static func alias(_ text: String, weight: Double, isWeak: Bool, isName: Bool) -> Alias {
        Alias(
            compact: LabelText.compact(text), words: LabelText.words(text), weight: weight, isWeak: isWeak,
            isName: isName, text: text)
    }

    /// What the label says about each target column, in schema order.
    func matches(_ label: String) -> [NameMatch] {
        let compact = LabelText.compact(label)
        guard !compact.isEmpty else { return targets.map { _ in .nothing } }
        let words = LabelText.words(label, vocabulary: vocabulary)
        return targets.indices.map { index in
            if label == targets[index].name { return NameMatch(signal: .exact, weight: 9, evidence: label) }
            var best = NameMatch.nothing
            for alias in aliases[index] {
                let match = compare(compact, words, alias, modifiers[index])
                if match.weight > best.weight || (match.signal == .negative && best.signal == .none) { best = match }
            }
            return best
        }
    }

    private func compare(_ compact: String, _ words: [String], _ alias: Alias, _ modifiers: Set<String>) -> NameMatch {
        if compact == alias.compact {
            let signal: NameMatch.Signal = alias.isName ? .normalised : alias.isWeak ? .weakAlias : .alias
            return NameMatch(signal: signal, weight: alias.weight, evidence: alias.text)
        }
        let byWords = compareWords(words, alias, modifiers)
        if !alias.isWeak, byWords.weight < 5, let typo = compareLetters(compact, alias), typo.weight > byWords.weight {
            return typo
        }
        return byWords
    }

    /// Whether the label has the alias's words, and what the others do to the meaning.
    private func compareWords(_ words: [String], _ alias: Alias, _ modifiers: Set<String>) -> NameMatch {
        var rest = words
        var typos = 0
        for word in alias.words {
            if let place = rest.firstIndex(of: word) {
                rest.remove(at: place)
            } else if let place = rest.firstIndex(where: { isTypo($0, of: word) }) {
                rest.remove(at: place)
                typos += 1
            } else {
                return .nothing
            }
        }
        var weight = alias.weight - Double(typos) * 1.2
        var changing: [String] = []
        for word in rest {
            if modifiers.contains(word) {
                weight -= 0.3
            } else if WordList.harmless.contains(word) {
                weight -= 0.4
            } else if word.allSatisfy(\.isNumber) {
                weight -= 0.8
            } else if WordList.changing.contains(word) {
                weight -= 8
                changing.append(word)
            } else {
                weight -= 2.2
            }
        }
        if !changing.isEmpty {
            return NameMatch(signal: .negative, weight: min(weight, -2), evidence: changing.joined(separator: " "))
        }
        let signal: NameMatch.Signal = alias.isWeak ? .weakAlias : typos > 0 ? .typo : .tokens
        return NameMatch(signal: signal, weight: weight, evidence: alias.text)
    }

    private func isTypo(_ word: String, of known: String) -> Bool {
        guard known.utf8.count >= 5, word.utf8.count >= 4, !vocabulary.contains(word) else { return false }
        let limit = known.utf8.count >= 9 ? 2 : 1
        return Distance.damerau(Array(word.utf8), Array(known.utf8), limit: limit) <= limit
    }

    /// A label that is an alias but for a few letters.
    private func compareLetters(_ compact: String, _ alias: Alias) -> NameMatch? {
        let size = alias.compact.utf8.count
        guard size >= 6, !vocabulary.contains(compact) else { return nil }
        let limit = size >= 16 ? 3 : size >= 10 ? 2 : 1
        let distance = Distance.damerau(Array(compact.utf8), Array(alias.compact.utf8), limit: limit)
        guard distance <= limit else { return nil }
        return NameMatch(
            signal: .typo, weight: alias.weight - 0.4 - 0.9 * Double(distance), evidence: alias.text)
    }
}

/// Distances between short texts.
enum Distance {
    /// Insertions, deletions, substitutions and swaps of neighbours between two texts.
    ///
    /// - Parameters:
    ///   - first: One text.
    ///   - second: The other text.
    ///   - limit: Above this the exact distance does not matter.
    /// - Returns: The distance, or `limit + 1` when it is larger than the limit.
    static func damerau(_ first: [UInt8], _ second: [UInt8], limit: Int) -> Int {
        guard abs(first.count - second.count) <= limit else { return limit + 1 }
        var beforeLast = [Int](repeating: 0, count: second.count + 1)
        var last = Array(0...second.count)
        var row = last
        for i in 0..<first.count {
            row[0] = i + 1
            var smallest = row[0]
            for j in 0..<second.count {
                let cost = first[i] == second[j] ? 0 : 1
                var value = min(last[j + 1] + 1, row[j] + 1, last[j] + cost)
                if i > 0, j > 0, first[i] == second[j - 1], first[i - 1] == second[j] {
                    value = min(value, beforeLast[j - 1] + 1)
                }
                row[j + 1] = value
                smallest = min(smallest, value)
            }
            if smallest > limit { return limit + 1 }
            (beforeLast, last, row) = (last, row, beforeLast)
        }
        return last[second.count]
    }
}
