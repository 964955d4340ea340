import CHostProcess
import CLibcrypto
import Glibc

/// Checks a handler's library before any of it runs.
enum LibraryVerifier {
    /// The largest library, in bytes.
    static let sizeLimit = 512 << 20

    /// Checks the entry point and the digest.
    ///
    /// With a digest the checked bytes are the loaded bytes: they are copied into sealed memory first.
    ///
    /// - Returns: the sealed copy; `nil` for a library under development, which is loaded from its path.
    static func verify(path: String, digest: HandlerManifest.Digest) throws(LibraryFault) -> SealedLibrary? {
        let file = unsafe open(path, O_RDONLY | O_CLOEXEC)
        guard file >= 0 else { throw LibraryFault(message: "\(path) cannot be opened (errno \(errno))") }
        defer { DescriptorCloser.close(file) }
        guard case .sha256(let expected) = digest else {
            try inspect(try read(file, path: path), path: path)
            return nil
        }
        let copy = unsafe host_sealed_copy(file, "headrace-handler")
        guard copy >= 0 else { throw LibraryFault(message: "\(path) cannot be copied into memory (errno \(-copy))") }
        let sealed = SealedLibrary(descriptor: copy)
        let bytes = try read(copy, path: path)
        try inspect(bytes, path: path)
        let found = sha256(bytes)
        guard found == expected else {
            throw LibraryFault(
                message: "the SHA-256 of \(path) is \(found), the manifest says \(expected): "
                    + "the library was changed after the manifest was written")
        }
        return sealed
    }

    static func sha256(_ bytes: [UInt8]) -> String {
        var digest = [UInt8](repeating: 0, count: Int(SHA256_DIGEST_LENGTH))
        _ = unsafe SHA256(bytes, bytes.count, &digest)
        return digest.map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined()
    }

    private static func inspect(_ bytes: [UInt8], path: String) throws(LibraryFault) {
        if let fault = ELFInspection.fault(in: bytes) { throw LibraryFault(message: "\(path) \(fault)") }
    }

    private static func read(_ file: Int32, path: String) throws(LibraryFault) -> [UInt8] {
        do throws(FileFault) {
            return try FileReader.read(file, limit: sizeLimit)
        } catch {
            throw LibraryFault(message: "\(path) \(error.reason)")
        }
    }
}

/// Why a library cannot be used.
struct LibraryFault: Error {
    var message: String
}

/// Why a file cannot be read; completes a sentence that begins with its path.
struct FileFault: Error {
    var reason: String
}

/// Reads whole files of bounded size.
enum FileReader {
    static func read(path: String, limit: Int) throws(FileFault) -> [UInt8] {
        let file = unsafe open(path, O_RDONLY | O_CLOEXEC)
        guard file >= 0 else { throw FileFault(reason: "cannot be opened (errno \(errno))") }
        defer { DescriptorCloser.close(file) }
        return try read(file, limit: limit)
    }

    static func read(_ file: Int32, limit: Int) throws(FileFault) -> [UInt8] {
        var status = stat()
        guard unsafe fstat(file, &status) == 0 else { throw FileFault(reason: "cannot be examined (errno \(errno))") }
        guard status.st_size <= limit else {
            throw FileFault(reason: "has \(status.st_size) bytes, more than \(limit)")
        }
        var bytes = [UInt8](repeating: 0, count: Int(status.st_size))
        var done = 0
        while done < bytes.count {
            let count = unsafe bytes.withUnsafeMutableBytes { buffer in
                unsafe pread(file, buffer.baseAddress.map { unsafe $0 + done }, buffer.count - done, off_t(done))
            }
            if count < 0, errno == EINTR { continue }
            guard count >= 0 else { throw FileFault(reason: "cannot be read (errno \(errno))") }
            guard count > 0 else { break }
            done += count
        }
        return Array(bytes[..<done])
    }
}
