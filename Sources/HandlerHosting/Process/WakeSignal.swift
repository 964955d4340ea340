import CHostProcess
import Synchronization

/// A descriptor that wakes a thread out of `poll`.
final class WakeSignal: Sendable {
    // -1 once it is closed.
    private let state: Mutex<Int32>

    init() throws(HandlerHostingError) {
        let opened = host_wake_open()
        guard opened >= 0 else { throw .noDescriptor(errno: -opened) }
        state = Mutex(opened)
    }

    deinit { close() }

    /// The descriptor to wait for; -1 once it is closed.
    var descriptor: Int32 { state.withLock { $0 } }

    /// Wakes whoever waits; does nothing once it is closed.
    func signal() {
        state.withLock { descriptor in
            if descriptor >= 0 { _ = host_wake_signal(descriptor) }
        }
    }

    func drain() {
        state.withLock { descriptor in
            if descriptor >= 0 { _ = host_wake_drain(descriptor) }
        }
    }

    /// Closes the descriptor for good.
    func close() {
        state.withLock { descriptor in
            DescriptorCloser.close(descriptor)
            descriptor = -1
        }
    }
}
