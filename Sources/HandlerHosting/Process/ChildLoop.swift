import CHostProcess
import Glibc
import HostProtocol
import JobCore
import Logging

/// The thread of one host process: starts it, talks to it, watches it, reaps it.
struct ChildLoop {
    enum Phase {
        case starting(until: Int64)
        case idle
        case running(RunInFlight)
        case leaving(until: Int64)
        /// Killed or without a control socket; only its end is awaited.
        case ending(killAt: Int64)
    }

    /// How often memory and processor time of a run are measured.
    static let measureInterval: Int64 = 25_000_000
    /// How long a process may take to end by itself.
    static let leavePatience: Int64 = 1_000_000_000
    /// Turns of reading what an ended process had sent.
    private static let lastTurns = 64
    private static let idleInterval: Int64 = 60_000_000_000

    let owner: HostChild
    let recycling: RecyclingRule
    var phase = Phase.idle
    var tail = LogTail()
    var pendingOrder: HostChild.Order?
    var runCount: UInt64 = 0
    var workspace: HostWorkspace?
    let bornAt = Self.now

    init(owner: HostChild, recycling: RecyclingRule) {
        self.owner = owner
        self.recycling = recycling
    }

    /// Lives as long as the process.
    mutating func run() {
        defer {
            removeWorkspace()
            owner.end()
        }
        guard var link = start() else { return }
        defer { link.close() }
        while true {
            readMail(&link)
            let hasEnded = wait(link)
            drain(&link)
            measure(link)
            guard hasEnded else { continue }
            // What the process left behind; the zombie keeps its number from being given to somebody else.
            _ = host_kill_group(link.child.pid, SIGKILL)
            for _ in 0..<Self.lastTurns where link.isControlOpen { drain(&link) }
            tail.endLine()
            finish(reap(link))
            return
        }
    }

    // MARK: - Start and end

    private mutating func start() -> HostLink? {
        let launch = owner.launch
        let place: HostWorkspace
        do throws(RunFilesFault) {
            place = try HostWorkspace(below: launch.scratchRoot)
        } catch {
            owner.retire()
            pendingOrder = owner.takeMail().order
            replyWithoutRun(error.outcome)
            return nil
        }
        workspace = place
        var child = host_child()
        let status = unsafe CStrings.with([launch.hostExecutable, String(getpid())]) { arguments in
            unsafe CStrings.with(launch.environment + ["TMPDIR=\(place.path)"]) { environment in
                unsafe host_spawn(launch.hostExecutable, arguments, environment, &child)
            }
        }
        guard status == 0 else {
            owner.retire()
            pendingOrder = owner.takeMail().order
            let message = "\(launch.hostExecutable) cannot be started (errno \(-status))"
            replyWithoutRun(.retry(after: nil, code: "host-not-started", message: message))
            return nil
        }
        let link = HostLink(child)
        let descriptors = launch.sealedLibrary.map { [$0.descriptor] } ?? []
        if link.send(.hello(launch.hello(workspace: place.path)), descriptors: descriptors) != 0 { kill(link) }
        phase = .starting(until: Self.now + launch.startPatience.wholeNanoseconds)
        return link
    }

    private func removeWorkspace() {
        guard let workspace else { return }
        let failed = workspace.remove()
        if failed != 0 { warnOfLeftovers(workspace.path, errno: failed) }
    }

    func warnOfLeftovers(_ path: String, errno code: Int32) {
        owner.logger.warning(
            "files of a handler could not be removed",
            metadata: ["handler": "\(owner.launch.name)", "path": "\(path)", "errno": "\(code)"])
    }

    private func reap(_ link: HostLink) -> host_exit {
        var end = host_exit()
        // pidfd is readable, so this is at once; a runner that ignores SIGCHLD has no status to read.
        _ = unsafe host_reap(link.child.pid, &end)
        return end
    }

    private mutating func finish(_ end: host_exit) {
        owner.retire()
        switch phase {
        case .running(let run):
            report(run, ending: .exited(signal: end.signal, code: end.code), peak: 0)
        case .starting:
            let how = end.signal != 0 ? "killed by \(SignalName.text(end.signal))" : "exit code \(end.code)"
            let last = tail.lines.last.map { "; last line: \($0)" } ?? ""
            replyWithoutRun(
                .crashed(
                    signal: end.signal != 0 ? end.signal : nil, exitCode: end.signal != 0 ? nil : end.code,
                    message: "the host process ended while it loaded \(owner.launch.name): \(how)\(last)"))
        case .idle, .leaving, .ending:
            pendingOrder?.reply(.notStarted)
            pendingOrder = nil
        }
    }

    // MARK: - Waiting

    private func wait(_ link: HostLink) -> Bool {
        let descriptors = [
            link.child.pidfd, owner.wakeDescriptor, link.isControlOpen ? link.child.control : -1,
            link.isOutputOpen ? link.child.output : -1,
        ]
        let ready = unsafe host_poll(descriptors, UInt32(descriptors.count), nextInstant - Self.now)
        return ready > 0 && ready & 1 != 0
    }

    private var nextInstant: Int64 {
        switch phase {
        case .starting(let until), .leaving(let until), .ending(let until): until
        case .idle: Self.now + Self.idleInterval
        case .running(let run):
            run.isMeasured ? min(run.watch.nextInstant, run.measuredAt + Self.measureInterval) : run.watch.nextInstant
        }
    }

    static var now: Int64 { host_monotonic_nanoseconds() }
}

/// Arrays of C strings for the time of a call.
enum CStrings {
    static func with<R>(
        _ strings: [String], _ body: (UnsafePointer<UnsafeMutablePointer<CChar>?>) -> R
    ) -> R {
        var pointers = unsafe strings.map { unsafe strdup($0) }
        unsafe pointers.append(nil)
        defer { unsafe pointers.forEach { unsafe free($0) } }
        return unsafe pointers.withUnsafeBufferPointer { buffer in
            // A buffer with at least the final NULL has an address.
            unsafe body(buffer.baseAddress.unsafelyUnwrapped)
        }
    }
}
