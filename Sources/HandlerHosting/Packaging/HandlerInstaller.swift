import CHostProcess
import Glibc

/// Puts a handler's folder where a runner looks for it.
package enum HandlerInstaller {
    /// The most that a handler's files have together, in bytes.
    private static let sizeLimit: Int64 = 4 << 30

    /// Refuses what an archive may bring and a handler may not have: links, and too much.
    ///
    /// - Throws: what is wrong; completes a sentence that begins with the archive.
    package static func check(_ folder: String) throws(FileFault) {
        let entries = try FolderListing.entries(of: folder)
        if let link = entries.first(where: \.isLink) { throw FileFault(reason: "holds the link \(link.path)") }
        let size = entries.reduce(into: Int64(0)) { $0 = $0.addingReportingOverflow($1.sizeBytes).partialValue }
        guard (0...sizeLimit).contains(size) else { throw FileFault(reason: "holds more than \(sizeLimit) bytes") }
    }

    /// Gives a folder its final name; what had the name before gets the folder's.
    ///
    /// A runner that looks at any moment finds the old handler or the new one.
    ///
    /// - Returns: whether there was a handler of that name before.
    /// - Throws: what the system says; completes a sentence that begins with the final name.
    package static func take(_ folder: String, as name: String) throws(FileFault) -> Bool {
        var status = stat()
        guard unsafe lstat(name, &status) == 0 else {
            guard unsafe rename(folder, name) == 0 else {
                throw FileFault(reason: "cannot be made (errno \(errno))")
            }
            return false
        }
        let failed = unsafe host_exchange_names(folder, name)
        guard failed == 0 else { throw FileFault(reason: "cannot be replaced (errno \(-failed))") }
        return true
    }
}
