import HandlerHosting
import JobCore

/// Values of requests and grants as people write them.
enum GrantText {
    /// A value of a key, such as `512MiB`, `30s` or `none`.
    static func text(_ value: GrantValue, of key: GrantKey) -> String {
        switch value {
        case .unlimited: "unlimited"
        case .amount(let amount): key.isBytes ? bytes(amount) : String(amount)
        case .duration(let duration): ConfigurationText.text(duration)
        case .isolation(let mode): mode.rawValue
        case .network(let network): network.rawValue
        case .names(let texts), .paths(let texts): list(texts)
        case .prefixes(let prefixes): list(prefixes.map(\.description))
        }
    }

    /// The place of a value, the file by its name; `default` where nobody said anything.
    static func place(_ place: SourcePlace?) -> String {
        place.map { "\(LocalFile.name(of: $0.file)):\($0.line)" } ?? "default"
    }

    /// Bytes with the largest unit that keeps them whole.
    static func bytes(_ amount: Int64) -> String {
        let units: [(name: String, shift: Int64)] = [("GiB", 30), ("MiB", 20), ("KiB", 10)]
        let unit = units.first { amount > 0 && amount & (1 << $0.shift - 1) == 0 }
        return unit.map { "\(amount >> $0.shift)\($0.name)" } ?? "\(amount)B"
    }

    private static func list(_ texts: [String]) -> String { texts.isEmpty ? "none" : texts.joined(separator: " ") }
}
