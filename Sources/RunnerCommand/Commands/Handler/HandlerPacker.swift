import HandlerHosting

/// Makes one file of a handler's folder.
struct HandlerPacker: Sendable {
    /// What came of it.
    struct Packed: Sendable, Hashable {
        var archive: String
        var name: String
        var version: String
        var files: Int
        var sha256: String
        /// The key that it was signed with just now; `nil` where it was not.
        var keyID: String?
    }

    /// Absolute.
    let folder: String
    /// Further files and folders, relative to it.
    let included: [String]
    let secretKey: [UInt8]?
    let keyID: String?

    /// Packs; blocks.
    ///
    /// - Parameter archive: the file to write; named after handler and version in the working directory when `nil`.
    /// - Returns: what was packed.
    /// - Throws: what keeps the folder from being packed.
    func pack(to archive: String?) throws(CommandFailure) -> Packed {
        let manifest: HandlerManifest
        let paths: [String]
        do throws(ManifestFaults) {
            manifest = try HandlerFolder(folder).content().manifest
        } catch {
            throw CommandFailure(error)
        }
        do throws(FileFault) {
            let entries = try FolderListing.entries(of: folder)
            paths = try PackageList.paths(of: manifest, found: entries.map(\.path), including: included)
            if let link = entries.first(where: { $0.isLink && paths.contains($0.path) }) {
                throw FileFault(reason: "has the link \(link.path) where a file must be")
            }
        } catch {
            throw CommandFailure(.configuration, "\(folder) \(error.reason)")
        }
        let target = LocalFile.absolute(archive ?? "\(manifest.name)-\(manifest.version).handler.tar")
        let staging = try StagingFolder(in: LocalFile.directory(of: target))
        let result = pack(manifest, paths, to: target, in: staging)
        try staging.remove()
        return try result.get()
    }

    private func pack(
        _ manifest: HandlerManifest, _ paths: [String], to target: String, in staging: StagingFolder
    ) -> Result<Packed, CommandFailure> {
        do throws(CommandFailure) {
            let copy = staging.path + "/" + manifest.name
            try StagingFolder.copy(paths, from: folder, to: copy)
            let (files, signer) = try finish(HandlerFolder(copy), manifest)
            let partial = staging.path + "/archive"
            try ArchiveTool.create(partial, of: staging.path, files: files.map { manifest.name + "/" + $0 })
            let digest = try Self.digest(of: partial)
            try LocalFile.rename(partial, to: target)
            return .success(
                Packed(
                    archive: target, name: manifest.name, version: manifest.version, files: files.count,
                    sha256: digest, keyID: signer))
        } catch {
            return .failure(error)
        }
    }

    /// Writes digests that are missing, signs where a key is given, and lists the files.
    private func finish(
        _ copy: HandlerFolder, _ manifest: HandlerManifest
    ) throws(CommandFailure) -> (files: [String], signer: String?) {
        do throws(ManifestFaults) {
            if manifest.libraries.contains(where: { $0.digest == .dev }) { try copy.stamp() }
            var signer: String?
            if let secretKey {
                signer = try copy.sign(secretKey: secretKey, keyID: keyID).keyID
            }
            let entries = try copy.entries()
            if let signature = manifest.signature, secretKey == nil, !entries.contains(DigestList.fileName) {
                throw ManifestFaults(list: [
                    HandlerFault(
                        file: folder + "/" + HandlerCatalogLoader.manifestName,
                        message: "the manifest names the key \(signature.keyID) and the folder is not signed; "
                            + "give the key with --key")
                ])
            }
            return (entries, signer)
        } catch {
            throw CommandFailure(error)
        }
    }

    private static func digest(of file: String) throws(CommandFailure) -> String {
        do throws(FileFault) {
            return try SHA256Digest.text(ofFile: file)
        } catch {
            throw CommandFailure(.unreachable, "\(file) \(error.reason)")
        }
    }
}
