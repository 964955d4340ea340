import JobCore
import Synchronization

/// A bar on standard error that shows how far a transfer or a job is; silent when nobody watches.
final class ProgressBar: Sendable {
    private let stream: ConsoleStream
    private let clock: any RunnerClock
    private let label: String
    private let state: Mutex<State>

    private struct State {
        let startedAt: Duration
        var drawnAt: Duration?
    }

    /// How long a drawing stands before it is drawn again.
    private static let interval: Duration = .milliseconds(80)

    /// Starts a bar; nothing is drawn before the first word.
    init(_ label: String, on stream: ConsoleStream, clock: any RunnerClock) {
        self.label = label
        self.stream = stream
        self.clock = clock
        state = Mutex(State(startedAt: clock.uptime(), drawnAt: nil))
    }

    /// Shows bytes done of bytes in all.
    func show(doneBytes: Int64, totalBytes: Int64?) {
        draw { elapsed in
            let rate = elapsed > .milliseconds(200) ? Double(doneBytes) / elapsed.fractionalSeconds : nil
            let speed = rate.map { "  \(HumanFormat.bytes(Int64($0)))/s" } ?? ""
            guard let totalBytes, totalBytes > 0 else {
                return "\(self.label)  \(HumanFormat.bytes(doneBytes))\(speed)"
            }
            let share = Double(doneBytes) / Double(totalBytes)
            return Self.line(
                label: self.label, share: share,
                note: "\(HumanFormat.bytes(doneBytes)) of \(HumanFormat.bytes(totalBytes))\(speed)")
        }
    }

    /// Shows a share of one and a note.
    func show(share: Double, note: String) { draw { _ in Self.line(label: self.label, share: share, note: note) } }

    /// Removes the bar.
    func finish() { stream.clearTransient() }

    private func draw(_ text: (Duration) -> String) {
        guard stream.terminal.isInteractive else { return }
        let now = clock.uptime()
        let elapsed = state.withLock { state -> Duration? in
            if let last = state.drawnAt, now - last < Self.interval { return nil }
            state.drawnAt = now
            return now - state.startedAt
        }
        guard let elapsed else { return }
        stream.transient(text(elapsed))
    }

    /// One drawing: label, bar of 24 places, per cent, note.
    static func line(label: String, share: Double, note: String) -> String {
        let places = 24
        let bounded = min(max(share.isFinite ? share : 0, 0), 1)
        let full = Int((bounded * Double(places)).rounded(.down))
        let bar = String(repeating: "█", count: full) + String(repeating: "░", count: places - full)
        let percent = HumanFormat.percent(bounded, places: 0)
        let padding = String(repeating: " ", count: max(5 - percent.count, 0))
        return "\(label)  \(bar)  \(padding)\(percent)  \(note)"
    }
}
