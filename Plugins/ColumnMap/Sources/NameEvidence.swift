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
        let compact: [UInt8]
        let letters: UInt64
        let words: [Int]
        let weight: Double
        let isWeak: Bool
        let isName: Bool
        let text: String
    }

    private let targets: [TargetColumn]
    private let aliases: [[Alias]]
    private let modifiers: [Set<String>]
    private let vocabulary: Set<String>
    /// Every word of an alias, with its number, letters and bytes.
    private let aliasWords: [(text: String, bytes: [UInt8], letters: UInt64)]
    private let numbers: [String: Int]

    /// One word of a label.
    private struct Word {
        let text: String
        /// The alias word that it is, or is but for a letter or two.
        let number: Int?
        let isTypo: Bool
    }

    init(_ schema: TargetSchema) {
        targets = schema.columns
        modifiers = schema.columns.map { Set($0.modifiers.flatMap(LabelText.canonical)) }
        var words = WordList.changing.union(WordList.harmless)
        var texts: [(text: String, weight: Double, isWeak: Bool, isName: Bool, target: Int)] = []
        for (target, column) in schema.columns.enumerated() {
            texts.append((column.name, 7, false, true, target))
            texts += column.aliases.map { ($0, 6.3, false, false, target) }
            texts += column.weakAliases.map { ($0, 2.4, true, false, target) }
        }
        var numbers: [String: Int] = [:]
        var aliasWords: [(text: String, bytes: [UInt8], letters: UInt64)] = []
        var aliases: [[Alias]] = schema.columns.map { _ in [] }
        for entry in texts {
            let list = LabelText.words(entry.text)
            if list.count > 1 || entry.isName { words.formUnion(list) }
            let places = list.map { word in
                if let known = numbers[word] { return known }
                numbers[word] = aliasWords.count
                aliasWords.append((word, Array(word.utf8), Distance.letters(word)))
                return aliasWords.count - 1
            }
            let compact = LabelText.compact(entry.text)
            aliases[entry.target].append(
                Alias(
                    compact: Array(compact.utf8), letters: Distance.letters(compact), words: places,
                    weight: entry.weight, isWeak: entry.isWeak, isName: entry.isName, text: entry.text))
        }
        for set in modifiers { words.formUnion(set) }
        self.aliases = aliases
        self.numbers = numbers
        self.aliasWords = aliasWords
        vocabulary = words
    }

    /// What the label says about each target column, in schema order.
    func matches(_ label: String) -> [NameMatch] {
        let compact = LabelText.compact(label)
        guard !compact.isEmpty else { return targets.map { _ in .nothing } }
        let words = LabelText.words(label, vocabulary: vocabulary).map(known)
        let bytes = Array(compact.utf8)
        let letters = Distance.letters(compact)
        return targets.indices.map { index in
            if label == targets[index].name { return NameMatch(signal: .exact, weight: 9, evidence: label) }
            var best = NameMatch.nothing
            for alias in aliases[index] {
                let match = compare((bytes, letters), words, alias, modifiers[index])
                if match.weight > best.weight || (match.signal == .negative && best.signal == .none) { best = match }
            }
            return best
        }
    }

    private func compare(
        _ label: (bytes: [UInt8], letters: UInt64), _ words: [Word], _ alias: Alias, _ modifiers: Set<String>
    ) -> NameMatch {
        if label.letters == alias.letters, label.bytes == alias.compact {
            let signal: NameMatch.Signal = alias.isName ? .normalised : alias.isWeak ? .weakAlias : .alias
            return NameMatch(signal: signal, weight: alias.weight, evidence: alias.text)
        }
        let byWords = compareWords(words, alias, modifiers)
        if !alias.isWeak, byWords.weight < 5, !isKnown(words), let typo = compareLetters(label, alias),
            typo.weight > byWords.weight
        {
            return typo
        }
        return byWords
    }

    /// Whether the label has the alias's words, and what the others do to the meaning.
    private func compareWords(_ words: [Word], _ alias: Alias, _ modifiers: Set<String>) -> NameMatch {
        guard alias.words.count <= words.count else { return .nothing }
        for number in alias.words where !words.contains(where: { $0.number == number }) { return .nothing }
        var rest = words
        var typos = 0
        for number in alias.words {
            guard let place = rest.firstIndex(where: { $0.number == number }) else { return .nothing }
            if rest.remove(at: place).isTypo { typos += 1 }
        }
        var weight = alias.weight - Double(typos) * 1.2
        var changing: [String] = []
        for word in rest.map(\.text) {
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

    /// A word with the alias word that it is or is nearest to.
    private func known(_ word: String) -> Word {
        if let number = numbers[word] { return Word(text: word, number: number, isTypo: false) }
        let bytes = Array(word.utf8)
        guard bytes.count >= 4, !vocabulary.contains(word) else { return Word(text: word, number: nil, isTypo: false) }
        let letters = Distance.letters(word)
        var best: (number: Int, distance: Int)?
        for (number, known) in aliasWords.enumerated() where known.bytes.count >= 5 {
            let limit = known.bytes.count >= 9 ? 2 : 1
            guard abs(known.bytes.count - bytes.count) <= limit,
                (letters ^ known.letters).nonzeroBitCount <= 2 * limit
            else { continue }
            let distance = Distance.damerau(bytes, known.bytes, limit: limit)
            guard distance <= limit, distance < best?.distance ?? .max else { continue }
            best = (number, distance)
        }
        return Word(text: word, number: best?.number, isTypo: best != nil)
    }

    /// Whether no word of a label needs correction.
    private func isKnown(_ words: [Word]) -> Bool { words.allSatisfy { vocabulary.contains($0.text) } }

    /// A label that is an alias but for a few letters.
    private func compareLetters(_ label: (bytes: [UInt8], letters: UInt64), _ alias: Alias) -> NameMatch? {
        let size = alias.compact.count
        guard size >= 6 else { return nil }
        let limit = size >= 16 ? 3 : size >= 10 ? 2 : 1
        guard abs(label.bytes.count - size) <= limit, (label.letters ^ alias.letters).nonzeroBitCount <= 2 * limit
        else { return nil }
        let distance = Distance.damerau(label.bytes, alias.compact, limit: limit)
        guard distance <= limit else { return nil }
        return NameMatch(
            signal: .typo, weight: alias.weight - 0.4 - 0.9 * Double(distance), evidence: alias.text)
    }
}

/// Distances between short texts.
enum Distance {
    /// One bit per letter and digit that occurs; an edit changes at most two.
    static func letters(_ text: String) -> UInt64 {
        text.utf8.reduce(0) { $0 | 1 &<< UInt64($1 & 63) }
    }

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
