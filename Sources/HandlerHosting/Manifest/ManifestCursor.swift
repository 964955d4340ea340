import JobCore
import PureJSON
import Yams

/// Reads values out of manifest nodes and collects what is wrong, so that one look shows all faults.
struct ManifestCursor {
    let file: String
    private var faults: [HandlerFault] = []

    init(file: String) { self.file = file }

    private var missing: [HandlerFault] = []

    /// All faults: what is wrong in the order of the file, then what is missing.
    var sortedFaults: [HandlerFault] {
        let numbered = faults.enumerated().sorted { left, right in
            (left.element.line, left.element.column, left.offset)
                < (right.element.line, right.element.column, right.offset)
        }
        return numbered.map(\.element) + missing
    }

    /// Notes each key that a mapping must have and has not.
    mutating func require(_ keys: [String], in members: [String: Node], of node: Node, _ place: String) {
        for key in keys where members[key] == nil {
            let start = place.isEmpty ? "" : place + ": "
            missing.append(HandlerFault(self.place(of: node), "\(start)the key \"\(key)\" is missing"))
        }
    }

    mutating func fault(_ node: Node?, _ message: String) { faults.append(HandlerFault(place(of: node), message)) }

    mutating func fault(at place: SourcePlace, _ message: String) { faults.append(HandlerFault(place, message)) }

    /// Where a node stands.
    func place(of node: Node?) -> SourcePlace {
        SourcePlace(file: file, line: node?.mark?.line ?? 1, column: node?.mark?.column ?? 1)
    }

    /// The members of a mapping by name; unknown names are faults.
    mutating func members(_ node: Node, of place: String, known: [String]) -> [String: Node] {
        var found: [String: Node] = [:]
        for (key, name, value) in pairs(node, of: place) {
            guard known.contains(name) else {
                let hint = NearestName.sentence(for: name, among: known)
                fault(key, "unknown key \"\(name)\"\(place.isEmpty ? "" : " in \(place)")\(hint)")
                continue
            }
            found[name] = value
        }
        return found
    }

    /// Keys and values of a mapping in order.
    mutating func pairs(_ node: Node, of place: String) -> [(key: Node, name: String, value: Node)] {
        guard case .mapping(let mapping) = node else {
            fault(node, "\(place.isEmpty ? "the manifest" : place): expected a mapping, found \(node.kindName)")
            return []
        }
        var list: [(key: Node, name: String, value: Node)] = []
        for (key, value) in mapping {
            guard let name = key.scalar?.string else {
                fault(key, "\(place): expected a name, found \(key.kindName)")
                continue
            }
            list.append((key, name, value))
        }
        return list
    }

    mutating func text(_ node: Node?, _ place: String) -> String? {
        guard let node else { return nil }
        guard case .scalar(let scalar) = node, case .string(let text) = YAMLScalar.value(scalar) else {
            fault(node, "\(place): expected a text, found \(node.kindName)")
            return nil
        }
        return text
    }

    mutating func flag(_ node: Node?, _ place: String) -> Bool? {
        guard let node else { return nil }
        guard case .scalar(let scalar) = node, let flag = YAMLScalar.value(scalar).boolValue else {
            fault(node, "\(place): expected true or false, found \(node.kindName)")
            return nil
        }
        return flag
    }

    mutating func integer(_ node: Node?, _ place: String, in range: ClosedRange<Int64>) -> Int64? {
        guard let node else { return nil }
        guard case .scalar(let scalar) = node, let value = YAMLScalar.value(scalar).integerValue,
            range.contains(value)
        else {
            fault(
                node,
                "\(place): expected an integer in \(range.lowerBound)...\(range.upperBound), found \(node.kindName)")
            return nil
        }
        return value
    }

    mutating func number(_ node: Node?, _ place: String, atLeast least: Double) -> Double? {
        guard let node else { return nil }
        guard case .scalar(let scalar) = node, let value = YAMLScalar.value(scalar).doubleValue, value >= least else {
            fault(node, "\(place): expected a number of \(least) or more, found \(node.kindName)")
            return nil
        }
        return value
    }

