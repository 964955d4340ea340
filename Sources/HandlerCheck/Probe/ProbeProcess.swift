import CHandlerProbe
import CHostProcess
import Dispatch
import Glibc
import HostProtocol
import ProbeProtocol
import PureJSON

/// Runs one script in a process of its own and watches it to its end.
struct ProbeProcess: Sendable {
    /// The absolute path of `headrace-probe`.
    var executable: String
    /// `NAME=value`: what a handler's process gets in production.
    var environment: [String]

    /// Runs a script.
    ///
    /// - Parameters:
    ///   - script: what the probe does.
    ///   - timeout: after that long the process is killed.
    ///   - rule: which watched calls go on; only with a script that is not confined.
    /// - Returns: what was seen, however the process ended.
    func run(_ script: ProbeScript, timeout: Duration, rule: WatchRule?) async -> ProbeObservation {
        await withCheckedContinuation { continuation in
            DispatchQueue.global().async {
                continuation.resume(returning: observe(script, timeout: timeout, rule: rule))
            }
        }
    }

    private func observe(_ script: ProbeScript, timeout: Duration, rule: WatchRule?) -> ProbeObservation {
        var child = host_child()
        let failed = spawn(&child)
        guard failed == 0 else { return ProbeObservation(ending: .notStarted(errno: -failed)) }
        var link = ProbeLink(child, rule: rule)
        defer { link.close() }
        guard link.send(script) else {
            _ = host_kill_group(child.pid, SIGKILL)
            return link.reap(isTimedOut: false)
        }
        let end =
            host_monotonic_nanoseconds() + timeout.components.seconds * 1_000_000_000
            + timeout.components.attoseconds / 1_000_000_000
        var isTimedOut = false
        while true {
            let left = end - host_monotonic_nanoseconds()
            guard left > 0 else {
                isTimedOut = true
                break
            }
            if link.turn(waiting: left) { break }
        }
        // What the handler may have started goes with it.
        _ = host_kill_group(child.pid, SIGKILL)
        return link.reap(isTimedOut: isTimedOut)
    }

    private func spawn(_ child: inout host_child) -> Int32 {
        let arguments = CStringList([executable])
        let settings = CStringList(environment)
        return unsafe host_spawn(executable, arguments.pointers, settings.pointers, &child)
    }
}

/// Texts as C wants them: pointers, the last of which is NULL.
@safe private final class CStringList {
    let pointers: UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>
    private let count: Int

    init(_ texts: [String]) {
        count = texts.count
        unsafe pointers = .allocate(capacity: texts.count + 1)
        for (place, text) in texts.enumerated() { unsafe (pointers + place).initialize(to: strdup(text)) }
        unsafe (pointers + count).initialize(to: nil)
    }

    deinit {
        for place in 0..<count { unsafe free(pointers[place]) }
        unsafe pointers.deallocate()
    }
}
