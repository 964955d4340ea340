import PureJSON

/// Changes JSON documents as trees.
struct JSONMutator {
    let names: [String]
    let values: [String]

    /// Changes a document at one to three places; a body that is no document is changed as bytes.
    func mutate(_ body: [UInt8], _ random: inout FuzzRandom) -> [UInt8] {
        let document: JSONValue
        // Bodies that other mutations broke are no documents any more.
        do throws(JSONParseError) {
            document = try JSONValue(parsing: body)
        } catch {
            return ByteMutator.mutate(body, &random)
        }
        var changed = document
        for _ in 0...random.below(3) { changed = change(changed, &random) }
        let bytes = Array(changed.serialized(random.hits(oneIn: 4) ? .pretty : .compact).utf8)
        return random.hits(oneIn: 4) ? ByteMutator.mutate(bytes, &random) : bytes
    }

    private func change(_ value: JSONValue, _ random: inout FuzzRandom) -> JSONValue {
        if random.hits(oneIn: 4) { return replacement(value, &random) }
        switch value {
        case .object(var object):
            guard !object.isEmpty else { return .object([random.pick(names): replacement(value, &random)]) }
            let key = random.pick(object.keys)
            switch random.below(6) {
            case 0: object[key] = nil
            case 1: object[random.pick(names)] = object[key]
            case 2: object[random.pick(names)] = replacement(value, &random)
            default: object[key] = object[key].map { change($0, &random) }
            }
            return .object(object)
        case .array(var elements):
            guard !elements.isEmpty else { return .array([replacement(value, &random)]) }
            let place = random.below(elements.count)
            switch random.below(5) {
            case 0: elements.remove(at: place)
            case 1: elements += Array(repeating: elements[place], count: random.below(12))
            default: elements[place] = change(elements[place], &random)
            }
            return .array(elements)
        case .string, .integer, .number, .bool, .null: return replacement(value, &random)
        }
    }

    private func replacement(_ value: JSONValue, _ random: inout FuzzRandom) -> JSONValue {
        switch random.below(12) {
        case 0: return .null
        case 1: return .bool(random.hits(oneIn: 2))
        case 2: return .integer(random.pick([0, -1, 1, 10, 11, 43_200, 43_201, .max, .min]))
        case 3: return .number(random.pick([0.5, -0.0, 1e308, 1e-300, 12.0, 9.3e18]))
        case 4: return .array([value])
        case 5: return .object([random.pick(names): value])
        case 6: return (0..<random.below(200)).reduce(value) { inner, _ in .array([inner]) }
        default: return .string(ByteMutator.text(values, &random))
        }
    }

    /// Adds the names of members and the strings of a document.
    static func collectWords(_ body: [UInt8], _ names: inout [String], _ values: inout [String]) {
        // Not every seed has a document.
        do throws(JSONParseError) { collect(try JSONValue(parsing: body), &names, &values) } catch { return }
    }

    private static func collect(_ value: JSONValue, _ names: inout [String], _ values: inout [String]) {
        switch value {
        case .string(let text): values.append(text)
        case .array(let elements): for element in elements { collect(element, &names, &values) }
        case .object(let object):
            for (name, member) in object.members {
                names.append(name)
                collect(member, &names, &values)
            }
        case .null, .bool, .integer, .number: break
        }
    }
}
