import CHostProcess
import Glibc
import HostProtocol

/// The child process of a runner: loads one handler library and runs its jobs.
///
/// Started by the runner alone, with its control socket as descriptor 3 and the runner's process identifier as the
/// only argument. This thread only listens, so that a handler which hangs cannot keep the process from ending with
/// its runner; the handler lives on a thread of its own.
@main
struct HeadraceHost {
    static func main() {
        guard CommandLine.arguments.count == 2, let parent = Int32(CommandLine.arguments[1]) else {
            complain("headrace-host is started by headrace; it has no use of its own")
            host_leave(2)
        }
        let failedLayers = host_settle(parent)
        if failedLayers & HOST_LAYER_PARENT != 0 { host_leave(0) }
        do throws(ControlFault) {
            try serve(failedLayers: failedLayers)
        } catch {
            complain("\(error)")
            host_leave(3)
        }
        host_leave(0)
    }

    private static func serve(failedLayers: UInt32) throws(ControlFault) {
        guard let first = try hostState.channel.receive() else { return }
        guard case .hello(let hello) = first.frame else { throw .outOfOrder("hello") }
        hostState.set(
            HostState.Limits(
                checkpointBytes: hello.checkpointLimitBytes, keyValueBytes: hello.keyValueLimitBytes))
        let failed = failedLayers | confine(hello)
        let plan = JobThread.Plan(
            hello: hello, libraryDescriptor: first.descriptors.first, missingLayers: names(of: failed))
        try JobThread.start(plan)
        while let message = try hostState.channel.receive() {
            switch message.frame {
            case .run(let run):
                guard run.inputs.count == message.descriptors.count else {
                    throw .outOfOrder("one descriptor per input")
                }
                JobThread.queue.add(.run(run, descriptors: message.descriptors))
            case .cancel(let run): hostState.cancel(run)
            case .stateReply(let reply): hostState.exchange.deliver(reply)
            case .bye: JobThread.queue.add(.bye)
            default: throw .outOfOrder("run, cancel, stateReply or bye")
            }
        }
    }

    /// Applies to this thread and all that it starts later, the handler's included.
    private static func confine(_ hello: HostHello) -> UInt32 {
        var limits = host_confinement(
            parent: 0, open_files: hello.openFiles, data_limit_bytes: hello.dataLimitBytes,
            deny_network: hello.denyNetwork ? 1 : 0, deny_processes: hello.denyProcesses ? 1 : 0)
        return unsafe host_confine(&limits)
    }

    private static func names(of layers: UInt32) -> [String] {
        let known = [
            (HOST_LAYER_PRIVILEGES, "no-new-privileges"), (HOST_LAYER_LIMITS, "resource-limits"),
            (HOST_LAYER_SYSCALLS, "system-call-filter"),
        ]
        return known.filter { layers & $0.0 != 0 }.map(\.1)
    }

    /// Writes to stderr, which the runner keeps as the last lines of this process.
    private static func complain(_ text: String) {
        let bytes = Array((text + "\n").utf8)
        _ = unsafe write(2, bytes, bytes.count)
    }
}
