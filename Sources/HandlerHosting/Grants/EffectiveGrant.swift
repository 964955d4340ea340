package import JobCore

/// What a handler may use: the only source of the limits that hosting enforces.
package struct EffectiveGrant: Sendable, Hashable {
    package var isolation: HandlerIsolation
    package var network: HandlerNetwork
    /// Absolute paths that may be read, with all below them, beside the handler's own folder.
    package var readPaths: [String]
    /// Bytes below the run's scratch directory; `nil` for no limit.
    package var scratchBytes: Int64?
    /// Runs at once.
    package var concurrency: Int
    package var runTimeout: Duration
    /// From the request to stop to SIGTERM.
    package var cancelGrace: Duration
    /// The longest time without a call of the host; `nil` for no limit.
    package var stall: Duration?
    /// The largest resident memory of the process; `nil` for no limit.
    package var memoryBytes: Int64?
    /// Processor time of one run; `nil` for no limit.
    package var cpuSeconds: Int64?
    /// Descriptors of the process.
    package var openFiles: Int64
    /// Processes that the handler may start.
    package var processes: Int64
    /// Threads of the process; `nil` for no limit.
    package var threads: Int64?
    /// All outputs of one run together; `nil` for no limit.
    package var outputBytes: Int64?
    /// The checkpoint of one job; `nil` for no limit.
    package var checkpointBytes: Int64?
    /// The handler's key-value state; `nil` for no limit.
    package var kvBytes: Int64?
    /// Names of the runner's variables that the handler sees.
    package var environment: [String]
    /// Names of the secrets that the handler is told.
    package var secrets: [String]
    /// Where inputs may come from; `nil` for wherever jobs may.
    package var s3Read: [ObjectPrefix]?
    /// Where outputs may go; `nil` for wherever the runner publishes.
    package var s3Write: [ObjectPrefix]?

    /// Takes what both sides agree on.
    package init(_ table: GrantTable) {
        isolation = if case .isolation(let mode) = table.effective(.isolation) { mode } else { .processPerJob }
        network = if case .network(let network) = table.effective(.network) { network } else { .none }
        readPaths = if case .paths(let paths) = table.effective(.readPaths) { paths } else { [] }
        scratchBytes = table.amount(.scratch)
        concurrency = Int(table.amount(.concurrency) ?? 1)
        runTimeout = table.duration(.runTimeout) ?? .seconds(300)
        cancelGrace = table.duration(.cancelGrace) ?? .seconds(10)
        stall = table.duration(.stall)
        memoryBytes = table.amount(.memory)
        cpuSeconds = table.amount(.cpuSeconds)
        openFiles = table.amount(.openFiles) ?? 256
        processes = table.amount(.processes) ?? 0
        threads = table.amount(.threads)
        outputBytes = table.amount(.outputBytes)
        checkpointBytes = table.amount(.checkpointBytes)
        kvBytes = table.amount(.kvBytes)
        environment = table.names(.environment)
        secrets = table.names(.secrets)
        s3Read = table.prefixes(.s3Read)
        s3Write = table.prefixes(.s3Write)
    }

    /// What a handler gets that asks for nothing from an operator who says nothing.
    package init() { self.init(GrantTable(request: GrantTerms(), grant: GrantTerms())) }
}

extension GrantTable {
    fileprivate func amount(_ key: GrantKey) -> Int64? {
        if case .amount(let value) = effective(key) { value } else { nil }
    }

    fileprivate func duration(_ key: GrantKey) -> Duration? {
        if case .duration(let value) = effective(key) { value } else { nil }
    }

    fileprivate func names(_ key: GrantKey) -> [String] {
        if case .names(let names) = effective(key) { names } else { [] }
    }

    fileprivate func prefixes(_ key: GrantKey) -> [ObjectPrefix]? {
        if case .prefixes(let prefixes) = effective(key) { prefixes } else { nil }
    }
}
