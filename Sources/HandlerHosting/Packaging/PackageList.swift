/// Which files of a folder belong to the handler.
package enum PackageList {
    /// Files for people that go with a handler when they are there.
    private static let companions = ["README.md", "LICENSE", "LICENSE.md", "LICENSE.txt", "NOTICE", "CHANGELOG.md"]

    /// Chooses the manifest and what it refers to, companions, and what was asked for.
    ///
    /// - Parameters:
    ///   - manifest: the manifest.
    ///   - found: all files below the folder.
    ///   - included: further files and folders.
    /// - Returns: the paths, sorted by their bytes.
    /// - Throws: the name of something that is wanted and not there.
    package static func paths(
        of manifest: HandlerManifest, found: [String], including included: [String]
    ) throws(FileFault) -> [String] {
        var wanted: Set<String> = [HandlerCatalogLoader.manifestName]
        wanted.formUnion(manifest.libraries.map(\.path))
        wanted.formUnion(manifest.referredFiles)
        if let signature = manifest.signature, found.contains(DigestList.fileName) {
            wanted.formUnion([DigestList.fileName, signature.file])
        }
        let present = Set(found)
        for name in included {
            let stem = name.hasSuffix("/") ? String(name.dropLast()) : name
            let matches = found.filter { $0 == stem || $0.hasPrefix(stem + "/") }
            guard !matches.isEmpty else { throw FileFault(reason: "has no \(name)") }
            wanted.formUnion(matches)
        }
        if let missing = wanted.subtracting(present).sorted().first { throw FileFault(reason: "has no \(missing)") }
        wanted.formUnion(present.intersection(companions))
        return wanted.sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) }
    }
}
