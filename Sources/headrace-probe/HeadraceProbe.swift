import CHandlerProbe
import CHostProcess
import Glibc
import ProbeProtocol
import PureJSON

/// A host that means no good: loads one handler and does to it what a script says, all within the rules of the C
/// header.
///
/// Started by `headrace handler check` alone, with a control socket as descriptor 3. This thread only listens, so
/// that the process ends with its checker; the handler lives on threads of its own.
@main
struct HeadraceProbe {
    static func main() {
        umask(0o077)
        guard unsafe chdir("/") == 0, let script = ProbeChannel.receiveScript() else {
            complain("headrace-probe is started by `headrace handler check`; it has no use of its own")
            host_leave(2)
        }
        if script.isAudited { watch() }
        guard ProbeThread.start({ ScriptRunner(script: script).run() }) == 0 else {
            complain("no thread for the handler")
            host_leave(3)
        }
        ProbeChannel.waitForEnd()
        host_leave(0)
    }

    /// Puts this thread and all later ones under watch; the checker gets the descriptor and answers.
    private static func watch() {
        let descriptor = probe_watch()
        guard descriptor >= 0 else {
            complain("system calls cannot be watched (errno \(-descriptor))")
            host_leave(4)
        }
        var descriptors = [descriptor]
        guard unsafe host_send(HOST_CONTROL_FD, "watch", 5, &descriptors, 1) == 0 else { host_leave(3) }
        close(descriptor)
    }

    private static func complain(_ text: String) {
        let bytes = Array((text + "\n").utf8)
        _ = unsafe write(2, bytes, bytes.count)
    }
}
