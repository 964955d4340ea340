import CHostProcess
import Glibc
import HostProtocol
import JobCore
package import Logging
package import PureJSON

/// Finds the handlers in the handlers directories and makes a catalogue of those that can be used.
package struct HandlerCatalogLoader: Sendable {
    /// The name of a handler's manifest in its folder.
    package static let manifestName = "handler.yml"
    private static let manifestLimit = 1 << 20

    private let hostExecutable: String
    private let runnerVersion: String
    private let configurations: [String: JSONValue]
    private let environment: [String: String]
    private let logger: Logger

    /// Makes a loader.
    ///
    /// - Parameters:
    ///   - hostExecutable: the absolute path of `headrace-host`.
    ///   - runnerVersion: the version that handlers are told.
    ///   - configurations: handler name to its configuration, an object that fits the manifest's config schema.
    ///   - environment: the runner's environment, of which handlers get what their manifests name.
    ///   - logger: where hosting says what operators may act on.
    package init(
        hostExecutable: String, runnerVersion: String, configurations: [String: JSONValue] = [:],
        environment: [String: String], logger: Logger
    ) {
        self.hostExecutable = hostExecutable
        self.runnerVersion = runnerVersion
        self.configurations = configurations
        self.environment = environment
        self.logger = logger
    }

    /// Loads all handlers below the directories; a broken one is a fault and does not keep the others from loading.
    ///
    /// A directory is a handler's folder itself, or holds such folders. Reads files: not for the concurrency pool's
    /// busy time.
    ///
    /// - Parameter directories: absolute paths; of two handlers with one name the first wins, the other is a fault.
    /// - Returns: the catalogue, and what could not be loaded, in order.
    package func load(directories: [String]) -> (catalog: HostedHandlerCatalog, faults: [HandlerFault]) {
        var faults: [HandlerFault] = []
        var entries: [String: HostedHandler] = [:]
        var broken: [String: String] = [:]
        if unsafe access(hostExecutable, X_OK) != 0 {
            let error = HandlerHostingError.hostExecutable(path: hostExecutable, errno: errno)
            faults.append(HandlerFault(file: hostExecutable, message: error.description))
        }
        for directory in directories {
            for folder in folders(in: directory, &faults) {
                switch handler(in: folder) {
                case .failure(let found):
                    faults.append(contentsOf: found.list)
                    let name = folder.split(separator: "/").last.map(String.init) ?? folder
                    broken[name] = found.list.first?.description
                case .success(let handler):
                    if let other = entries[handler.description.name] {
                        faults.append(
                            HandlerFault(
                                file: folder + "/" + Self.manifestName,
                                message: "the name \(handler.description.name) is taken by \(other.folder)"))
                        continue
                    }
                    entries[handler.description.name] = handler
                }
            }
        }
        return (HostedHandlerCatalog(handlers: entries, broken: broken), faults)
    }

    // MARK: - Folders

    private func folders(in directory: String, _ faults: inout [HandlerFault]) -> [String] {
        if hasManifest(directory) { return [directory] }
        guard let names = DirectoryReader.names(directory) else {
            faults.append(
                HandlerFault(file: directory, message: "the handlers directory cannot be read (errno \(errno))"))
            return []
        }
        return names.sorted().map { directory + "/" + $0 }.filter(hasManifest)
    }

    private func hasManifest(_ folder: String) -> Bool {
        unsafe access(folder + "/" + Self.manifestName, F_OK) == 0
    }

    // MARK: - One handler

    private func handler(in folder: String) -> Result<HostedHandler, ManifestFaults> {
        let file = folder + "/" + Self.manifestName
        let text: String
        do throws(FileFault) {
            text = String(decoding: try FileReader.read(path: file, limit: Self.manifestLimit), as: UTF8.self)
        } catch {
            return .failure(ManifestFaults(list: [HandlerFault(file: file, message: "the manifest \(error.reason)")]))
        }
        let manifest = ManifestReader.read(text, file: file) { name throws(HandlerFault) in
            guard ManifestReader.staysBelow(name) else {
                throw HandlerFault(
                    file: file, message: "expected a path below the manifest's folder, found \"\(name)\"")
            }
            do throws(FileFault) {
                return try FileReader.read(path: folder + "/" + name, limit: Self.manifestLimit)
            } catch {
                throw HandlerFault(file: file, message: "\(name) \(error.reason)")
            }
        }
        switch manifest {
        case .failure(let faults): return .failure(faults)
        case .success(let manifest):
            do throws(HandlerFault) {
                return .success(try hosted(manifest, folder: folder, file: file))
            } catch {
                return .failure(ManifestFaults(list: [error]))
            }
        }
    }

    private func hosted(
        _ manifest: HandlerManifest, folder: String, file: String
    ) throws(HandlerFault) -> HostedHandler {
        let folder = absolute(folder)
        let library = folder + "/" + manifest.libraryPath
        let sealed: SealedLibrary?
        do throws(LibraryFault) {
            sealed = try LibraryVerifier.verify(path: library, digest: manifest.digest)
        } catch {
            throw HandlerFault(file: file, message: error.message)
        }
        let launch = HandlerLaunch(
            hostExecutable: hostExecutable, runnerVersion: runnerVersion, name: manifest.name,
            version: manifest.version, libraryPath: library, sealedLibrary: sealed,
            config: Array(try configuration(manifest, folder: folder, file: file).serialized().utf8),
            environment: environment(of: manifest, library: library),
            outputs: manifest.outputs.map { HostRun.Output(name: $0.name, contentType: $0.contentType) },
            inputLimits: Dictionary(
                uniqueKeysWithValues: manifest.inputs.compactMap { input in input.maxBytes.map { (input.name, $0) } }),
            limits: manifest.limits, denyNetwork: !manifest.allowsNetwork, denyProcesses: !manifest.allowsProcesses,
            cancelGrace: manifest.cancelGrace, silence: manifest.stall)
        if !manifest.notEnforced.isEmpty {
            logger.debug(
                "a manifest has settings that this version does not enforce",
                metadata: ["handler": "\(manifest.name)", "keys": "\(manifest.notEnforced.joined(separator: ","))"])
        }
        let recycling = RecyclingRule(
            afterRuns: manifest.isolation == .processPerJob ? 1 : manifest.recycleAfterJobs,
            aboveBytes: manifest.recycleAboveBytes)
        let pool = HostPool(launch: launch, slots: manifest.concurrency, recycling: recycling, logger: logger)
        return HostedHandler(folder: folder, manifest: manifest, pool: pool)
    }

    /// The operator's configuration with the schema's defaults, checked, and the handler's own folder.
    private func configuration(
        _ manifest: HandlerManifest, folder: String, file: String
    ) throws(HandlerFault) -> JSONValue {
        let given = configurations[manifest.name] ?? .object(JSONObject())
        guard case .object(let object) = given else {
            throw HandlerFault(
                file: file, message: "the configuration of \(manifest.name): expected an object, found \(given.summary)"
            )
        }
        var config = manifest.config?.addingDefaults(to: object) ?? object
        if let mismatch = manifest.config?.mismatch(of: .object(config)) {
            throw HandlerFault(
                file: file,
                message: "the configuration of \(manifest.name) does not fit at "
                    + "\(mismatch.pointer.isEmpty ? "the top level" : mismatch.pointer): \(mismatch.reason)")
        }
        config["handlerDirectory"] = .string(folder)
        return .object(config)
    }

    /// Fixed settings, and what the manifest names of the runner's own.
    private func environment(of manifest: HandlerManifest, library: String) -> [String] {
        let folder = library.split(separator: "/", omittingEmptySubsequences: false).dropLast().joined(separator: "/")
        // A library that is loaded from sealed memory has no folder of its own to look for others in.
        let libraries = [environment["LD_LIBRARY_PATH"], folder].compactMap { $0 }.filter { !$0.isEmpty }
        var settings = [
            "LANG=C.UTF-8", "LC_ALL=C.UTF-8", "TZ=UTC", "SWIFT_BACKTRACE=enable=no",
            "LD_LIBRARY_PATH=\(libraries.joined(separator: ":"))",
        ]
        for name in manifest.environment {
            if let value = environment[name] { settings.append("\(name)=\(value)") }
        }
        return settings
    }

    private func absolute(_ folder: String) -> String {
        guard let resolved = unsafe realpath(folder, nil) else { return folder }
        defer { unsafe free(resolved) }
        return unsafe String(cString: resolved)
    }
}

/// Lists directories.
enum DirectoryReader {
    /// Names without `.` and `..`, in no order; `nil` with errno when it cannot be read.
    static func names(_ path: String) -> [String]? {
        guard let directory = unsafe opendir(path) else { return nil }
        defer { unsafe closedir(directory) }
        var names: [String] = []
        while let entry = unsafe readdir(directory) {
            let name = unsafe withUnsafePointer(to: &entry.pointee.d_name) { pointer in
                unsafe pointer.withMemoryRebound(to: CChar.self, capacity: 256) { unsafe String(cString: $0) }
            }
            if name != ".", name != ".." { names.append(name) }
        }
        return names
    }
}
