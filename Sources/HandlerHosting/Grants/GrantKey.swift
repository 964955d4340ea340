/// Something that a manifest asks for and an operator grants, by its place in a manifest.
///
/// Blocks of an operator's grants have the same keys, so that a manifest's block can be copied.
package enum GrantKey: String, Sendable, Hashable, CaseIterable {
    case isolation = "isolation.mode"
    case network = "isolation.network"
    case readPaths = "isolation.filesystem.read"
    case scratch = "isolation.filesystem.scratch"
    case concurrency = "concurrency.max"
    case runTimeout = "timeout.run"
    case cancelGrace = "timeout.cancelGrace"
    case stall = "timeout.stall"
    case memory = "limits.memory"
    case cpuSeconds = "limits.cpuSeconds"
    case openFiles = "limits.openFiles"
    case processes = "limits.processes"
    case threads = "limits.threads"
    case outputBytes = "limits.outputBytes"
    case checkpointBytes = "limits.checkpointBytes"
    case kvBytes = "limits.kvBytes"
    case environment = "env"
    case secrets
    case s3Read = "s3.read"
    case s3Write = "s3.write"

    /// The most that fits into one frame between runner and host with room to spare, in bytes.
    private static let stateLimit: Int64 = 4 << 20

    /// What a manifest asks for when it does not say.
    var defaultRequest: GrantValue {
        switch self {
        case .isolation: .isolation(.pool)
        case .network: .network(.none)
        case .readPaths: .paths([])
        case .concurrency: .amount(1)
        case .runTimeout: .duration(.seconds(300))
        case .cancelGrace: .duration(.seconds(10))
        case .openFiles: .amount(256)
        case .processes: .amount(0)
        case .outputBytes: .amount(1 << 30)
        case .checkpointBytes, .kvBytes: .amount(1 << 20)
        case .environment, .secrets: .names([])
        case .scratch, .stall, .memory, .cpuSeconds, .threads, .s3Read, .s3Write: .unlimited
        }
    }

    /// What an operator grants without a word: any amount, and nothing that reaches outside the process.
    var defaultGrant: GrantValue {
        switch self {
        case .isolation: .isolation(.pool)
        case .network: .network(.none)
        case .readPaths: .paths([])
        case .processes: .amount(0)
        case .environment, .secrets: .names([])
        case .checkpointBytes, .kvBytes: .amount(Self.stateLimit)
        case .scratch, .concurrency, .runTimeout, .cancelGrace, .stall, .memory, .cpuSeconds, .openFiles, .threads,
            .outputBytes, .s3Read, .s3Write:
            .unlimited
        }
    }

    /// Whether amounts are bytes.
    package var isBytes: Bool {
        switch self {
        case .scratch, .memory, .outputBytes, .checkpointBytes, .kvBytes: true
        default: false
        }
    }
}

/// What is kept of a process between runs, from the loosest to the strictest.
package enum HandlerIsolation: String, Sendable, Hashable, CaseIterable {
    /// The handler runs inside the runner.
    case inProcess = "in-process"
    /// Processes stay warm.
    case pool
    /// Each run gets a process of its own.
    case processPerJob = "process-per-job"

    /// The stricter of two.
    func stricter(_ other: HandlerIsolation) -> HandlerIsolation {
        let order = Self.allCases
        let places = [self, other].compactMap { order.firstIndex(of: $0) }
        return places.max().map { order[$0] } ?? .processPerJob
    }
}

/// What a handler reaches over the network.
package enum HandlerNetwork: String, Sendable, Hashable, CaseIterable {
    /// Nothing.
    case none
    /// Whatever the machine reaches.
    case host
}
