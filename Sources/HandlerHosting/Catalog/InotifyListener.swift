import CHostProcess
import Glibc

/// Hears from the system that something in a folder changed.
///
/// Source: inotify(7).
final class InotifyListener: Sendable {
    private static let bufferBytes = 64 << 10
    private static let longWait: Int64 = 3_600_000_000_000

    private let descriptor: Int32
    private let wake: WakeSignal

    /// Starts to listen; `nil` where the system has no inotify to give, or no thread.
    init?(_ signal: AsyncStream<Void>.Continuation) {
        let descriptor = inotify_init1(Int32(IN_CLOEXEC | IN_NONBLOCK))
        guard descriptor >= 0 else { return nil }
        do throws(HandlerHostingError) {
            wake = try WakeSignal()
        } catch {
            DescriptorCloser.close(descriptor)
            return nil
        }
        self.descriptor = descriptor
        let wake = wake
        let failed = HostThread.start {
            // The thread owns the descriptor: nobody else closes it while it is read.
            Self.listen(descriptor, until: wake, signal)
            DescriptorCloser.close(descriptor)
        }
        guard failed == 0 else {
            DescriptorCloser.close(descriptor)
            return nil
        }
    }

    /// Hears of changes in these folders too; one that is not there is left out.
    func follow(_ folders: [String], events: UInt32) {
        for folder in folders { _ = unsafe inotify_add_watch(descriptor, folder, events) }
    }

    /// Ends the thread; not to be followed by anything.
    func stop() { wake.signal() }

    private static func listen(_ descriptor: Int32, until wake: WakeSignal, _ signal: AsyncStream<Void>.Continuation) {
        var buffer = [UInt8](repeating: 0, count: bufferBytes)
        while true {
            let ready = unsafe host_poll([descriptor, wake.descriptor], 2, longWait)
            guard ready >= 0, ready & 2 == 0 else { return }
            guard ready & 1 != 0 else { continue }
            // What changed is for the look to find out.
            while unsafe read(descriptor, &buffer, buffer.count) > 0 {}
            signal.yield()
        }
    }
}
