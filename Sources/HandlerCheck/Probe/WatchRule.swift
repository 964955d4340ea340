/// Which watched system calls a handler may make.
///
/// What the production host's filter refuses is refused here, and more is noted: files outside the folders that a
/// handler is given, which production leaves to the file system's own rights.
package struct WatchRule: Sendable, Hashable {
    /// Folders whose files may be read: the handler's own, and what the manifest asks for.
    package var readableFolders: [String]
    /// Folders whose files may be made and changed: the run's own.
    package var writableFolders: [String]
    /// Whether the manifest asks for the network.
    package var allowsNetwork: Bool
    /// Whether the manifest asks for processes.
    package var allowsProcesses: Bool

    /// What a C library, a language's runtime and the loader read in every process.
    private static let systemFolders = [
        "/lib", "/lib64", "/usr/lib", "/usr/lib64", "/usr/local/lib", "/usr/share/zoneinfo", "/usr/share/locale",
        "/sys/devices/system/cpu", "/sys/fs/cgroup", "/proc/self", "/proc/thread-self", "/proc/sys/vm",
        "/proc/sys/kernel",
    ]
    private static let systemFiles: Set<String> = [
        "/etc/ld.so.cache", "/etc/ld.so.preload", "/etc/localtime", "/dev/null", "/dev/zero", "/dev/urandom",
        "/dev/random", "/proc/cpuinfo", "/proc/meminfo", "/proc/stat", "/proc/mounts", "/proc/filesystems",
    ]
    private static let scribbleFiles: Set<String> = ["/dev/null", "/dev/zero"]

    /// Makes a rule.
    package init(
        readableFolders: [String], writableFolders: [String], allowsNetwork: Bool = false, allowsProcesses: Bool = false
    ) {
        self.readableFolders = readableFolders
        self.writableFolders = writableFolders
        self.allowsNetwork = allowsNetwork
        self.allowsProcesses = allowsProcesses
    }

    /// Whether a call is within the rule; paths of the process's own threads begin with `/proc/self`.
    package func allows(_ call: WatchedCall) -> Bool {
        switch call.kind {
        case .network: allowsNetwork
        case .process: allowsProcesses
        case .foreign, .kernel: false
        case .change: isBelow(call.path, writableFolders)
        case .open: call.writes ? mayWrite(call.path) : mayRead(call.path)
        }
    }

    private func mayWrite(_ path: String) -> Bool {
        Self.scribbleFiles.contains(path) || isBelow(path, writableFolders + ["/proc/self"])
    }

    private func mayRead(_ path: String) -> Bool {
        Self.systemFiles.contains(path) || Self.isSharedObject(path)
            || isBelow(path, readableFolders + writableFolders + Self.systemFolders)
    }

    /// Shared objects may lie anywhere that the loader looks.
    private static func isSharedObject(_ path: String) -> Bool {
        let name = path.split(separator: "/").last ?? ""
        return name.hasSuffix(".so") || name.contains(".so.")
    }

    /// Whether a path stays below one of the folders, as far as its text says.
    private func isBelow(_ path: String, _ folders: [String]) -> Bool {
        let parts = path.split(separator: "/")
        guard !parts.contains("..") else { return false }
        return folders.contains { folder in
            let start = folder.split(separator: "/")
            return !start.isEmpty && parts.starts(with: start)
        }
    }
}
