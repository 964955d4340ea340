/// A handler's folder under its author's hands: digests are written, it is signed, its signature is checked.
package struct HandlerFolder: Sendable {
    /// The name of the signature's file where the manifest names none.
    package static let signatureName = "handler.sig"
    private static let fileLimit = 512 << 20

    /// The path.
    package let path: String

    /// Names a folder; nothing is read yet.
    package init(_ path: String) { self.path = path }

    private var manifestPath: String { path + "/" + HandlerCatalogLoader.manifestName }

    /// Reads the manifest.
    ///
    /// - Throws: all that is wrong with it.
    package func content() throws(ManifestFaults) -> ManifestContent { try ManifestContent.read(folder: path).get() }

    /// The paths of all files, sorted by their bytes.
    ///
    /// - Throws: why the folder cannot be read.
    package func entries() throws(ManifestFaults) -> [String] {
        do throws(FileFault) {
            return try FolderListing.entries(of: path).map(\.path)
        } catch {
            throw fault("the folder \(error.reason)")
        }
    }

    /// Writes the digests of the libraries that are there into the manifest, in the place of `dev` and of others.
    ///
    /// - Returns: library path to digest.
    /// - Throws: all that is wrong with the manifest, or the file that cannot be read or written.
    @discardableResult
    package func stamp() throws(ManifestFaults) -> [String: String] {
        let content = try content()
        var digests: [String: String] = [:]
        var edits: [(place: SourcePlace, old: String, new: String)] = []
        for library in content.manifest.libraries {
            let digest = try digest(of: library.path)
            digests[library.path] = digest
            let old = if case .sha256(let text) = library.digest { text } else { "dev" }
            edits.append((library.digestPlace, old, digest))
        }
        guard let text = ManifestEdit.replacing(in: String(decoding: content.bytes, as: UTF8.self), edits) else {
            throw fault("the digests cannot be written in place; write each sha256 on one line")
        }
        try write(Array(text.utf8), to: HandlerCatalogLoader.manifestName)
        return digests
    }

    /// Signs every file of the folder; a manifest that names no signature gets a line that does.
    ///
    /// - Parameters:
    ///   - secretKey: a PEM text.
    ///   - keyID: the key's name; the manifest's own when `nil`.
    /// - Returns: the key's name and how many files were signed.
    /// - Throws: why the folder cannot be signed.
    package func sign(
        secretKey: [UInt8], keyID: String?
    ) throws(ManifestFaults) -> (keyID: String, files: Int) {
        let signature = try namedSignature(keyID)
        let content = try content()
        for library in content.manifest.libraries {
            guard case .sha256(let listed) = library.digest else {
                throw ManifestFaults(list: [
                    HandlerFault(
                        library.digestPlace,
                        "a handler under development cannot be signed; write the digests with "
                            + "`headrace handler stamp`")
                ])
            }
            guard try digest(of: library.path) == listed else {
                throw ManifestFaults(list: [
                    HandlerFault(
                        library.digestPlace,
                        "\(library.path) has another digest; write the digests with `headrace handler stamp`")
                ])
            }
        }
        let list = DigestList(try digests(except: [DigestList.fileName, signature.file]))
        let bytes: [UInt8]
        do throws(Ed25519.KeyFault) {
            bytes = try Ed25519.sign(list.text, secretKey: secretKey)
        } catch {
            throw fault("the key \(error.reason)")
        }
        try write(list.text, to: DigestList.fileName)
        try write(bytes, to: signature.file)
        return (signature.keyID, list.digests.count)
    }

    /// Checks the manifest, the libraries' digests and the signature.
    ///
    /// - Parameters:
    ///   - policy: the operator's; what it says of signatures counts.
    ///   - publicKey: a PEM file that is trusted whatever its name; `nil` for the policy's keys.
    /// - Returns: the manifest, and who vouches for the handler.
    /// - Throws: what is wrong.
    package func verify(
        _ policy: OperatorPolicy, publicKey: String?
    ) throws(ManifestFaults) -> (manifest: HandlerManifest, state: SignatureState) {
        let content = try content()
        var policy = policy
        if let publicKey, let signature = content.manifest.signature {
            policy.trustedKeys = [TrustedKey(id: signature.keyID, path: publicKey, place: signature.place)]
        }
        do throws(HandlerFault) {
            let check = SignatureCheck(policy: policy, folder: path, file: manifestPath)
            let state = try check.state(of: content.manifest, known: content.digests)
            for library in content.manifest.libraries {
                guard case .sha256(let listed) = library.digest else { continue }
                let found = SHA256Digest.text(of: try read(library.path))
                guard found == listed else {
                    throw HandlerFault(
                        library.digestPlace, "the SHA-256 of \(library.path) is \(found), the manifest says \(listed)")
                }
            }
            return (content.manifest, state)
        } catch {
            throw ManifestFaults(list: [error])
        }
    }

    // MARK: - Files

    private func namedSignature(_ keyID: String?) throws(ManifestFaults) -> HandlerManifest.Signature {
        let content = try content()
        if let named = content.manifest.signature {
            guard keyID == nil || keyID == named.keyID else {
                throw ManifestFaults(list: [
                    HandlerFault(
                        named.place,
                        "signature.keyId: the manifest names the key \(named.keyID), not \(keyID ?? ""); "
                            + "change it there or leave the option out")
                ])
            }
            return named
        }
        guard let keyID, TextForms.isKeyID(keyID) else {
            throw fault("the manifest names no key; give its name with --key-id: 1 to 64 letters, digits, ., _ and -")
        }
        let text = ManifestEdit.addingSignature(
            to: String(decoding: content.bytes, as: UTF8.self), keyID: keyID, file: Self.signatureName)
        let edited = ManifestReader.read(Array(text.utf8), file: manifestPath) { file throws(HandlerFault) in
            try read(file)
        }
        guard case .success(let manifest) = edited, let signature = manifest.signature else {
            throw fault(
                "write this line into the manifest: signature: { keyId: \(keyID), file: \(Self.signatureName) }")
        }
        try write(Array(text.utf8), to: HandlerCatalogLoader.manifestName)
        return signature
    }

    private func digests(except excluded: [String]) throws(ManifestFaults) -> [String: String] {
        let entries: [FolderListing.Entry]
        do throws(FileFault) {
            entries = try FolderListing.entries(of: path)
        } catch {
            throw fault("the folder \(error.reason)")
        }
        var digests: [String: String] = [:]
        for entry in entries where !excluded.contains(entry.path) {
            guard TextForms.isRelativePath(entry.path), !entry.path.contains("\\") else {
                throw fault("the file \(entry.path) has a name that no list of digests can hold; rename it")
            }
            guard !entry.isLink else { throw fault("\(entry.path) is a link; put the file itself there") }
            digests[entry.path] = try digest(of: entry.path)
        }
        return digests
    }

    private func digest(of file: String) throws(ManifestFaults) -> String {
        do throws(HandlerFault) {
            return SHA256Digest.text(of: try read(file))
        } catch {
            throw ManifestFaults(list: [error])
        }
    }

    private func read(_ file: String) throws(HandlerFault) -> [UInt8] {
        do throws(FileFault) {
            return try FileReader.read(path: path + "/" + file, limit: Self.fileLimit)
        } catch {
            throw HandlerFault(file: path + "/" + file, message: "the file \(error.reason)")
        }
    }

    private func write(_ bytes: [UInt8], to file: String) throws(ManifestFaults) {
        do throws(FileFault) {
            try FileWriter.replace(path + "/" + file, with: bytes)
        } catch {
            throw ManifestFaults(list: [HandlerFault(file: path + "/" + file, message: "the file \(error.reason)")])
        }
    }

    private func fault(_ message: String) -> ManifestFaults {
        ManifestFaults(list: [HandlerFault(file: manifestPath, message: message)])
    }
}
