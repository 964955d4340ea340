import AWSWire

/// Changes XML documents as trees.
struct XMLMutator {
    let names: [String]
    let values: [String]

    /// Changes a document at one to three places; a body that is no document is changed as bytes.
    func mutate(_ body: [UInt8], _ random: inout FuzzRandom) -> [UInt8] {
        var root: XMLElement
        // Bodies that other mutations broke are no documents any more.
        do throws(XMLError) {
            root = try XMLElement(parsing: body)
        } catch {
            return ByteMutator.mutate(body, &random)
        }
        for _ in 0...random.below(3) { change(&root, &random) }
        let namespace = random.hits(oneIn: 2) ? "http://s3.amazonaws.com/doc/2006-03-01/" : nil
        let bytes = root.document(namespace: namespace)
        return random.hits(oneIn: 4) ? ByteMutator.mutate(bytes, &random) : bytes
    }

    private func change(_ element: inout XMLElement, _ random: inout FuzzRandom) {
        guard !element.children.isEmpty, !random.hits(oneIn: 6) else { return changeAlone(&element, &random) }
        let place = random.below(element.children.count)
        switch random.below(7) {
        case 0: element.children.remove(at: place)
        case 1:
            let copies = random.hits(oneIn: 300) ? 1_200 : random.below(4)
            element.children += Array(repeating: element.children[place], count: copies)
        case 2: element.children.swapAt(place, random.below(element.children.count))
        default: change(&element.children[place], &random)
        }
    }

    private func changeAlone(_ element: inout XMLElement, _ random: inout FuzzRandom) {
        switch random.below(6) {
        case 0: element.name = random.pick(names)
        case 1: element.children.append(XMLElement(random.pick(names), ByteMutator.text(values, &random)))
        case 2: for _ in 0..<random.below(24) { element = XMLElement(element.name, [element]) }
        case 3: element.children = []
        default:
            element.children = []
            element.text = ByteMutator.text(values, &random)
        }
    }

    /// Adds the names of elements and their texts.
    static func collectWords(_ body: [UInt8], _ names: inout [String], _ values: inout [String]) {
        // Not every seed has a document.
        do throws(XMLError) { collect(try XMLElement(parsing: body), &names, &values) } catch { return }
    }

    private static func collect(_ element: XMLElement, _ names: inout [String], _ values: inout [String]) {
        names.append(element.name)
        if !element.text.isEmpty { values.append(element.text) }
        for child in element.children { collect(child, &names, &values) }
    }
}
