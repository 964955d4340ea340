package import PureJSON

extension HostedHandlerCatalog {
    /// The settings of a handler's manifest that this version understands and does not enforce.
    package func settingsNotEnforced(of name: String) -> [String] { handler(named: name)?.manifest.notEnforced ?? [] }

    /// The folder of a handler's manifest.
    package func folder(of name: String) -> String? { handler(named: name)?.folder }

    /// What a handler is, asks for, is granted and may use; `nil` when the catalogue does not have it.
    package func explanation(of name: String) -> HandlerExplanation? {
        handler(named: name).map { handler in
            HandlerExplanation(
                name: handler.manifest.name, version: handler.manifest.version, folder: handler.folder,
                signature: handler.signature, secrets: handler.grant.secrets,
                binding: handler.manifest.binding?.summary, notEnforced: handler.manifest.notEnforced,
                grants: handler.grants)
        }
    }

    /// Faults that leave open which handler a message is for: reasons not to start.
    package var ambiguities: [HandlerFault] { entries.filter(\.isAmbiguous).flatMap(\.faults) }

    /// Every folder with a manifest, usable or not, in the order of the directories.
    package func inventory() -> [InstalledHandler] {
        entries.map { entry in
            guard let handler = entry.handler else {
                return InstalledHandler(name: entry.folderName, folder: entry.folder, faults: entry.faults)
            }
            return InstalledHandler(
                name: handler.manifest.name, version: handler.manifest.version, folder: entry.folder,
                platforms: handler.manifest.libraries.map(\.platform), isolation: handler.grant.isolation,
                signature: handler.signature, faults: entry.faults, isUsable: true)
        }
    }

    /// The examples of a handler's manifest: their names, parameters, inputs as absolute paths, and expectations.
    package func examples(of name: String) -> [HandlerExample] {
        guard let known = handler(named: name) else { return [] }
        return known.manifest.examples.map { example in
            HandlerExample(
                name: example.name, params: example.payload,
                inputs: example.inputs.mapValues { known.folder + "/" + $0 }, expectation: example.expect)
        }
    }
}

/// One folder of the handlers directories.
package struct InstalledHandler: Sendable, Hashable {
    /// The handler's name; the folder's where the manifest cannot be read.
    package var name: String
    package var version: String?
    package var folder: String
    package var platforms: [String] = []
    /// As it is granted.
    package var isolation: HandlerIsolation?
    package var signature: SignatureState?
    /// Why what is in the folder cannot be used.
    package var faults: [HandlerFault] = []
    /// Whether jobs can be run, be it by an older version than the folder's.
    package var isUsable = false
}

/// A job that shows what a handler does, from its manifest.
package struct HandlerExample: Sendable, Hashable {
    /// The example's name.
    package var name: String
    /// The job's parameters.
    package var params: JSONValue
    /// Input name to an absolute path.
    package var inputs: [String: String]
    /// `status`, `code`, `result` and `outputs` as the manifest has them; `nil` where it expects nothing.
    package var expectation: JSONValue?

    /// Makes an example.
    package init(name: String, params: JSONValue, inputs: [String: String], expectation: JSONValue? = nil) {
        self.name = name
        self.params = params
        self.inputs = inputs
        self.expectation = expectation
    }
}

/// What one handler is and may do.
package struct HandlerExplanation: Sendable, Hashable {
    package var name: String
    package var version: String
    package var folder: String
    package var signature: SignatureState
    /// Names of the secrets that it is told; their values are nowhere.
    package var secrets: [String]
    /// The messages that it takes beside those that name it, in words.
    package var binding: String?
    package var notEnforced: [String]
    package var grants: GrantTable
}
