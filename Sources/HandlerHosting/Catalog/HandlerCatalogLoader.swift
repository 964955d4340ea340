import Glibc
package import JobCore
package import Logging

/// Finds the handlers in the handlers directories and makes a catalogue of those that can be used.
package struct HandlerCatalogLoader: Sendable {
    /// The name of a handler's manifest in its folder.
    package static let manifestName = "handler.yml"

    private let hostExecutable: String
    private let hosting: HostingSettings
    private let folderLoader: HandlerFolderLoader
    let logger: Logger

    /// Makes a loader.
    ///
    /// - Parameters:
    ///   - hostExecutable: the absolute path of `headrace-host`.
    ///   - runnerVersion: the version that handlers are told.
    ///   - policy: what the operator decides about handlers.
    ///   - environment: the runner's environment, of which handlers get what they ask for and are granted.
    ///   - hosting: how host processes are run.
    ///   - state: where checkpoints and values of handlers are kept.
    ///   - logger: where hosting says what operators may act on.
    package init(
        hostExecutable: String, runnerVersion: String, policy: OperatorPolicy = OperatorPolicy(),
        environment: [String: String], hosting: HostingSettings = HostingSettings(),
        state: any HandlerStateStore = TransientHandlerState(), logger: Logger
    ) {
        self.hostExecutable = hostExecutable
        self.hosting = hosting
        self.logger = logger
        folderLoader = HandlerFolderLoader(
            hostExecutable: hostExecutable, runnerVersion: runnerVersion, policy: policy, environment: environment,
            hosting: hosting, state: state, logger: logger)
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
        if unsafe access(hostExecutable, X_OK) != 0 {
            let error = HandlerHostingError.hostExecutable(path: hostExecutable, errno: errno)
            faults.append(HandlerFault(file: hostExecutable, message: error.description))
        }
        do throws(FileFault) {
            try HostWorkspace.removeAbandoned(below: hosting.scratchDirectory)
        } catch {
            faults.append(
                HandlerFault(file: hosting.scratchDirectory, message: "the scratch directory \(error.reason)"))
        }
        let look = look(at: directories, before: [])
        let entries = CatalogMerge.merge([], look.found).entries
        for handler in entries.compactMap(\.handler) where !handler.manifest.notEnforced.isEmpty {
            logger.debug(
                "a manifest has settings that this version does not enforce",
                metadata: [
                    "handler": "\(handler.manifest.name)",
                    "keys": "\(handler.manifest.notEnforced.joined(separator: ","))",
                ])
        }
        return (HostedHandlerCatalog(entries), faults + look.faults + entries.flatMap(\.faults))
    }

    /// What is in the directories now; folders that are as they were before are not read again.
    func look(at directories: [String], before: [CatalogEntry]) -> (found: [CatalogMerge.Found], faults: [HandlerFault])
    {
        var found: [CatalogMerge.Found] = []
        var faults: [HandlerFault] = []
        for directory in directories {
            do throws(FileFault) {
                for folder in try Self.folders(in: directory) {
                    let stamp = FolderStamp(folder)
                    let isKnown = before.contains { $0.folder == folder && $0.stamp == stamp }
                    found.append(
                        CatalogMerge.Found(
                            folder: folder, stamp: stamp, result: isKnown ? nil : folderLoader.load(folder)))
                }
            } catch {
                faults.append(HandlerFault(file: directory, message: "the handlers directory \(error.reason)"))
            }
        }
        return (found, faults)
    }

    /// The folders with a manifest: the directory itself, or those in it, by name; hidden ones are left alone.
    static func folders(in directory: String) throws(FileFault) -> [String] {
        if hasManifest(directory) { return [directory] }
        return try FolderListing.names(directory).filter { !$0.hasPrefix(".") }.map { directory + "/" + $0 }
            .filter(hasManifest)
    }

    private static func hasManifest(_ folder: String) -> Bool {
        unsafe access(folder + "/" + manifestName, F_OK) == 0
    }
}
