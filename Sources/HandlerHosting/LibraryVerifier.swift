import CHostProcess
import CLibcrypto
import Glibc

/// Checks a handler's library before any of it runs.
enum LibraryVerifier {
    /// The largest library, in bytes.
    static let sizeLimit = 512 << 20

    /// Copies a library into sealed memory and checks the copy: what is checked is what is loaded, whatever becomes
    /// of the file.
    static func verify(path: String, digest: HandlerManifest.Digest) throws(LibraryFault) -> SealedLibrary {
        let file = unsafe open(path, O_RDONLY | O_CLOEXEC)
        guard file >= 0 else { throw LibraryFault(message: "\(path) cannot be opened (errno \(errno))") }
        defer { DescriptorCloser.close(file) }
        let copy = unsafe host_sealed_copy(file, "headrace-handler")
        guard copy >= 0 else { throw LibraryFault(message: "\(path) cannot be copied into memory (errno \(-copy))") }
        let sealed = SealedLibrary(descriptor: copy)
        let bytes: [UInt8]
        do throws(FileFault) {
            bytes = try FileReader.read(copy, limit: sizeLimit)
        } catch {
            throw LibraryFault(message: "\(path) \(error.reason)")
        }
        if let fault = ELFInspection.fault(in: bytes) { throw LibraryFault(message: "\(path) \(fault)") }
        guard case .sha256(let expected) = digest else { return sealed }
        let found = SHA256Digest.text(of: bytes)
        guard found == expected else {
            throw LibraryFault(
                message: "the SHA-256 of \(path) is \(found), the manifest says \(expected): "
                    + "the library was changed after the manifest was written")
        }
        return sealed
    }
}

/// SHA-256 as manifests and digest lists spell it.
package enum SHA256Digest {
    /// The digest in 64 lower-case hexadecimal digits.
    package static func text(of bytes: [UInt8]) -> String {
        var digest = [UInt8](repeating: 0, count: Int(SHA256_DIGEST_LENGTH))
        _ = unsafe SHA256(bytes, bytes.count, &digest)
        return digest.map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined()
    }

    /// The digest of a file's content.
    ///
    /// - Throws: why it cannot be read; completes a sentence that begins with its path.
    package static func text(ofFile path: String) throws(FileFault) -> String {
        text(of: try FileReader.read(path: path, limit: fileLimit))
    }

    private static let fileLimit = 4 << 30
}

/// Why a library cannot be used.
struct LibraryFault: Error {
    var message: String
}
