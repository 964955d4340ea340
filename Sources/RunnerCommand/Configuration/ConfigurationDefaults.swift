import FoundationEssentials

/// Defaults that depend on the machine.
enum ConfigurationDefaults {
    /// Processors that this process may use, at least one.
    static var processorCount: Int { max(1, ProcessInfo.processInfo.activeProcessorCount) }
}
