internal import CMemory
internal import NIOPosix

/// Gives memory back to the system that the process does not need any more.
enum ProcessMemory {
    /// Gives free heap back, as after a large queue was emptied; returns at once.
    static func releaseHeap() { NIOThreadPool.singleton.submit { _ in cmemory_release_heap() } }

    /// Gives back the code that only the start of the process needed, once in a process; returns at once.
    static func releaseCode() { NIOThreadPool.singleton.submit { _ in codeRelease } }

    private static let codeRelease: Void = cmemory_release_code()
}
