/// What is known about who vouches for a handler.
package enum SignatureState: Sendable, Hashable, CustomStringConvertible {
    /// The manifest names no signature.
    case unsigned
    /// Every file is as the owner of that key signed it.
    case verified(keyID: String)
    /// The operator looks at no signature.
    case notChecked

    /// The state in a word or two.
    package var description: String {
        switch self {
        case .unsigned: "unsigned"
        case .verified(let keyID): "verified (\(keyID))"
        case .notChecked: "not checked"
        }
    }
}

/// Holds a handler's folder to its signature.
struct SignatureCheck {
    private static let keyLimit = 16 << 10
    private static let listLimit = 4 << 20
    private static let fileLimit = 512 << 20

    let policy: OperatorPolicy
    /// The handler's folder.
    let folder: String
    /// The manifest's path, for messages.
    let file: String

    /// Checks what the policy wants checked.
    ///
    /// - Parameters:
    ///   - manifest: the parsed manifest.
    ///   - known: digests of files that have been read already: those bytes are the ones that are used.
    /// - Returns: who vouches for the handler, when the policy takes it.
    /// - Throws: why the policy does not take it.
    func state(of manifest: HandlerManifest, known: [String: String]) throws(HandlerFault) -> SignatureState {
        guard policy.signatures != .off else { return .notChecked }
        guard let signature = manifest.signature else {
            guard policy.signatures == .required else { return .unsigned }
            throw HandlerFault(
                file: file,
                message: "the handler is not signed and handlers.signatures is required; "
                    + "sign it with `headrace handler sign`")
        }
        try verify(signature, known: known)
        return .verified(keyID: signature.keyID)
    }

    private func verify(_ signature: HandlerManifest.Signature, known: [String: String]) throws(HandlerFault) {
        let key = try publicKey(for: signature)
        let list = try read(DigestList.fileName, limit: Self.listLimit, at: signature.place)
        let bytes = try read(signature.file, limit: Ed25519.signatureBytes, at: signature.place)
        let isGood: Bool
        do throws(Ed25519.KeyFault) {
            isGood = try Ed25519.verify(bytes, of: list, publicKey: key.pem)
        } catch {
            throw HandlerFault(key.place, "the key \(signature.keyID): \(key.path) \(error.reason)")
        }
        guard isGood else {
            throw HandlerFault(
                signature.place,
                "\(signature.file) is no signature of \(DigestList.fileName) by the key \(signature.keyID): "
                    + "the list was altered, or another key signed it")
        }
        let listed: DigestList
        do throws(FileFault) {
            listed = try DigestList(parsing: list)
        } catch {
            throw HandlerFault(signature.place, "\(DigestList.fileName) \(error.reason)")
        }
        let found = try digests(except: [DigestList.fileName, signature.file], known: known, at: signature.place)
        if let difference = listed.difference(from: found) {
            throw HandlerFault(
                signature.place, "\(difference); restore the file, or have the handler signed again")
        }
    }

    private func publicKey(
        for signature: HandlerManifest.Signature
    ) throws(HandlerFault) -> (pem: [UInt8], path: String, place: SourcePlace) {
        guard let key = policy.trustedKeys.first(where: { $0.id == signature.keyID }) else {
            let ids = policy.trustedKeys.map(\.id)
            let trusted = ids.isEmpty ? "no key is trusted" : "the trusted keys are \(ids.joined(separator: ", "))"
            throw HandlerFault(
                signature.place,
                "the handler is signed with the key \(signature.keyID) and \(trusted); "
                    + "add it to handlers.trusted_keys if you trust its owner")
        }
        do throws(FileFault) {
            return (try FileReader.read(path: key.path, limit: Self.keyLimit), key.path, key.place)
        } catch {
            throw HandlerFault(key.place, "the key \(key.id): \(key.path) \(error.reason)")
        }
    }

    private func digests(
        except excluded: [String], known: [String: String], at place: SourcePlace
    ) throws(HandlerFault) -> [String: String] {
        var digests: [String: String] = [:]
        let entries: [FolderListing.Entry]
        do throws(FileFault) {
            entries = try FolderListing.entries(of: folder)
        } catch {
            throw HandlerFault(place, "\(folder) \(error.reason)")
        }
        for entry in entries where !excluded.contains(entry.path) {
            if let digest = known[entry.path] {
                digests[entry.path] = digest
            } else {
                digests[entry.path] = SHA256Digest.text(
                    of: try read(entry.path, limit: Self.fileLimit, at: place))
            }
        }
        return digests
    }

    private func read(_ name: String, limit: Int, at place: SourcePlace) throws(HandlerFault) -> [UInt8] {
        do throws(FileFault) {
            return try FileReader.read(path: folder + "/" + name, limit: limit)
        } catch {
            throw HandlerFault(place, "\(name) \(error.reason)")
        }
    }
}
