import CHostProcess

/// A descriptor that wakes a thread out of `poll`; closed with its last user.
final class WakeSignal: Sendable {
    let descriptor: Int32

    init() throws(HandlerHostingError) {
        let opened = host_wake_open()
        guard opened >= 0 else { throw .noDescriptor(errno: -opened) }
        descriptor = opened
    }

    deinit { DescriptorCloser.close(descriptor) }

    func signal() { _ = host_wake_signal(descriptor) }

    func drain() { _ = host_wake_drain(descriptor) }
}
