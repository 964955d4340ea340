import Glibc
package import JobCore

/// Tells when the handlers directories may have changed: when the system says so, and every so often.
///
/// The system is asked with inotify, which does not see changes that other machines make to a shared disk; the clock
/// makes up for that.
package final class HandlersWatch: Sendable {
    /// How long a folder is left to settle after a change, so that a copy of several files is seen as one.
    private static let settling: Duration = .milliseconds(150)
    private static let events = UInt32(
        IN_CREATE | IN_DELETE | IN_MOVED_FROM | IN_MOVED_TO | IN_CLOSE_WRITE | IN_ATTRIB | IN_DELETE_SELF)

    private let directories: [String]
    private let interval: Duration
    private let clock: any RunnerClock
    private let changes: AsyncStream<Void>
    private let signal: AsyncStream<Void>.Continuation

    /// Makes a watch of directories that hold handlers' folders.
    ///
    /// - Parameters:
    ///   - directories: absolute paths.
    ///   - interval: how often to look without being told.
    ///   - clock: what measures the interval.
    package init(directories: [String], interval: Duration, clock: any RunnerClock) {
        self.directories = directories
        self.interval = interval
        self.clock = clock
        (changes, signal) = AsyncStream.makeStream(bufferingPolicy: .bufferingNewest(1))
    }

    /// Something asks for a look now, such as SIGHUP.
    package func nudge() { signal.yield() }

    /// Calls after every change, one call at a time, until the task is cancelled.
    package func run(_ look: @Sendable () async -> Void) async {
        let listener = InotifyListener(signal)
        let (signal, clock, interval) = (signal, clock, interval)
        await withTaskGroup(of: Void.self) { group in
            group.addTask {
                do throws(CancellationError) {
                    while true {
                        try await clock.sleep(for: interval)
                        signal.yield()
                    }
                } catch {
                    signal.finish()
                }
            }
            listener?.follow(folders, events: Self.events)
            // What changed before anybody listened.
            signal.yield()
            for await _ in changes {
                do throws(CancellationError) {
                    try await clock.sleep(for: Self.settling)
                } catch {
                    break
                }
                // Folders that came are followed before the look, so that nothing falls between.
                listener?.follow(folders, events: Self.events)
                await look()
            }
            group.cancelAll()
        }
        listener?.stop()
    }

    /// The directories, the handlers' folders in them, and one level below, where libraries are.
    private var folders: [String] {
        var folders = directories
        for directory in directories {
            let handlers: [String]
            do throws(FileFault) {
                handlers = try HandlerCatalogLoader.folders(in: directory)
            } catch {
                // The look that follows says so.
                continue
            }
            for handler in handlers { folders += [handler] + FolderListing.subfolders(of: handler) }
        }
        return folders
    }
}
