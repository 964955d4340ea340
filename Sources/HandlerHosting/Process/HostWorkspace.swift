import CHostProcess
import Glibc
import Synchronization

/// The one directory that a host process may write to: below the scratch directory, its own, gone with it.
///
/// It is held by a lock, so that what a killed runner left behind can be told from what is in use.
final class HostWorkspace: Sendable {
    private static let prefix = "headrace-host-"
    private static let counter = Atomic<Int>(0)

    let path: String
    private let name: String
    private let parent: Int32
    private let descriptor: Int32

    /// Makes the directory.
    ///
    /// - Parameter root: an absolute path of a directory that exists.
    /// - Throws: `directory` when it cannot be made.
    init(below root: String) throws(RunFilesFault) {
        let number = Self.counter.add(1, ordering: .relaxed).newValue
        name = "\(Self.prefix)\(getpid())-\(number)"
        path = root + "/" + name
        let parent = unsafe open(root, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        guard parent >= 0 else { throw .directory(path: root, errno: errno) }
        // Left by a runner that had this process number before.
        _ = unsafe host_remove_tree(parent, name)
        do throws(RunFilesFault) {
            descriptor = try Self.make(name, in: parent, root: root)
        } catch {
            DescriptorCloser.close(parent)
            throw error
        }
        self.parent = parent
    }

    /// Makes and holds a directory; it gets its name last, so that nobody sees one that is not held.
    private static func make(_ name: String, in parent: Int32, root: String) throws(RunFilesFault) -> Int32 {
        let fresh = "new-" + name
        _ = unsafe host_remove_tree(parent, fresh)
        guard unsafe mkdirat(parent, fresh, 0o700) == 0 else {
            throw .directory(path: root + "/" + name, errno: errno)
        }
        let held = unsafe host_hold_directory(root + "/" + fresh)
        guard held >= 0 else { throw .directory(path: root + "/" + name, errno: -held) }
        guard unsafe renameat(parent, fresh, parent, name) == 0 else {
            let code = errno
            DescriptorCloser.close(held)
            throw .directory(path: root + "/" + name, errno: code)
        }
        return held
    }

    /// Makes the directories of one run.
    func makeRun(_ number: UInt64) throws(RunFilesFault) -> RunDirectory {
        let name = "run-\(number)"
        let run = unsafe host_make_directory(descriptor, name)
        guard run >= 0 else { throw .directory(path: "\(path)/\(name)", errno: -run) }
        let outputs = unsafe host_make_directory(run, RunDirectory.outputName)
        let failed = unsafe outputs < 0 ? -outputs : mkdirat(run, RunDirectory.scratchName, 0o700) == 0 ? 0 : errno
        DescriptorCloser.close(run)
        guard failed == 0 else {
            DescriptorCloser.close(outputs)
            throw .directory(path: "\(path)/\(name)", errno: failed)
        }
        return RunDirectory(path: "\(path)/\(name)", name: name, outputs: outputs)
    }

    /// The room that a run takes on disk, in bytes; counting stops beyond the limit.
    func bytes(of run: RunDirectory, limit: Int64) -> Int64 { unsafe host_tree_bytes(descriptor, run.name, limit) }

    /// Removes what a run left; gives an errno when something stays.
    func remove(_ run: RunDirectory) -> Int32 {
        DescriptorCloser.close(run.outputs)
        return unsafe -host_remove_tree(descriptor, run.name)
    }

    /// Removes everything, once the process has ended; gives an errno when something stays.
    func remove() -> Int32 {
        let failed = unsafe -host_remove_tree(parent, name)
        DescriptorCloser.close(descriptor)
        DescriptorCloser.close(parent)
        return failed
    }

    /// Removes the directories of runners that ended without doing so themselves.
    static func removeAbandoned(below root: String) throws(FileFault) {
        for name in try FolderListing.names(root) where name.hasPrefix(prefix) {
            let held = unsafe host_hold_directory(root + "/" + name)
            guard held >= 0 else { continue }
            let parent = unsafe open(root, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
            if parent >= 0 { _ = unsafe host_remove_tree(parent, name) }
            DescriptorCloser.close(parent)
            DescriptorCloser.close(held)
        }
    }
}

/// The directories of one run below its process's workspace.
struct RunDirectory: Sendable {
    static let outputName = "out"
    static let scratchName = "work"

    let path: String
    let name: String
    /// The directory that outputs are made in, as it was before the handler could replace it.
    let outputs: Int32

    var outputPath: String { path + "/" + Self.outputName }
    var scratchPath: String { path + "/" + Self.scratchName }
}
