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
    private static let systemPlaces = [
        "/lib", "/lib32", "/lib64", "/usr/lib", "/usr/lib32", "/usr/lib64", "/usr/local/lib", "/etc/ld.so.cache",
        "/etc/ld.so.conf", "/etc/ld.so.conf.d", "/etc/ld.so.preload", "/proc/self", "/proc/thread-self",
        "/proc/cpuinfo",
        "/proc/meminfo", "/proc/stat", "/proc/mounts", "/proc/filesystems", "/proc/sys", "/sys/devices/system/cpu",
        "/sys/fs/cgroup", "/usr/share/zoneinfo", "/usr/share/locale", "/etc/localtime", "/etc/timezone", "/dev/null",
        "/dev/zero", "/dev/random", "/dev/urandom",
    ]
    /// Names, services and certificates.
    private static let networkPlaces = [
        "/etc/resolv.conf", "/etc/hosts", "/etc/host.conf", "/etc/nsswitch.conf", "/etc/gai.conf", "/etc/services",
        "/etc/protocols", "/run/systemd/resolve", "/etc/ssl", "/etc/pki", "/etc/ca-certificates",
        "/usr/share/ca-certificates",
    ]
    private static let programPlaces = ["/bin", "/usr/bin", "/usr/local/bin", "/sbin", "/usr/sbin"]
    private static let scribblePlaces = ["/dev/null", "/dev/zero", "/proc/self"]

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

    private func mayWrite(_ path: String) -> Bool { isBelow(path, writableFolders + Self.scribblePlaces) }

    private func mayRead(_ path: String) -> Bool {
        var places = readableFolders + writableFolders + Self.systemPlaces
        if allowsNetwork { places += Self.networkPlaces }
        if allowsProcesses { places += Self.programPlaces }
        return Self.isSharedObject(path) || isBelow(path, places)
    }

    /// Shared objects may lie anywhere that the loader looks.
    private static func isSharedObject(_ path: String) -> Bool {
        let name = path.split(separator: "/").last ?? ""
        return name.hasSuffix(".so") || name.contains(".so.")
    }

    /// Whether a path is one of the places or below one, as far as its text says.
    private func isBelow(_ path: String, _ places: [String]) -> Bool {
        var parts: [Substring] = []
        for part in path.split(separator: "/") where part != "." {
            if part == ".." { _ = parts.popLast() } else { parts.append(part) }
        }
        return places.contains { place in
            let start = place.split(separator: "/")
            return !start.isEmpty && parts.starts(with: start)
        }
    }
}
