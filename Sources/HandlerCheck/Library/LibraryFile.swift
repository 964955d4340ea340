import Glibc

/// The file of the library, and the places where the loader looks for others.
enum LibraryFile {
    /// Why the file is no library; one sentence.
    struct Fault: Error { let reason: String }

    /// This machine's architecture, as ``SharedObject/machineName`` spells it.
    static var ownMachine: String {
        #if arch(x86_64)
            "x86_64"
        #elseif arch(arm64)
            "aarch64"
        #endif
    }

    private static let systemFolders = [
        "/lib/\(ownMachine)-linux-gnu", "/usr/lib/\(ownMachine)-linux-gnu", "/lib64", "/usr/lib64", "/lib", "/usr/lib",
        "/usr/local/lib",
    ]

    static func read(_ subject: CheckSubject) -> Result<SharedObject, Fault> {
        guard let bytes = Workspace.read(subject.libraryPath) else {
            return .failure(Fault(reason: "\(subject.libraryPath) cannot be read; build the handler first"))
        }
        guard bytes.starts(with: [0x7F, 0x45, 0x4C, 0x46]) else {
            return .failure(Fault(reason: "\(subject.libraryPath) is not an ELF file"))
        }
        guard let object = SharedObject(bytes) else {
            return .failure(Fault(reason: "\(subject.libraryPath) is an ELF file, but no sound 64-bit shared object"))
        }
        return .success(object)
    }

    /// Where the loader looks for libraries, in its order.
    static func searchFolders(_ object: SharedObject, _ subject: CheckSubject) -> [String] {
        let folder = subject.libraryPath.split(separator: "/", omittingEmptySubsequences: false).dropLast()
            .joined(separator: "/")
        let own = object.searchPaths.map { path in
            path.replacing("${ORIGIN}", with: folder).replacing("$ORIGIN", with: folder)
        }
        let prefix = "LD_LIBRARY_PATH="
        let given = subject.environment.first { $0.hasPrefix(prefix) }?.dropFirst(prefix.count) ?? ""
        return given.split(separator: ":").map(String.init) + own + systemFolders
    }

    static func exists(_ path: String) -> Bool { unsafe access(path, R_OK) == 0 }
}
