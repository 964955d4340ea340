import CHostProcess
import HostProtocol

/// Everything that a host process of one handler starts with.
struct HandlerLaunch: Sendable {
    var hostExecutable: String
    var runnerVersion: String
    var name: String
    var version: String
    var libraryPath: String
    /// A sealed copy of the verified library; `nil` loads from the path.
    var sealedLibrary: SealedLibrary?
    var config: [UInt8]
    /// `NAME=value`.
    var environment: [String]
    var outputs: [HostRun.Output]
    /// The largest input of that name, in bytes.
    var inputLimits: [String: Int64]
    var limits: HandlerLimits
    var denyNetwork: Bool
    var denyProcesses: Bool
    var cancelGrace: Duration
    var silence: Duration?
    /// How long loading and making the handler may take.
    var startPatience: Duration = .seconds(30)
    /// Absolute paths that may be read, with all below them: the handler's own folder and what it is granted.
    var readPaths: [String] = []
    /// An absolute path of a directory that exists; host processes get directories of their own in it.
    var scratchRoot = "/tmp"
    /// Whether the handler does not run where a layer of confinement is missing.
    var requiresConfinement = false

    /// The first number of the version; 0 for a version without one.
    var majorVersion: Int64 { version.split(separator: ".").first.flatMap { Int64($0) } ?? 0 }

    /// The first frame for a process that may write below a directory.
    func hello(workspace: String) -> HostHello {
        // A handler may map more than it touches; the watch on resident memory is the limit, this is the wall behind.
        let data = limits.memoryBytes.map { UInt64($0) * 2 + 512 << 20 } ?? 0
        return HostHello(
            runnerVersion: runnerVersion, libraryPath: libraryPath, libraryIsDescriptor: sealedLibrary != nil,
            handlerName: name, handlerVersion: version, config: config, dataLimitBytes: data,
            fileLimitBytes: UInt64(limits.fileBytes), openFiles: UInt32(limits.openFiles), denyNetwork: denyNetwork,
            denyProcesses: denyProcesses, readPaths: readPaths, writePaths: [workspace],
            requiresConfinement: requiresConfinement, checkpointLimitBytes: UInt64(limits.checkpointBytes),
            keyValueLimitBytes: UInt64(limits.keyValueBytes))
    }
}

/// What one run of a handler may use.
struct HandlerLimits: Sendable, Hashable {
    /// The largest resident memory of the process.
    var memoryBytes: Int64?
    /// Processor time of one run.
    var cpuSeconds: Int64?
    /// Descriptors of the process.
    var openFiles: Int64 = 256
    /// All outputs of one run together.
    var outputBytes: Int64 = 1 << 30
    /// The room on disk of one run, its outputs included; `nil` for no limit.
    var scratchBytes: Int64?
    /// The longest checkpoint, at most ``stateBytesLimit``.
    var checkpointBytes: Int64 = 1 << 20
    /// All keys and values of the handler together, at most ``stateBytesLimit``.
    var keyValueBytes: Int64 = 1 << 20

    /// What fits into one frame of the host protocol with room to spare.
    static let stateBytesLimit: Int64 = 4 << 20

    /// The largest file that a process may write, 0 for no limit.
    ///
    /// The host counts outputs together and says so; this is the wall behind, for the scratch directory as well.
    var fileBytes: Int64 {
        guard outputBytes < .max || scratchBytes != nil else { return 0 }
        return max(outputBytes == .max ? 0 : outputBytes, scratchBytes ?? 0)
    }
}

/// A copy of a library in memory that nobody can change; closed with its last user.
final class SealedLibrary: Sendable {
    let descriptor: Int32

    /// Takes over a descriptor.
    init(descriptor: Int32) { self.descriptor = descriptor }

    deinit { DescriptorCloser.close(descriptor) }
}

extension Duration {
    /// The duration in whole nanoseconds, at most 292 years.
    var wholeNanoseconds: Int64 {
        let (seconds, attoseconds) = components
        let (product, overflow) = seconds.multipliedReportingOverflow(by: 1_000_000_000)
        return overflow ? .max : product.addingReportingOverflow(attoseconds / 1_000_000_000).partialValue
    }
}
