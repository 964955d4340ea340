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
        var layers = [host_layer](repeating: host_layer(), count: Int(HOST_LAYERS))
        // The checker's thread that started this process stays until it has ended.
        unsafe host_settle(getppid(), &layers)
        guard layers[Int(HOST_LAYER_PARENT)].is_on == 1, let script = ProbeChannel.receiveScript() else {
            ProbeFailure.end("headrace-probe is started by `headrace handler check`; it has no use of its own")
        }
        // Layers that this machine does not have are `headrace doctor`'s to report.
        if let confinement = script.confinement { confine(confinement, &layers) } else { watch() }
        guard ProbeThread.start({ ScriptRunner(script: script).run() }) == 0 else {
            ProbeFailure.end("no thread for the handler")
        }
        ProbeChannel.waitForEnd()
        host_leave(0)
    }

    private static func confine(_ confinement: ProbeScript.Confinement, _ layers: inout [host_layer]) {
        let reads = unsafe texts(confinement.readPaths)
        let writes = unsafe texts(confinement.writePaths)
        var limits = unsafe host_confinement(
            open_files: confinement.openFiles, data_limit_bytes: UInt64(confinement.dataLimitBytes),
            file_limit_bytes: 0,
            deny_network: confinement.deniesNetwork ? 1 : 0, deny_processes: confinement.deniesProcesses ? 1 : 0,
            confine_files: 1, read_paths: reads, write_paths: writes)
        unsafe host_confine(&limits, &layers)
    }

    /// Texts as C wants them, ended by NULL; they live as long as the process.
    private static func texts(_ texts: [String]) -> UnsafePointer<UnsafePointer<CChar>?> {
        let list = UnsafeMutablePointer<UnsafePointer<CChar>?>.allocate(capacity: texts.count + 1)
        for (place, text) in texts.enumerated() { unsafe (list + place).initialize(to: UnsafePointer(strdup(text))) }
        unsafe (list + texts.count).initialize(to: nil)
        return unsafe UnsafePointer(list)
    }

    /// Puts this thread and all later ones under watch; the checker gets the descriptor and answers.
    private static func watch() {
        let descriptor = probe_watch()
        guard descriptor >= 0 else {
            ProbeFailure.end("system calls cannot be watched (errno \(-descriptor))", code: ProbeFailure.noWatch)
        }
        var descriptors = [descriptor]
        guard unsafe host_send(HOST_CONTROL_FD, "watch", 5, &descriptors, 1) == 0 else {
            ProbeFailure.end("the watch cannot be handed over")
        }
        close(descriptor)
    }
}

/// The end of a process that cannot do what it is for, whatever the handler does.
enum ProbeFailure {
    private static let other: Int32 = 3
    static let noWatch: Int32 = 4

    /// Says why on stderr, where the checker finds it, and ends the process.
    static func end(_ reason: String, code: Int32 = other) -> Never {
        let bytes = Array((reason + "\n").utf8)
        _ = unsafe write(2, bytes, bytes.count)
        host_leave(code)
    }
}
