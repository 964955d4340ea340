package import PureJSON

/// What the operator of a runner decides about handlers.
package struct OperatorPolicy: Sendable, Hashable {
    package var signatures = SignaturePolicy.whenPresent
    package var trustedKeys: [TrustedKey] = []
    /// Whether `sha256: dev` is taken.
    package var allowsDevelopment = false
    /// What every handler may have at most.
    package var grants = GrantTerms()
    /// What is said of one handler, by its name.
    package var settings: [String: HandlerSettings] = [:]

    /// A policy that says nothing.
    package init() {}

    /// What one handler may have at most: its own grants, then those of every handler; its secrets by name.
    func grants(for handler: String) -> GrantTerms {
        guard let own = settings[handler] else { return grants }
        var terms = grants.overridden(by: own.grants)
        if let place = own.secretsPlace {
            terms[.secrets] = GrantTerms.Term(value: .names(own.secrets.map(\.name)), place: place)
        }
        return terms
    }
}

/// Which handlers need a signature.
package enum SignaturePolicy: String, Sendable, Hashable, CaseIterable {
    /// All of them.
    case required
    /// None, but one that is there must be good.
    case whenPresent = "when-present"
    /// None, and none is looked at.
    case off
}

/// A public key whose signatures are taken.
package struct TrustedKey: Sendable, Hashable {
    /// The name that manifests use.
    package var id: String
    /// A PEM file with an Ed25519 public key.
    package var path: String
    package var place: SourcePlace

    /// Makes a reference to a key.
    package init(id: String, path: String, place: SourcePlace) {
        self.id = id
        self.path = path
        self.place = place
    }
}

/// What the operator says of one handler.
package struct HandlerSettings: Sendable, Hashable {
    /// The handler's configuration, an object that fits the manifest's schema; empty without one.
    package var config = JSONObject()
    package var configPlace: SourcePlace?
    /// What it may have at most; wins over the grants of every handler, key by key.
    package var grants = GrantTerms()
    /// In the file's order.
    package var secrets: [SecretReference] = []
    package var secretsPlace: SourcePlace?

    /// Nothing said.
    package init() {}
}

/// A secret's name and where its value is.
package struct SecretReference: Sendable, Hashable {
    /// Where a value is.
    package enum Source: Sendable, Hashable {
        /// A file's content without the line break at its end.
        case file(String)
        /// One of the runner's variables.
        case variable(String)
    }

    package var name: String
    package var source: Source
    package var place: SourcePlace
}
