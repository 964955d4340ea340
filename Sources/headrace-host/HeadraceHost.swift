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
        var confinement = Confinement(parent: parent)
        guard confinement.hasParent else { host_leave(0) }
        do throws(ControlFault) {
            try serve(&confinement)
        } catch {
            complain("\(error)")
            host_leave(3)
        }
        host_leave(0)
    }

    private static func serve(_ confinement: inout Confinement) throws(ControlFault) {
        guard let first = try hostState.channel.receive() else { return }
        switch first.frame {
        case .hello(let hello): try host(hello, library: first.descriptors.first, &confinement)
        case .probe:
            confinement.probe()
            hostState.channel.send(.probed(confinement.layers))
        default: throw .outOfOrder("hello or probe")
        }
    }

    private static func host(
        _ hello: HostHello, library: Int32?, _ confinement: inout Confinement
    ) throws(ControlFault) {
        hostState.set(
            HostState.Limits(
                checkpointBytes: hello.checkpointLimitBytes, keyValueBytes: hello.keyValueLimitBytes))
        confinement.apply(hello)
        let missing = confinement.layers.filter { !$0.isOn }
        guard missing.isEmpty || !hello.requiresConfinement else {
            let names = missing.map { "\($0.kind)" }.joined(separator: ", ")
            let refusal = HostRefusal(
                code: "confinement-missing",
                message: "isolation is required and \(hello.handlerName) would run without: \(names)", isPassing: false)
            return hostState.channel.send(.refused(refusal))
        }
        let plan = JobThread.Plan(hello: hello, libraryDescriptor: library, layers: confinement.layers)
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

    /// Writes to stderr, which the runner keeps as the last lines of this process.
    private static func complain(_ text: String) {
        let bytes = Array((text + "\n").utf8)
        _ = unsafe write(2, bytes, bytes.count)
    }
}
