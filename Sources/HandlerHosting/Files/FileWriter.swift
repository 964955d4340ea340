import CHostProcess
import Glibc

/// Writes whole files.
enum FileWriter {
    /// Writes a file so that readers see the old or the new content, never a part.
    static func replace(_ path: String, with bytes: [UInt8], mode: mode_t = 0o644) throws(FileFault) {
        let partial = "\(path).\(getpid()).partial"
        let file = unsafe open(partial, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, mode)
        guard file >= 0 else { throw FileFault(reason: "cannot be written (errno \(errno))") }
        var failed = write(bytes, to: file)
        if failed == 0, fsync(file) != 0 { failed = errno }
        DescriptorCloser.close(file)
        if failed == 0, unsafe rename(partial, path) != 0 { failed = errno }
        guard failed == 0 else {
            unsafe unlink(partial)
            throw FileFault(reason: "cannot be written (errno \(failed))")
        }
    }

    private static func write(_ bytes: [UInt8], to file: Int32) -> Int32 {
        var done = 0
        while done < bytes.count {
            let count = unsafe bytes.withUnsafeBytes { buffer in
                unsafe Glibc.write(file, buffer.baseAddress.map { unsafe $0 + done }, buffer.count - done)
            }
            if count < 0, errno == EINTR { continue }
            guard count > 0 else { return errno }
            done += count
        }
        return 0
    }
}
