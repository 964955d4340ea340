import Glibc
import Synchronization

/// One stream of text to a person or a program: standard output, standard error, or memory in tests.
final class ConsoleStream: Sendable {
    /// What the other end can show.
    let terminal: Terminal
    private let descriptor: Int32?
    private let state = Mutex(State())

    private struct State {
        var captured = ""
        var isBroken = false
        var hasTransientLine = false
    }

    /// A stream to a file descriptor that stays open.
    init(descriptor: Int32, terminal: Terminal) {
        self.descriptor = descriptor
        self.terminal = terminal
    }

    /// A stream that keeps what is written to it.
    init(capturingFor terminal: Terminal) {
        descriptor = nil
        self.terminal = terminal
    }

    /// What was written to a capturing stream so far.
    var captured: String { state.withLock { $0.captured } }

    /// Writes a line, in place of a redrawn one if there is one.
    func line(_ text: String = "") {
        state.withLock { state in
            let erase = state.hasTransientLine ? "\r\u{1B}[K" : ""
            state.hasTransientLine = false
            write(erase + text + "\n", &state)
        }
    }

    /// Writes text as it is.
    func text(_ text: String) { state.withLock { write(text, &$0) } }

    /// Draws or redraws the last line; nothing happens when nobody watches.
    func transient(_ text: String) {
        guard terminal.isInteractive else { return }
        let fitted = TextWidth.truncated(text, to: (terminal.width ?? 80) - 1)
        state.withLock { state in
            state.hasTransientLine = true
            write("\r\u{1B}[K" + fitted, &state)
        }
    }

    /// Removes the redrawn line.
    func clearTransient() {
        state.withLock { state in
            guard state.hasTransientLine else { return }
            state.hasTransientLine = false
            write("\r\u{1B}[K", &state)
        }
    }

    /// The text in a style, when this stream shows styles.
    func styled(_ text: String, _ style: TextStyle) -> String { style.applied(to: text, on: terminal) }

    private func write(_ text: String, _ state: inout State) {
        guard let descriptor else {
            state.captured += text
            return
        }
        guard !state.isBroken else { return }
        var bytes = Array(text.utf8)[...]
        while !bytes.isEmpty {
            let written = bytes.withUnsafeBytes { Glibc.write(descriptor, $0.baseAddress, $0.count) }
            if written > 0 {
                bytes = bytes.dropFirst(written)
            } else if errno != EINTR && errno != EAGAIN {
                // The reader has gone (`| head`): what follows interests nobody.
                state.isBroken = true
                return
            }
        }
    }
}
