import Foundation
import Synchronization

/// Ends the process when one input takes longer than it may.
final class InputWatch: Sendable {
    private let number = Mutex(0)

    /// Starts to watch; `limit` is how long an input may take.
    init(limit: Duration) {
        let milliseconds = limit.components.seconds * 1_000
        let thread = Thread { [self] in
            var last = -1
            // Ends with the process.
            while true {
                poll(nil, 0, Int32(clamping: milliseconds))
                let current = number.withLock { $0 }
                if current == last, current > 0 { abort() }
                last = current
            }
        }
        thread.start()
    }

    /// Another input runs.
    func noteInput() { number.withLock { $0 += 1 } }
}
