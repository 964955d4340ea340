import PureJSON
package import Yams

/// Reads the blocks of the configuration that are about handlers: `grants`, `settings` and `trusted_keys`.
package struct OperatorPolicyReader {
    /// The keys of the blocks that this reader knows.
    package static let blocks = ["grants", "settings", "trusted_keys"]

    private var cursor: ManifestCursor
    private let baseDirectory: String?

    /// Prepares to read.
    ///
    /// - Parameters:
    ///   - file: the configuration's path, for places.
    ///   - baseDirectory: the folder that relative paths start from; `nil` for the working directory.
    package init(file: String, baseDirectory: String?) {
        cursor = ManifestCursor(file: file)
        self.baseDirectory = baseDirectory
    }

    /// Reads one block into a policy.
    ///
    /// - Throws: all that is wrong with the block, in its order.
    package mutating func read(
        _ block: String, _ node: Node, into policy: inout OperatorPolicy
    ) throws(ManifestFaults) {
        switch block {
        case "grants": policy.grants = grants(node, of: "handlers.grants")
        case "settings": readSettings(node, into: &policy)
        case "trusted_keys": readKeys(node, into: &policy)
        default: preconditionFailure("\(block) is no block of handlers")
        }
        let faults = cursor.sortedFaults
        if !faults.isEmpty { throw ManifestFaults(list: faults) }
    }

    private mutating func grants(_ node: Node, of place: String) -> GrantTerms {
        let known = ManifestCursor.termBlocks.filter { $0 != GrantKey.secrets.rawValue }
        let terms = cursor.terms(in: cursor.members(node, of: place, known: known)).terms
        for key in GrantKey.allCases {
            guard case .amount(let ceiling) = key.defaultGrant, ceiling > 0, let term = terms[key],
                case .amount(let granted) = term.value, granted > ceiling
            else { continue }
            cursor.fault(at: term.place, "\(key.rawValue): expected at most \(ceiling) bytes, found \(granted)")
        }
        return terms
    }

    private mutating func readSettings(_ node: Node, into policy: inout OperatorPolicy) {
        for (key, name, value) in cursor.pairs(node, of: "handlers.settings") {
            let place = "handlers.settings.\(name)"
            guard TextForms.isLabel(name) else {
                cursor.fault(key, "\(place): expected the name of a handler: lower-case words joined by hyphens")
                continue
            }
            let members = cursor.members(value, of: place, known: ["config", "grants", "secrets"])
            var settings = HandlerSettings()
            if let config = members["config"] {
                settings.configPlace = cursor.place(of: config)
                let json = cursor.json(config)
                if let object = json?.objectValue {
                    settings.config = object
                } else {
                    cursor.fault(config, "\(place).config: expected a mapping, found \(config.kindName)")
                }
            }
            if let node = members["grants"] { settings.grants = grants(node, of: place + ".grants") }
            if let node = members["secrets"] {
                settings.secretsPlace = cursor.place(of: node)
                settings.secrets = secrets(node, of: place + ".secrets")
            }
            policy.settings[name] = settings
        }
    }

    private mutating func secrets(_ node: Node, of place: String) -> [SecretReference] {
        var secrets: [SecretReference] = []
        for (key, name, value) in cursor.pairs(node, of: place) {
            guard TextForms.isSecretName(name) else {
                cursor.fault(key, "\(place).\(name): expected a name of lower-case letters, digits and hyphens")
                continue
            }
            // A value that stands in the file would be shown by everything that shows the file.
            guard value.mapping != nil else {
                cursor.fault(
                    value,
                    "\(place).\(name): expected { file: PATH } or { environment: NAME }; a value does not belong here"
                )
                continue
            }
            let members = cursor.members(value, of: "\(place).\(name)", known: ["file", "environment"])
            let file = cursor.text(
                members["file"], "\(place).\(name).file", expecting: "a path", where: { !$0.isEmpty })
            let variable = cursor.text(members["environment"], "\(place).\(name).environment")
            switch (file, variable) {
            case (let path?, nil):
                secrets.append(
                    SecretReference(name: name, source: .file(absolute(path)), place: cursor.place(of: key)))
            case (nil, let variable?):
                secrets.append(
                    SecretReference(name: name, source: .variable(variable), place: cursor.place(of: key)))
            case (nil, nil), (_?, _?):
                cursor.fault(value, "\(place).\(name): expected one of file and environment")
            }
        }
        return secrets
    }

    private mutating func readKeys(_ node: Node, into policy: inout OperatorPolicy) {
        for (key, name, value) in cursor.pairs(node, of: "handlers.trusted_keys") {
            guard TextForms.isKeyID(name) else {
                cursor.fault(
                    key, "handlers.trusted_keys.\(name): expected a name of 1 to 64 letters, digits, ., _ and -")
                continue
            }
            let path = cursor.text(
                value, "handlers.trusted_keys.\(name)", expecting: "the path of a PEM file", where: { !$0.isEmpty })
            guard let path else { continue }
            policy.trustedKeys.append(
                TrustedKey(id: name, path: absolute(path), place: cursor.place(of: key)))
        }
    }

    private func absolute(_ path: String) -> String {
        guard !path.hasPrefix("/"), let baseDirectory else { return path }
        return baseDirectory.hasSuffix("/") ? baseDirectory + path : "\(baseDirectory)/\(path)"
    }
}
