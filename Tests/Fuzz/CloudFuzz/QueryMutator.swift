import AWSWire

/// Changes forms as lists of parameters.
struct QueryMutator {
    let names: [String]
    let values: [String]

    private static let indexes = ["0", "1", "2", "3", "11", "-1", "2147483648", "99999999999999999999", "x", ""]

    /// Changes a form at one to three places.
    func mutate(_ body: [UInt8], _ random: inout FuzzRandom) -> [UInt8] {
        var form = QueryItems(parsing: String(decoding: body, as: UTF8.self))
        for _ in 0...random.below(3) { change(&form, &random) }
        let bytes = Array(form.encoded.utf8)
        return random.hits(oneIn: 4) ? ByteMutator.mutate(bytes, &random) : bytes
    }

    private func change(_ form: inout QueryItems, _ random: inout FuzzRandom) {
        guard !form.items.isEmpty else { return form.append(random.pick(names), ByteMutator.text(values, &random)) }
        let place = random.below(form.items.count)
        switch random.below(7) {
        case 0: form.items.remove(at: place)
        case 1: form.items.insert(form.items[place], at: random.below(form.items.count))
        case 2: form.items[place].name = renumbered(form.items[place].name, &random)
        case 3: form.items[place].name = random.pick(names)
        case 4: form.append(random.pick(names), ByteMutator.text(values, &random))
        case 5: form.items[place].value = nil
        default: form.items[place].value = ByteMutator.text(values, &random)
        }
    }

    /// Another number at one of the places between dots.
    private func renumbered(_ name: String, _ random: inout FuzzRandom) -> String {
        var words = name.split(separator: ".", omittingEmptySubsequences: false).map(String.init)
        words[random.below(words.count)] = random.pick(Self.indexes)
        return words.joined(separator: ".")
    }

    /// Adds the names and values of a form.
    static func collectWords(_ body: [UInt8], _ names: inout [String], _ values: inout [String]) {
        for item in QueryItems(parsing: String(decoding: body, as: UTF8.self)).items {
            names.append(item.name)
            if let value = item.value { values.append(value) }
        }
    }
}
