import CHandlerABI
import CHandlerProbe
import CHostProcess
import ProbeProtocol

/// The function table that the handler is offered.
enum HostTable {
    /// How many members the later minor version has behind the known ones.
    private static let futureMembers = 16
    private static let currentRoom = 256
    private static let futureMinor: UInt32 = 7

    /// Makes a table that lives as long as the process; `nil` without memory.
    static func make(_ kind: ProbeScript.Table) -> UnsafePointer<jh_host>? {
        let known = unsafe MemoryLayout<jh_host>.size
        let size = kind == .future ? known + futureMembers * MemoryLayout<Int>.size : known
        // The current table has memory behind it as production's has; the others end at a wall.
        let room = kind == .current ? size + currentRoom : size
        guard let memory = unsafe probe_walled(UInt64(room)) else { return nil }
        let table = unsafe memory.bindMemory(to: jh_host.self, capacity: 1)
        unsafe table.initialize(to: functions(size: size, minor: kind == .future ? futureMinor : UInt32(JH_ABI_MINOR)))
        if kind == .future {
            typealias Unknown = @convention(c) () -> Int32
            let unknown: Unknown = {
                probeState.noteStray("a member behind the known ones was called")
                return JH_E_ARGUMENT
            }
            let members = unsafe (memory + known).bindMemory(to: Unknown.self, capacity: futureMembers)
            for place in 0..<futureMembers { unsafe (members + place).initialize(to: unknown) }
        }
        guard unsafe probe_seal(memory, UInt64(room)) == 0 else { return nil }
        return unsafe UnsafePointer(table)
    }

    private static func functions(size: Int, minor: UInt32) -> jh_host {
        unsafe jh_host(
            size: UInt32(size), abi_major: UInt32(JH_ABI_MAJOR), abi_minor: minor, reserved: 0,
            runner_version: version(), extension: { _ in nil },
            log: { unsafe JobCalls.log($0, $1, $2, $3, $4) }, set_error: { unsafe JobCalls.setError($0, $1) },
            job_id: { unsafe JobCalls.jobID($0, $1, $2) }, attempt: { unsafe JobCalls.attempt($0) },
            scratch_directory: { unsafe JobCalls.scratchDirectory($0, $1, $2) },
            payload_json: { unsafe JobCalls.payload($0, $1, $2) },
            open_input: { unsafe StreamCalls.openInput($0, $1, $2) },
            input_size: { unsafe StreamCalls.inputSize($0) }, read: { unsafe StreamCalls.read($0, $1, $2) },
            seek: { unsafe StreamCalls.seek($0, $1) },
            open_output: { unsafe StreamCalls.openOutput($0, $1, $2, $3) },
            write: { unsafe StreamCalls.write($0, $1, $2) }, close: { unsafe StreamCalls.close($0) },
            cancelled: { unsafe JobCalls.cancelled($0) }, time_left_ms: { unsafe JobCalls.timeLeft($0) },
            progress: { unsafe JobCalls.progress($0, $1, $2) },
            set_result_json: { unsafe JobCalls.setResult($0, $1) }, wall_ns: { unsafe JobCalls.wallTime($0) },
            mono_ns: { _ in host_monotonic_nanoseconds() }, random: { unsafe JobCalls.random($0, $1, $2) },
            checkpoint_put: { unsafe StateCalls.putCheckpoint($0, $1, $2) },
            checkpoint_get: { unsafe StateCalls.getCheckpoint($0, $1, $2) },
            kv_put: { unsafe StateCalls.putValue($0, $1, $2, $3) },
            kv_get: { unsafe StateCalls.getValue($0, $1, $2, $3) },
            metric: { unsafe JobCalls.metric($0, $1, $2, $3, $4, $5) })
    }

    private static func version() -> jh_str {
        let text = Array("0.0.0-check".utf8CString)
        let bytes = UnsafeMutablePointer<CChar>.allocate(capacity: text.count)
        unsafe bytes.initialize(from: text, count: text.count)
        return unsafe jh_str(ptr: UnsafePointer(bytes), len: UInt64(text.count - 1))
    }
}
