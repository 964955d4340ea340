import Glibc
import Synchronization

/// Writes whole lines to a file descriptor, one at a time, and never lets a stuck or vanished reader stop the program.
///
/// Safe from any thread. A reader that takes nothing for ``patienceMilliseconds`` costs lines, not time: from then on
/// lines are dropped until there is room again, and the next one that goes out is preceded by a count of the dropped.
/// When nobody reads any more (EPIPE), output ends quietly.
package final class LogOutput: Sendable {
    private struct State {
        var isClosed = false
        var isStalled = false
        var isMidLine = false
        var dropped = 0
    }

    private let descriptor: Int32
    private let patienceMilliseconds: Int32
    private let state = Mutex(State())

    /// Writes to a descriptor that stays the caller's; the default is standard error.
    package init(descriptor: Int32 = STDERR_FILENO, patienceMilliseconds: Int32 = 1_000) {
        self.descriptor = descriptor
        self.patienceMilliseconds = patienceMilliseconds
    }

    /// Lines that were dropped and not yet reported.
    var droppedLines: Int { state.withLock { $0.dropped } }

    /// Writes a line; the newline is added here.
    ///
    /// - Parameters:
    ///   - line: the line, without a newline.
    ///   - lossNotice: the line that reports how many were dropped before this one.
    func write(_ line: String, lossNotice: (Int) -> String) {
        state.withLock { state in
            guard !state.isClosed else { return }
            var text = state.isMidLine ? "\n" : ""
            if state.dropped > 0 { text += lossNotice(state.dropped) + "\n" }
            text += line + "\n"
            if send(Array(text.utf8), &state) {
                state.dropped = 0
                state.isMidLine = false
            } else {
                state.dropped += 1
            }
        }
    }

    /// - Returns: whether all bytes went out.
    private func send(_ bytes: [UInt8], _ state: inout State) -> Bool {
        var start = 0
        while start < bytes.count {
            guard waitForRoom(&state) else { return false }
            let size = min(bytes.count - start, Int(PIPE_BUF))
            let written = bytes[start..<start + size].withUnsafeBytes { Glibc.write(descriptor, $0.baseAddress, size) }
            if written > 0 {
                start += written
                state.isMidLine = true
            } else if errno != EINTR, errno != EAGAIN {
                state.isClosed = errno == EPIPE || errno == EBADF
                return false
            }
        }
        return true
    }

    private func waitForRoom(_ state: inout State) -> Bool {
        var request = pollfd(fd: descriptor, events: Int16(POLLOUT), revents: 0)
        let answer = poll(&request, 1, state.isStalled ? 0 : patienceMilliseconds)
        // An interrupted wait counts as room: the write itself then says how it stands.
        state.isStalled = answer == 0
        return answer != 0
    }
}
