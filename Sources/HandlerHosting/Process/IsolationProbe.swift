import CHostProcess
import Glibc
import HostProtocol
import JobCore

/// Finds out which layers of confinement this machine has, by a host process that confines itself and tries.
package enum IsolationProbe {
    private static let patience: Int64 = 10_000_000_000

    /// Starts the host process, waits for what it finds, and reaps it; blocks for a few milliseconds, at most ten
    /// seconds.
    ///
    /// - Parameter hostExecutable: the absolute path of `headrace-host`.
    /// - Returns: all layers, in the order in which they are put on.
    /// - Throws: `hostExecutable` when it cannot be started, `noAnswer` when it is not of this build.
    package static func layers(hostExecutable: String) throws(HandlerHostingError) -> [IsolationLayer] {
        var child = host_child()
        let status = unsafe CStrings.with([hostExecutable, String(getpid())]) { arguments in
            unsafe CStrings.with(["LC_ALL=C.UTF-8"]) { environment in
                unsafe host_spawn(hostExecutable, arguments, environment, &child)
            }
        }
        guard status == 0 else { throw .hostExecutable(path: hostExecutable, errno: -status) }
        var link = HostLink(child)
        defer {
            end(child)
            link.close()
        }
        let sent = link.send(.probe)
        guard sent == 0 else { throw .noAnswer(path: hostExecutable, reason: "errno \(sent)") }
        let deadline = host_monotonic_nanoseconds() + patience
        while true {
            let left = deadline - host_monotonic_nanoseconds()
            guard left > 0, unsafe host_poll([child.control], 1, left) >= 0 else {
                throw .noAnswer(path: hostExecutable, reason: "it took too long")
            }
            switch link.receive() {
            case .broken(let text): throw .noAnswer(path: hostExecutable, reason: text)
            case .frames(let frames):
                for case .probed(let layers) in frames { return layers.map(IsolationLayer.init) }
                guard link.isControlOpen else { throw .noAnswer(path: hostExecutable, reason: "it ended") }
            }
        }
    }

    private static func end(_ child: host_child) {
        _ = host_kill_group(child.pid, SIGKILL)
        _ = unsafe host_poll([child.pidfd], 1, patience)
        var ending = host_exit()
        _ = unsafe host_reap(child.pid, &ending)
    }
}
