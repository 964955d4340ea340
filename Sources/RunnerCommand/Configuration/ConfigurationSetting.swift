import JobCore

/// A value on its way into the configuration: text, and where it stands.
struct RawValue {
    /// One text for a scalar, any number for a list.
    var texts: [String]
    /// Whether it was written as a list.
    var isList: Bool
    /// Where it stands.
    var origin: ConfigurationOrigin
    /// The folder that relative paths start from; `nil` for the working directory.
    var baseDirectory: String?
}

/// Why a value does not fit its key; the key and the place are added by whoever knows them.
struct ValueFault: Error {
    let expected: String
    let found: String
}

/// One key of the configuration: what it takes, where it goes, what it means.
struct ConfigurationSetting: Sendable {
    typealias Target = HeadraceConfiguration
    typealias Path<Value> = any WritableKeyPath<HeadraceConfiguration, Value> & Sendable

    let key: String
    let summary: String
    /// Variables of other programs that set it too, weaker than its own, first one first.
    var otherVariables: [String] = []
    let assign: @Sendable (inout Target, RawValue) throws(ValueFault) -> Void
    let show: @Sendable (Target) -> String

    /// The variable that sets a key, such as `HEADRACE_QUEUE_NAME` for `queue.name`.
    static func variable(for key: String) -> String {
        "HEADRACE_" + key.uppercased().map { $0 == "." ? "_" : String($0) }.joined()
    }

    /// The same setting, set by other programs' variables as well.
    func alsoSet(by variables: String...) -> ConfigurationSetting {
        var copy = self
        copy.otherVariables = variables
        return copy
    }
}

extension ConfigurationSetting {
    static func duration(
        _ key: String, _ path: Path<Duration>, _ range: ClosedRange<Duration>, _ summary: String
    ) -> ConfigurationSetting {
        let low = ConfigurationText.text(range.lowerBound)
        let expected = "a duration from \(low) to \(ConfigurationText.text(range.upperBound)), such as 90s or 5m"
        return ConfigurationSetting(key: key, summary: summary) { (target, raw) throws(ValueFault) in
            let text = try raw.scalar(expected)
            guard let value = ConfigurationText.duration(text), range.contains(value) else {
                throw ValueFault(expected: expected, found: ConfigurationText.quoted(text))
            }
            target[keyPath: path] = value
        } show: {
            ConfigurationText.text($0[keyPath: path])
        }
    }

    static func flag(_ key: String, _ path: Path<Bool>, _ summary: String) -> ConfigurationSetting {
        let expected = "true or false"
        return ConfigurationSetting(key: key, summary: summary) { (target, raw) throws(ValueFault) in
            let text = try raw.scalar(expected)
            guard let value = Bool(text) else {
                throw ValueFault(expected: expected, found: ConfigurationText.quoted(text))
            }
            target[keyPath: path] = value
        } show: {
            String($0[keyPath: path])
        }
    }

    static func count(
        _ key: String, _ path: Path<Int>, _ range: ClosedRange<Int>, _ summary: String
    ) -> ConfigurationSetting {
        let expected = "a whole number from \(range.lowerBound) to \(range.upperBound)"
        return ConfigurationSetting(key: key, summary: summary) { (target, raw) throws(ValueFault) in
            let text = try raw.scalar(expected)
            guard let value = Int(text), range.contains(value) else {
                throw ValueFault(expected: expected, found: ConfigurationText.quoted(text))
            }
            target[keyPath: path] = value
        } show: {
            String($0[keyPath: path])
        }
    }

    static func factor(
        _ key: String, _ path: Path<Double>, _ range: ClosedRange<Double>, _ summary: String
    ) -> ConfigurationSetting {
        let expected = "a number from \(range.lowerBound) to \(range.upperBound)"
        return ConfigurationSetting(key: key, summary: summary) { (target, raw) throws(ValueFault) in
            let text = try raw.scalar(expected)
            guard let value = Double(text), range.contains(value) else {
                throw ValueFault(expected: expected, found: ConfigurationText.quoted(text))
            }
            target[keyPath: path] = value
        } show: {
            String($0[keyPath: path])
        }
    }

    static func choice<Choice: RawRepresentable<String> & CaseIterable & Sendable>(
        _ key: String, _ path: Path<Choice>, _ summary: String
    ) -> ConfigurationSetting {
        let expected = "one of " + Choice.allCases.map(\.rawValue).joined(separator: ", ")
        return ConfigurationSetting(key: key, summary: summary) { (target, raw) throws(ValueFault) in
            let text = try raw.scalar(expected)
            guard let value = Choice(rawValue: text) else {
                throw ValueFault(expected: expected, found: ConfigurationText.quoted(text))
            }
            target[keyPath: path] = value
        } show: {
            $0[keyPath: path].rawValue
        }
    }

    static func text(
        _ key: String, _ path: Path<String>, _ rule: TextRule, _ summary: String
    ) -> ConfigurationSetting {
        ConfigurationSetting(key: key, summary: summary) { (target, raw) throws(ValueFault) in
            target[keyPath: path] = try rule.read(try raw.scalar(rule.expected), from: raw)
        } show: {
            $0[keyPath: path]
        }
    }

    static func text(
        _ key: String, _ path: Path<String?>, _ rule: TextRule, _ summary: String
    ) -> ConfigurationSetting {
        ConfigurationSetting(key: key, summary: summary) { (target, raw) throws(ValueFault) in
            target[keyPath: path] = try rule.read(try raw.scalar(rule.expected), from: raw)
        } show: {
            $0[keyPath: path] ?? ""
        }
    }

    static func list(
        _ key: String, _ path: Path<[String]>, _ rule: TextRule, _ summary: String
    ) -> ConfigurationSetting {
        ConfigurationSetting(key: key, summary: summary) { (target, raw) throws(ValueFault) in
            var values: [String] = []
            let texts = raw.isList ? raw.texts : raw.texts.flatMap { ConfigurationText.list($0) }
            for text in texts { values.append(try rule.read(text, from: raw)) }
            target[keyPath: path] = values
        } show: {
            $0[keyPath: path].joined(separator: ",")
        }
    }
}

extension RawValue {
    /// The one text of a scalar.
    func scalar(_ expected: String) throws(ValueFault) -> String {
        guard !isList, let text = texts.first else { throw ValueFault(expected: expected, found: "a list") }
        guard !text.isEmpty else { throw ValueFault(expected: expected, found: "nothing") }
        return text
    }
}
