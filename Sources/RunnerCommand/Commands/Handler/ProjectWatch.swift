import JobCore

/// Waits until something that a handler's run depends on has changed.
struct ProjectWatch: Sendable {
    /// The project's folder, absolute.
    let folder: String
    /// Files elsewhere that matter, absolute: inputs.
    let files: [String]
    /// Names of folders in it whose content comes from builds and runs.
    let ignored: Set<String>
    let clock: any RunnerClock

    /// How often it looks.
    private static let interval: Duration = .milliseconds(250)
    /// What builds and version control write.
    static let built: Set<String> = [".build", ".git", ".headrace", ".swiftpm", "lib", "target"]

    /// What is there now.
    func state() throws(CommandFailure) -> [LocalFolder.Entry] {
        var entries = try LocalFolder.entries(below: folder, skipping: ignored)
        for file in files { entries += LocalFolder.entry(file).map { [$0] } ?? [] }
        return entries
    }

    /// Returns once the state differs from an earlier one, and is the same at two looks in a row: editors write in
    /// several steps.
    ///
    /// - Parameter known: the state before the last build.
    /// - Returns: the new state, and the paths that differ.
    /// - Throws: ``CommandFailure`` when the folder cannot be read; `CancellationError`.
    func change(
        from known: [LocalFolder.Entry]
    ) async throws -> (state: [LocalFolder.Entry], paths: [String]) {
        var last = try state()
        while true {
            try await clock.sleep(for: Self.interval)
            let now = try state()
            if now == last, now != known { return (now, Self.difference(known, now)) }
            last = now
        }
    }

    /// The paths of files that came, went or changed, sorted.
    static func difference(_ before: [LocalFolder.Entry], _ after: [LocalFolder.Entry]) -> [String] {
        Set(before).symmetricDifference(after).map(\.path).reduce(into: Set<String>()) { $0.insert($1) }
            .sorted()
    }
}
