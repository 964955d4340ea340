import Dispatch

/// Runs a call that blocks for a moment (opening a database, reading a directory) off the cooperative threads.
enum BlockingCall {
    /// Runs the call on a thread that may block.
    static func run<Value: Sendable>(_ call: @escaping @Sendable () -> Value) async -> Value {
        await withCheckedContinuation { continuation in
            DispatchQueue.global().async { continuation.resume(returning: call()) }
        }
    }
}
