/// Where the value of a setting came from.
package enum ConfigurationOrigin: Sendable, Hashable {
    /// Nobody set it.
    case builtIn
    /// It follows from another setting.
    case derived(from: String)
    /// The configuration file.
    case file(path: String, line: Int, column: Int)
    /// An environment variable.
    case environment(variable: String)
    /// A flag, as typed.
    case flag(String)
}

extension ConfigurationOrigin: CustomStringConvertible {
    /// The place, such as `headrace.yml:3:15`.
    package var description: String {
        switch self {
        case .builtIn: "default"
        case .derived(let key): "from \(key)"
        case .file(let path, let line, let column): "\(path):\(line):\(column)"
        case .environment(let variable): "$\(variable)"
        case .flag(let flag): flag
        }
    }
}

/// One line of `doctor --print-config`.
package struct ConfigurationEntry: Sendable, Hashable {
    /// The dotted key, such as `queue.visibility`.
    package let key: String
    /// The value as it would be written in the file; empty when it is not set.
    package let value: String
    /// Where it came from.
    package let origin: ConfigurationOrigin
    /// What it is, in one sentence.
    package let summary: String
}

/// A value that a flag of a command gives to a setting.
package struct ConfigurationOverride: Sendable, Hashable {
    /// The dotted key, such as `queue.name`.
    package let key: String
    /// The value as it would be written in the file; lists are separated by commas.
    package let value: String
    /// The flag as the user typed it, for messages, such as `--queue`.
    package let flag: String

    /// Makes an override.
    package init(_ key: String, _ value: String, flag: String) {
        self.key = key
        self.value = value
        self.flag = flag
    }
}
