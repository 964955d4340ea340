/// A part of the check, in the order in which the parts are done.
package enum CheckPhase: String, Sendable, CaseIterable {
    case manifest, library, load, contract, claims, hygiene, security, examples

    /// What the part is about, for people.
    package var title: String {
        switch self {
        case .manifest: "Manifest"
        case .library: "Library, nothing executed"
        case .load: "Loading"
        case .contract: "Contract, with a host that means no good"
        case .claims: "Claims"
        case .hygiene: "Hygiene"
        case .security: "Security"
        case .examples: "Examples, through headrace-host"
        }
    }
}

/// One thing that is checked.
package struct CheckCase: Sendable {
    /// `PHASE.NAME`, stable: what `--only` takes and reports show.
    package let id: String
    /// The part that it belongs to.
    package let phase: CheckPhase
    /// What must be so, for people.
    package let title: String
    let body: @Sendable (CaseContext) async throws -> Verdict

    init(
        _ phase: CheckPhase, _ name: String, _ title: String,
        body: @escaping @Sendable (CaseContext) async throws -> Verdict
    ) {
        id = "\(phase.rawValue).\(name)"
        self.phase = phase
        self.title = title
        self.body = body
    }

    /// Whether a word of `--only` means this case: a phase, a case, or the beginning of one.
    package func matches(_ word: String) -> Bool { id == word || phase.rawValue == word || id.hasPrefix(word) }
}

/// What one case came to.
package struct CaseResult: Sendable {
    package var id: String
    package var phase: CheckPhase
    package var title: String
    package var verdict: Verdict
    package var duration: Duration
}
