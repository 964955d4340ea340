import Glibc

/// Archives by the system's `tar`.
enum ArchiveTool {
    /// Writes an archive whose bytes depend on the files' names and contents alone.
    ///
    /// - Parameters:
    ///   - archive: the file to write.
    ///   - folder: where the files are.
    ///   - files: paths below it, in the order of the archive.
    /// - Throws: why there is no archive.
    static func create(_ archive: String, of folder: String, files: [String]) throws(CommandFailure) {
        let fixed = [
            "--create", "--format=ustar", "--no-recursion", "--mtime=@0", "--owner=0", "--group=0",
            "--numeric-owner", "--mode=u=rwX,go=rX",
        ]
        try tar(fixed + ["--file=\(archive)", "--directory=\(folder)", "--"] + files, of: archive)
    }

    /// Unpacks an archive into a folder; names that lead out of it are not followed.
    static func extract(_ archive: String, into folder: String) throws(CommandFailure) {
        let fixed = ["--extract", "--no-same-owner", "--no-same-permissions", "--no-overwrite-dir"]
        try tar(fixed + ["--file=\(archive)", "--directory=\(folder)"], of: archive)
    }

    /// Runs tar to its end; blocks.
    private static func tar(_ options: [String], of archive: String) throws(CommandFailure) {
        // Names and messages are bytes, whatever the user's language.
        let settings = ["LC_ALL=C", "PATH=/usr/local/bin:/usr/bin:/bin"]
        let words = ["tar"] + options
        let variables: [UnsafeMutablePointer<CChar>?] = settings.map { strdup($0) } + [nil]
        let arguments: [UnsafeMutablePointer<CChar>?] = words.map { strdup($0) } + [nil]
        defer { for text in arguments + variables { free(text) } }
        var child = pid_t()
        let failed = posix_spawnp(&child, "tar", nil, nil, arguments, variables)
        guard failed == 0 else {
            throw CommandFailure(
                .unreachable, "cannot start tar: \(String(cString: strerror(failed)))", next: "Install tar.")
        }
        var status: Int32 = 0
        while waitpid(child, &status, 0) < 0 && errno == EINTR {}
        guard status == 0 else {
            throw CommandFailure(
                .configuration, "tar could not read or write \(archive)", next: "See what tar says above.")
        }
    }
}
