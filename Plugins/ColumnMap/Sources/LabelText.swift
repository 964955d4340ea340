/// Turns labels into words that can be compared: folded, split, expanded, singular.
enum LabelText {
    /// The label's letters and digits, lowercase, without accents.
    static func compact(_ label: String) -> String {
        var text = ""
        for scalar in label.unicodeScalars where isWordScalar(scalar) { text += fold(scalar) }
        return text
    }

    /// The label's words: split where case, script or digits change, abbreviations written out, singular.
    static func words(_ label: String, vocabulary: Set<String> = []) -> [String] {
        split(label).flatMap { word -> [String] in
            let known = canonical(word)
            if known.count > 1 || vocabulary.isEmpty || vocabulary.contains(known[0]) { return known }
            return segment(word, vocabulary) ?? known
        }
    }

    /// The words that one written word stands for.
    static func canonical(_ word: String) -> [String] {
        if let long = abbreviations[word] { return long.split(separator: " ").map(String.init) }
        return [singular(word)]
    }

    /// Splits at everything that is no letter or digit, and at changes of case and to digits.
    private static func split(_ label: String) -> [String] {
        var words: [String] = []
        var word = ""
        let scalars = Array(label.unicodeScalars)
        for (index, scalar) in scalars.enumerated() {
            guard isWordScalar(scalar) else {
                if !word.isEmpty { words.append(word) }
                word = ""
                continue
            }
            if index > 0, !word.isEmpty, isBoundary(scalars, index) {
                words.append(word)
                word = ""
            }
            word += fold(scalar)
        }
        if !word.isEmpty { words.append(word) }
        return words
    }

    private static func isBoundary(_ scalars: [Unicode.Scalar], _ index: Int) -> Bool {
        let before = scalars[index - 1]
        let here = scalars[index]
        if before.properties.isLowercase && here.properties.isUppercase { return true }
        if isDigit(before) != isDigit(here) { return true }
        let startsWord = before.properties.isUppercase && here.properties.isUppercase && index + 1 < scalars.count
        // The last capital of a run belongs to the next word: TVPlan is TV, Plan; a plural such as IDs stays whole.
        return startsWord && scalars[index + 1].properties.isLowercase && scalars[index + 1] != "s"
    }

    /// Cuts a run of letters into known words, the fewest possible.
    private static func segment(_ word: String, _ vocabulary: Set<String>) -> [String]? {
        let letters = Array(word)
        guard letters.count >= 5, letters.count <= 40 else { return nil }
        var best: [[String]?] = Array(repeating: nil, count: letters.count + 1)
        best[0] = []
        for end in 1...letters.count {
            for start in 0..<end where end - start >= 2 {
                guard let before = best[start] else { continue }
                let piece = String(letters[start..<end])
                let known = canonical(piece)
                let isShort = end - start < 3 && !["tv", "id", "no", "is"].contains(piece)
                guard !isShort, known.allSatisfy({ vocabulary.contains($0) }) else { continue }
                if before.count + known.count < best[end]?.count ?? .max { best[end] = before + known }
            }
        }
        return best[letters.count]
    }

    private static func singular(_ word: String) -> String {
        guard word.count > 3, word.hasSuffix("s"), !word.hasSuffix("ss"), !word.hasSuffix("us"), !word.hasSuffix("is")
        else { return word }
        return String(word.dropLast())
    }

    private static func isDigit(_ scalar: Unicode.Scalar) -> Bool { scalar >= "0" && scalar <= "9" }

    private static func isWordScalar(_ scalar: Unicode.Scalar) -> Bool {
        scalar.properties.isAlphabetic || isDigit(scalar)
    }

    /// Lowercase without accents.
    private static func fold(_ scalar: Unicode.Scalar) -> String {
        if scalar.isASCII { return scalar.properties.lowercaseMapping }
        let lower = scalar.properties.lowercaseMapping
        guard let first = lower.unicodeScalars.first else { return "" }
        return accents[first] ?? String(Character(first))
    }

    private static let accents: [Unicode.Scalar: String] = {
        let groups: [(String, String)] = [
            ("a", "àáâãäåāăą"), ("c", "çćčĉċ"), ("d", "ďđ"), ("e", "èéêëēęěė"), ("g", "ğĝģ"), ("i", "ìíîïīįı"),
            ("l", "łľĺ"), ("n", "ñńňņ"), ("o", "òóôõöøőō"), ("r", "řŕ"), ("s", "śšşș"), ("t", "ťţț"),
            ("u", "ùúûüűūůų"), ("y", "ýÿ"), ("z", "źžż"), ("ss", "ß"), ("ae", "æ"), ("oe", "œ"),
        ]
        var table: [Unicode.Scalar: String] = [:]
        for (plain, accented) in groups {
            for scalar in accented.unicodeScalars { table[scalar] = plain }
        }
        return table
    }()

    private static let abbreviations: [String: String] = {
        let groups: [(String, String)] = [
            ("customer", "cust cus cstmr custmr cst"), ("account", "acct acc acnt accnt"),
            ("subscriber", "sub subs subscr"),
            ("month", "mo mos mth mths mnth mnths mon"), ("monthly", "mthly mnthly mly"),
            ("charge", "chg chgs chrg chrgs"),
            ("amount", "amt amts"), ("total", "tot ttl"), ("service", "svc svcs srv srvc serv"),
            ("internet", "inet intrnt"),
            ("security", "sec secur"), ("backup", "bkp bkup bckp bup"), ("device", "dev dvc devc"),
            ("protection", "prot prtct protec protn"), ("tech", "tec techn"), ("support", "supp spt sprt supt"),
            ("streaming", "strm strmng stream strming"), ("movie", "mov mv mvs movs"),
            ("payment", "pmt pymt paymt pymnt pay"),
            ("method", "mthd meth mtd"), ("contract", "contr cntrct ctrct contrct cntr"), ("senior", "snr sr"),
            ("citizen", "ctzn citzn cit ctz"), ("dependent", "dep deps depnd dependants dependant dpnd dpndts"),
            ("partner", "ptnr prtnr prtner"), ("tenure", "ten tnr"), ("multiple", "mult multi mltpl"),
            ("line", "ln lns"),
            ("billing", "billg blng"), ("phone", "ph phn tel telephone"), ("number", "num nbr nr no numb"),
            ("gender", "gndr gend gdr"), ("online", "onl onln"), ("paperless", "pprless paperlss pprls"),
            ("predicted", "pred predict prediction predictions predicts"), ("probability", "prob proba probs"),
            ("average", "avg mean"), ("year", "yr yrs"), ("day", "dys"), ("identifier", "ident"),
            ("indicator", "ind indic"), ("flag", "flg"), ("duration", "dur"), ("revenue", "rev"), ("quantity", "qty"),
            ("type", "typ typ tp"), ("code", "cd"), ("percent", "pct perc"), ("minute", "min mins"),
            ("category", "cat"),
            ("cent", "cts"), ("length service", "los"), ("lifetime", "ltd"), ("cumulative", "cum cumul"),
        ]
        var table: [String: String] = [:]
        for (long, shorts) in groups {
            for short in shorts.split(separator: " ") { table[String(short)] = long }
        }
        return table
    }()
}
