/// Why there is no configuration; commands end with exit code 3.
package enum ConfigurationError: Error, Sendable, Hashable {
    /// The file cannot be read.
    case unreadable(path: String, reason: String)
    /// The file is not YAML.
    case notYAML(path: String, line: Int, column: Int, reason: String)
    /// A key that does not exist.
    case unknownKey(String, nearest: String?, origin: ConfigurationOrigin)
    /// A value that its key does not take.
    case badValue(key: String, expected: String, found: String, origin: ConfigurationOrigin)
    /// Two values that do not go together.
    case conflict(key: String, otherKey: String, reason: String, origin: ConfigurationOrigin)
    /// A block about handlers that is not as it should be: the first fault with its place, and how many there are.
    case handlerPolicy(String, count: Int)
    /// A value that the command cannot do without.
    case missing(key: String, purpose: String)
}

extension ConfigurationError: CustomStringConvertible {
    /// One sentence: the place, what was expected and found, and what to do next.
    package var description: String {
        switch self {
        case .unreadable(let path, let reason):
            return "\(path): the configuration file cannot be read: \(reason)"
        case .notYAML(let path, let line, let column, let reason):
            return "\(path):\(line):\(column): not YAML: \(reason)"
        case .unknownKey(let key, let nearest, let origin):
            let hint = nearest.map { "did you mean \"\($0)\"?" } ?? "`headrace doctor --print-config` lists all keys"
            return "\(origin): unknown key \"\(key)\"; \(hint)"
        case .badValue(let key, let expected, let found, let origin):
            return "\(origin): \(key) must be \(expected), found \(found)"
        case .conflict(let key, let otherKey, let reason, let origin):
            return "\(origin): \(key) does not go with \(otherKey): \(reason)"
        case .handlerPolicy(let fault, let count):
            return count > 1 ? "\(fault) (the first of \(count) faults)" : fault
        case .missing(let key, let purpose):
            return "\(key) is not set and \(purpose); set it in headrace.yml or as "
                + "\(ConfigurationSetting.variable(for: key))"
        }
    }
}
