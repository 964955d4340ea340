internal import CLabProcess

/// Threads for calls that block.
enum LabThread {
    private final class Body: Sendable {
        let run: @Sendable () -> Void
        init(_ run: @escaping @Sendable () -> Void) { self.run = run }
    }

    /// Starts a detached thread; returns 0 or an errno.
    static func start(_ body: @escaping @Sendable () -> Void) -> Int32 {
        let context = Unmanaged.passRetained(Body(body)).toOpaque()
        let failed = lab_start_thread(
            { context in
                if let context { Unmanaged<Body>.fromOpaque(context).takeRetainedValue().run() }
            }, context)
        if failed != 0 { Unmanaged<Body>.fromOpaque(context).release() }
        return failed
    }
}
