import JobCore
package import PureJSON

/// Where a value does not fit its schema.
package struct JSONSchemaMismatch: Error, Hashable {
    /// The JSON Pointer inside the value.
    package var pointer: String
    /// What was expected and found.
    package var reason: String
}

extension JSONSchema {
    /// How deep references may lead without going deeper into the value.
    private static let depthLimit = 128

    /// The first mismatch of a value; `nil` when it fits.
    package func mismatch(of value: JSONValue) -> JSONSchemaMismatch? {
        do throws(JSONSchemaMismatch) {
            try check(value, root, at: "", depth: 0)
            return nil
        } catch {
            return error
        }
    }

    private func check(
        _ value: JSONValue, _ rules: Rules, at pointer: String, depth: Int
    ) throws(JSONSchemaMismatch) {
        func fail(_ reason: String) -> JSONSchemaMismatch { JSONSchemaMismatch(pointer: pointer, reason: reason) }
        guard depth < Self.depthLimit else { throw fail("nested deeper than \(Self.depthLimit) levels") }
        guard rules.accepts else { throw fail("expected nothing here, found \(value.summary)") }
        if !rules.types.isEmpty, !rules.types.contains(where: { Self.matches(value, type: $0) }) {
            throw fail("expected \(rules.types.joined(separator: " or ")), found \(value.summary)")
        }
        if let allowed = rules.allowed, !allowed.contains(where: { Self.equal($0, value) }) {
            let list = allowed.prefix(10).map { $0.serialized() }.joined(separator: ", ")
            let hint = NearestName.sentence(for: value.stringValue ?? "", among: allowed.compactMap(\.stringValue))
            throw fail("expected \(allowed.count > 1 ? "one of " : "")\(list), found \(value.summary)\(hint)")
        }
        if let name = rules.reference, let target = definitions[name] {
            try check(value, target, at: pointer, depth: depth + 1)
        }
        switch value {
        case .integer, .number: try checkNumber(value, rules, at: pointer)
        case .string(let text): try checkText(text, rules, at: pointer)
        case .array(let elements): try checkArray(elements, rules, at: pointer, depth: depth)
        case .object(let object): try checkObject(object, rules, at: pointer, depth: depth)
        case .null, .bool: break
        }
        try checkCombined(value, rules, at: pointer, depth: depth)
    }

    private func checkNumber(
        _ value: JSONValue, _ rules: Rules, at pointer: String
    ) throws(JSONSchemaMismatch) {
        guard let number = value.doubleValue else { return }
        let checks: [(limit: Double?, fits: (Double, Double) -> Bool, words: String)] = [
            (rules.minimum, { $0 >= $1 }, "at least"), (rules.maximum, { $0 <= $1 }, "at most"),
            (rules.exclusiveMinimum, { $0 > $1 }, "more than"), (rules.exclusiveMaximum, { $0 < $1 }, "less than"),
        ]
        for (limit, fits, words) in checks {
            guard let limit, !fits(number, limit) else { continue }
            let bound = Int64(exactly: limit).map { "\($0)" } ?? "\(limit)"
            throw JSONSchemaMismatch(pointer: pointer, reason: "expected \(words) \(bound), found \(value.summary)")
        }
    }

    private func checkText(_ text: String, _ rules: Rules, at pointer: String) throws(JSONSchemaMismatch) {
        let value = JSONValue.string(text)
        try check(text.unicodeScalars.count, rules.lengths, "characters", at: pointer)
        guard let pattern = rules.pattern else { return }
        let matches: Bool
        do {
            // Schemas count code points; a regular expression of Swift sees characters, such as CR LF as one.
            matches = try Regex(pattern).matchingSemantics(.unicodeScalar).firstMatch(in: text) != nil
        } catch {
            throw JSONSchemaMismatch(pointer: pointer, reason: "the pattern \(pattern) cannot be applied: \(error)")
        }
        guard matches else {
            throw JSONSchemaMismatch(
                pointer: pointer, reason: "expected a text that matches \(pattern), found \(value.summary)")
        }
    }

    private func checkArray(
        _ elements: [JSONValue], _ rules: Rules, at pointer: String, depth: Int
    ) throws(JSONSchemaMismatch) {
        try check(elements.count, rules.counts, "elements", at: pointer)
        if rules.hasUniqueItems, Set(elements).count != elements.count {
            throw JSONSchemaMismatch(pointer: pointer, reason: "expected elements that all differ")
        }
        guard let items = rules.items.first else { return }
        for (place, element) in elements.enumerated() {
            try check(element, items, at: "\(pointer)/\(place)", depth: depth + 1)
        }
    }

