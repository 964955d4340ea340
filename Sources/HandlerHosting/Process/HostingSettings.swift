/// How host processes are run on this machine, whatever the handler.
package struct HostingSettings: Sendable, Hashable {
    /// An absolute path of a directory that exists: host processes get directories of their own in it.
    ///
    /// On the file system of the runs' scratch directories, outputs are moved there instead of copied.
    package var scratchDirectory: String
    /// Whether handlers do not run where a layer of confinement is missing.
    package var requiresConfinement: Bool

    /// Makes settings.
    package init(scratchDirectory: String = "/tmp", requiresConfinement: Bool = false) {
        self.scratchDirectory = scratchDirectory
        self.requiresConfinement = requiresConfinement
    }
}
