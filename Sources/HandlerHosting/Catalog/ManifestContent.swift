/// A manifest and the bytes that it was read from.
package struct ManifestContent: Sendable {
    /// The largest file that a manifest refers to, in bytes.
    private static let fileLimit = 1 << 20

    package let manifest: HandlerManifest
    /// The manifest's own text.
    package let bytes: [UInt8]
    /// Digests of the manifest and of the schemas that it names, as they were read.
    package let digests: [String: String]

    /// Reads the manifest in a handler's folder.
    package static func read(folder: String) -> Result<ManifestContent, ManifestFaults> {
        let name = HandlerCatalogLoader.manifestName
        let file = folder + "/" + name
        let bytes: [UInt8]
        do throws(FileFault) {
            bytes = try FileReader.read(path: file, limit: ManifestDocument.sizeLimit)
        } catch {
            return .failure(ManifestFaults(list: [HandlerFault(file: file, message: "the manifest \(error.reason)")]))
        }
        var digests = [name: SHA256Digest.text(of: bytes)]
        let result = ManifestReader.read(bytes, file: file) { path throws(HandlerFault) in
            do throws(FileFault) {
                let content = try FileReader.read(path: folder + "/" + path, limit: Self.fileLimit)
                digests[path] = SHA256Digest.text(of: content)
                return content
            } catch {
                throw HandlerFault(file: file, message: "\(path) \(error.reason)")
            }
        }
        return result.map { ManifestContent(manifest: $0, bytes: bytes, digests: digests) }
    }
}