    private func checkObject(
        _ object: JSONObject, _ rules: Rules, at pointer: String, depth: Int
    ) throws(JSONSchemaMismatch) {
        try check(object.count, rules.members, "members", at: pointer)
        for name in rules.required where object[name] == nil {
            throw JSONSchemaMismatch(
                pointer: pointer + "/" + Self.escaped(name), reason: "expected a value, found nothing")
        }
        for (key, member) in object {
            let place = pointer + "/" + Self.escaped(key)
            for names in rules.memberNames { try check(.string(key), names, at: place, depth: depth + 1) }
            if let known = rules.properties.first(where: { $0.name == key }) {
                try check(member, known.rules, at: place, depth: depth + 1)
                continue
            }
            switch rules.additional {
            case .allowed: break
            case .schema(let inner): try check(member, inner, at: place, depth: depth + 1)
            case .refused:
                let hint = NearestName.sentence(for: key, among: rules.properties.map(\.name))
                throw JSONSchemaMismatch(pointer: place, reason: "no such member is known\(hint)")
            }
        }
    }

    private func checkCombined(
        _ value: JSONValue, _ rules: Rules, at pointer: String, depth: Int
    ) throws(JSONSchemaMismatch) {
        func mismatch(_ inner: Rules) -> JSONSchemaMismatch? {
            do throws(JSONSchemaMismatch) {
                try check(value, inner, at: pointer, depth: depth + 1)
                return nil
            } catch {
                return error
            }
        }
        for inner in rules.allOf { try check(value, inner, at: pointer, depth: depth + 1) }
        if !rules.anyOf.isEmpty {
            let failures = rules.anyOf.map(mismatch)
            if !failures.contains(nil) { throw Self.summary(failures.compactMap { $0 }, at: pointer) }
        }
        if !rules.oneOf.isEmpty {
            let failures = rules.oneOf.map(mismatch)
            let fitting = failures.filter { $0 == nil }.count
            if fitting == 0 { throw Self.summary(failures.compactMap { $0 }, at: pointer) }
            if fitting > 1 {
                throw JSONSchemaMismatch(
                    pointer: pointer, reason: "expected exactly one form, found \(fitting) that fit")
            }
        }
        for inner in rules.not where mismatch(inner) == nil {
            throw JSONSchemaMismatch(pointer: pointer, reason: "expected another value, found \(value.summary)")
        }
    }

    /// Of several forms the one that fits deepest says most.
    private static func summary(_ failures: [JSONSchemaMismatch], at pointer: String) -> JSONSchemaMismatch {
        let deepest = failures.max { $0.pointer.utf8.count < $1.pointer.utf8.count }
        if let deepest, deepest.pointer.utf8.count > pointer.utf8.count { return deepest }
        return JSONSchemaMismatch(pointer: pointer, reason: failures.map(\.reason).joined(separator: "; or "))
    }

    private func check(
        _ count: Int, _ bounds: Bounds, _ what: String, at pointer: String
    ) throws(JSONSchemaMismatch) {
        if let least = bounds.least, count < least {
            throw JSONSchemaMismatch(pointer: pointer, reason: "expected at least \(least) \(what), found \(count)")
        }
        if let most = bounds.most, count > most {
            throw JSONSchemaMismatch(pointer: pointer, reason: "expected at most \(most) \(what), found \(count)")
        }
    }

    private static func matches(_ value: JSONValue, type: String) -> Bool {
        switch type {
        case "integer": value.integerValue != nil
        case "number": value.doubleValue != nil
        default: value.typeName == type
        }
    }

    /// Numbers are equal by value: 1 and 1.0 are one number in JSON Schema.
    private static func equal(_ left: JSONValue, _ right: JSONValue) -> Bool {
        if left == right { return true }
        guard let a = left.doubleValue, let b = right.doubleValue else { return false }
        return a == b
    }

    private static func escaped(_ name: String) -> String {
        name.contains("~") || name.contains("/")
            ? name.split(separator: "~", omittingEmptySubsequences: false).joined(separator: "~0")
                .split(separator: "/", omittingEmptySubsequences: false).joined(separator: "~1")
            : name
    }
}
