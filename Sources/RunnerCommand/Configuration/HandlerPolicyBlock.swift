import HandlerHosting
import Yams

/// The blocks of the configuration that say what handlers may do; they have no variables and no flags.
enum HandlerPolicyBlock {
    private static let prefix = "handlers."

    /// The dotted keys.
    static let keys = OperatorPolicyReader.blocks.map { prefix + $0 }

    /// Reads one block.
    static func read(
        _ key: String, _ node: Node, of file: ConfigurationFile, into policy: inout OperatorPolicy
    ) throws(ConfigurationError) {
        var reader = OperatorPolicyReader(
            file: file.path, baseDirectory: ConfigurationFile.directory(of: file.path))
        do throws(ManifestFaults) {
            try reader.read(String(key.dropFirst(prefix.count)), node, into: &policy)
        } catch {
            throw .handlerPolicy(error.list.first?.description ?? key, count: error.list.count)
        }
    }

    /// What `doctor --print-config` shows of them; of secrets the names.
    static func entries(_ policy: OperatorPolicy, _ origins: [String: ConfigurationOrigin]) -> [ConfigurationEntry] {
        let granted = GrantKey.allCases.filter { policy.grants[$0] != nil }.map(\.rawValue)
        let settings = policy.settings.sorted { $0.key < $1.key }.map { name, settings in
            let secrets = settings.secrets.map(\.name)
            return secrets.isEmpty ? name : "\(name) (secrets \(secrets.joined(separator: " ")))"
        }
        let blocks = [
            ("grants", granted, "What every handler may have at most."),
            ("settings", settings, "Configuration, grants and secrets of single handlers."),
            ("trusted_keys", policy.trustedKeys.map(\.id), "Public keys whose signatures are taken."),
        ]
        return blocks.map { name, values, summary in
            let key = prefix + name
            return ConfigurationEntry(
                key: key, value: values.joined(separator: ","), origin: origins[key] ?? .builtIn, summary: summary)
        }
    }
}
