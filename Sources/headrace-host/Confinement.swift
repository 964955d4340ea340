import CHostProcess
import Glibc
import HostProtocol

/// The layers of confinement of this process.
struct Confinement {
    private(set) var layers: [HostLayer] = []
    private var states = [host_layer](repeating: host_layer(), count: Int(HOST_LAYERS))

    /// Ties this process to its runner; to be called first of all.
    init(parent: Int32) {
        unsafe host_settle(parent, &states)
        host_prepare_own_peak()
    }

    /// Whether the runner that started this process is still there.
    var hasParent: Bool { states[Int(HOST_LAYER_PARENT)].is_on == 1 }

    /// Applies to this thread and all that it starts later, the handler's included.
    mutating func apply(_ hello: HostHello) {
        unsafe CStringList.with(hello.readPaths) { reads in
            unsafe CStringList.with(hello.writePaths) { writes in
                var limits = unsafe host_confinement(
                    open_files: hello.openFiles, data_limit_bytes: hello.dataLimitBytes,
                    file_limit_bytes: hello.fileLimitBytes, deny_network: hello.denyNetwork ? 1 : 0,
                    deny_processes: hello.denyProcesses ? 1 : 0, confine_files: 1, read_paths: reads,
                    write_paths: writes)
                unsafe host_confine(&limits, &states)
            }
        }
        describe(broken: 0)
    }

    /// Applies the strictest form, then tries what it forbids.
    mutating func probe() {
        var limits = unsafe host_confinement(
            open_files: 64, data_limit_bytes: 0, file_limit_bytes: 0, deny_network: 1, deny_processes: 1,
            confine_files: 1, read_paths: nil, write_paths: nil)
        unsafe host_confine(&limits, &states)
        describe(broken: host_try_confinement())
    }

    private mutating func describe(broken: UInt32) {
        layers = HostLayer.Kind.allCases.map { kind in
            let state = states[Int(kind.rawValue)]
            let isBroken = broken & (1 << UInt32(kind.rawValue)) != 0
            return HostLayer(
                kind: kind, isOn: state.is_on == 1 && !isBroken, errno: state.error, detail: state.detail)
        }
    }
}

/// Arrays of C strings, ended by NULL, for the time of a call.
enum CStringList {
    static func with(_ strings: [String], _ body: (UnsafePointer<UnsafePointer<CChar>?>?) -> Void) {
        var pointers = unsafe strings.map { unsafe UnsafePointer<CChar>(strdup($0)) }
        unsafe pointers.append(nil)
        unsafe pointers.withUnsafeBufferPointer { unsafe body($0.baseAddress) }
        unsafe pointers.forEach { unsafe free(UnsafeMutablePointer(mutating: $0)) }
    }
}
