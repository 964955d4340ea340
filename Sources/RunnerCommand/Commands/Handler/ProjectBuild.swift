import Glibc

/// The build of a handler's project: `make` where it has a Makefile, nothing elsewhere.
struct ProjectBuild: Sendable, Hashable {
    /// The project's folder, absolute.
    let folder: String

    /// Looks for a Makefile.
    init?(folder: String) {
        guard LocalFile.isFile(folder + "/Makefile") else { return nil }
        self.folder = folder
    }

    /// Builds; what the build prints goes to standard error.
    ///
    /// Blocks until the build has ended: not for the cooperative threads.
    func run(environment: [String: String]) -> Result<Void, CommandFailure> {
        let words = ["make", "--no-print-directory", "--silent", "-C", folder]
        // A make around this command must not hand its job server on: this one runs by itself.
        let variables = environment.filter { !["MAKEFLAGS", "MAKELEVEL", "MFLAGS"].contains($0.key) }
            .map { "\($0.key)=\($0.value)" }
        var actions = posix_spawn_file_actions_t()
        posix_spawn_file_actions_init(&actions)
        defer { posix_spawn_file_actions_destroy(&actions) }
        posix_spawn_file_actions_adddup2(&actions, STDERR_FILENO, STDOUT_FILENO)
        let arguments = words.map { strdup($0) } + [nil]
        let settings = variables.map { strdup($0) } + [nil]
        defer { for text in arguments + settings { free(text) } }
        var child = pid_t()
        let failed = posix_spawnp(&child, "make", &actions, nil, arguments, settings)
        guard failed == 0 else {
            return .failure(
                CommandFailure(
                    .unreachable, "cannot start make: \(String(cString: strerror(failed)))",
                    next: "Install make, or build by other means and add --no-build."))
        }
        var status: Int32 = 0
        while waitpid(child, &status, 0) < 0 && errno == EINTR {}
        guard status == 0 else {
            return .failure(
                CommandFailure(
                    .jobFailed, "the build of \(folder) failed (make)",
                    next: "Mend what the compiler names above, or add --no-build to run the last library."))
        }
        return .success(())
    }
}
