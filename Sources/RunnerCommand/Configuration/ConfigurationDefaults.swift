import FoundationEssentials
import Glibc

/// Defaults that depend on the machine.
enum ConfigurationDefaults {
    /// Processors that this process may use, at least one.
    static var processorCount: Int { max(1, ProcessInfo.processInfo.activeProcessorCount) }

    /// The folder `handlers` beside this executable, links resolved; below the working directory where the
    /// executable's place is not known.
    static let handlersDirectory: String = {
        var buffer = [UInt8](repeating: 0, count: Int(PATH_MAX))
        let count = readlink("/proc/self/exe", &buffer, buffer.count)
        let executable = String(decoding: buffer.prefix(max(0, count)), as: UTF8.self)
        guard let slash = executable.lastIndex(of: "/") else { return "handlers" }
        return executable[...slash] + "handlers"
    }()
}
