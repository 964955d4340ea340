import FoundationEssentials
import Glibc

/// A folder beside its target that goes away with its contents.
struct StagingFolder {
    let path: String

    /// Makes a folder with a name of its own, hidden from whoever lists handlers.
    init(in directory: String) throws(CommandFailure) {
        var template = Array("\(directory)/.headrace-XXXXXX".utf8CString)
        guard mkdtemp(&template) != nil else {
            throw CommandFailure(
                .unreachable, "no folder can be made in \(directory): \(String(cString: strerror(errno)))",
                next: "Check that it exists and may be written.")
        }
        path = String(decoding: template.dropLast().map { UInt8(bitPattern: $0) }, as: UTF8.self)
        // mkdtemp keeps others out; a handler's folder is for the runner's user to read.
        chmod(path, 0o755)
    }

    /// Copies files below one folder to the same places below another.
    static func copy(_ files: [String], from source: String, to target: String) throws(CommandFailure) {
        for file in files {
            try LocalFile.makeDirectory(LocalFile.directory(of: target + "/" + file))
            do {
                try FileManager.default.copyItem(atPath: source + "/" + file, toPath: target + "/" + file)
            } catch {
                throw CommandFailure(
                    .unreachable, "\(source)/\(file) cannot be copied: \(error)",
                    next: "Check its permissions and the disk space.")
            }
        }
    }

    /// Removes the folder and what is left in it.
    func remove() throws(CommandFailure) {
        do {
            try FileManager.default.removeItem(atPath: path)
        } catch {
            throw CommandFailure(.unreachable, "\(path) cannot be removed: \(error)", next: "Remove it by hand.")
        }
    }
}