    mutating func choice(_ node: Node?, _ place: String, of choices: [String]) -> String? {
        guard let node, let text = text(node, place) else { return nil }
        guard choices.contains(text) else {
            let hint = NearestName.sentence(for: text, among: choices)
            fault(node, "\(place): expected one of \(choices.joined(separator: ", ")), found \"\(text)\"\(hint)")
            return nil
        }
        return text
    }

    mutating func texts(_ node: Node?, _ place: String) -> [(node: Node, text: String)] {
        elements(node, place).compactMap { element in text(element, place).map { (element, $0) } }
    }

    /// Texts that all have a form; what has not is a fault, and so is what stands twice where that is said.
    mutating func texts(
        _ node: Node?, _ place: String, expecting form: String, unique: Bool = false, where fits: (String) -> Bool
    ) -> [String] {
        var found: [String] = []
        for (element, text) in texts(node, place) {
            guard fits(text) else {
                fault(element, "\(place): expected \(form), found \"\(text)\"")
                continue
            }
            if unique, found.contains(text) { fault(element, "\(place): \"\(text)\" stands twice") }
            found.append(text)
        }
        return found
    }

    /// A text that has a form.
    mutating func text(
        _ node: Node?, _ place: String, expecting form: String, where fits: (String) -> Bool
    ) -> String? {
        guard let text = text(node, place) else { return nil }
        guard fits(text) else {
            fault(node, "\(place): expected \(form), found \"\(text)\"")
            return nil
        }
        return text
    }

    mutating func elements(_ node: Node?, _ place: String) -> [Node] {
        guard let node else { return [] }
        guard case .sequence(let sequence) = node else {
            fault(node, "\(place): expected a list, found \(node.kindName)")
            return []
        }
        return Array(sequence)
    }

    /// A number and one of `ms`, `s`, `m`, `h`.
    mutating func duration(_ node: Node?, _ place: String, atLeast least: Duration = .zero) -> Duration? {
        guard let node else { return nil }
        let units: [(suffix: String, unit: Duration)] = [
            ("ms", .milliseconds(1)), ("s", .seconds(1)), ("m", .seconds(60)), ("h", .seconds(3600)),
        ]
        guard let (count, unit) = quantity(node, units.map(\.suffix)) else {
            fault(node, "\(place): expected a duration such as 500ms, 30s, 5m or 1h, found \(node.kindName)")
            return nil
        }
        let duration = units[unit].unit * Int(count)
        guard duration >= least else {
            fault(node, "\(place): expected \(least) or more, found \(node.kindName)")
            return nil
        }
        return duration
    }

    /// A number and one of `B`, `KiB`, `MiB`, `GiB`, in bytes.
    mutating func size(_ node: Node?, _ place: String, atLeast least: Int64 = 0) -> Int64? {
        guard let node else { return nil }
        let units: [(suffix: String, shift: Int64)] = [("KiB", 10), ("MiB", 20), ("GiB", 30), ("B", 0)]
        guard let (count, unit) = quantity(node, units.map(\.suffix)) else {
            fault(node, "\(place): expected a size such as 64KiB, 512MiB or 2GiB, found \(node.kindName)")
            return nil
        }
        let size = count << units[unit].shift
        guard size >= least else {
            fault(node, "\(place): expected \(least) bytes or more, found \(node.kindName)")
            return nil
        }
        return size
    }

    private func quantity(_ node: Node, _ suffixes: [String]) -> (count: Int64, unit: Int)? {
        guard let text = node.scalar?.string else { return nil }
        for (unit, suffix) in suffixes.enumerated() where text.hasSuffix(suffix) {
            let digits = text.dropLast(suffix.count)
            // Nine digits of the largest unit are far from overflow.
            guard (1...9).contains(digits.utf8.count), digits.utf8.allSatisfy({ (0x30...0x39).contains($0) }),
                let count = Int64(digits)
            else { continue }
            return (count, unit)
        }
        return nil
    }

    mutating func json(_ node: Node?) -> JSONValue? {
        guard let node else { return nil }
        do throws(HandlerFault) {
            return try node.json(file: file)
        } catch {
            fault(node, error.message)
            return nil
        }
    }
}
