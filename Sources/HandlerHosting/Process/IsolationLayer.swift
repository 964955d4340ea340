import Glibc
import HostProtocol

/// One layer of the confinement of host processes on this machine, for people.
package struct IsolationLayer: Sendable, Hashable {
    /// Such as `files`.
    package var name: String
    /// Whether host processes have it.
    package var isOn: Bool
    /// What it does; or why it is off and what to do about that.
    package var why: String

    init(_ layer: HostLayer) {
        name = Self.name(of: layer.kind)
        isOn = layer.isOn
        why = layer.isOn ? Self.effect(of: layer) : Self.reason(of: layer)
    }

    private static func name(of kind: HostLayer.Kind) -> String {
        switch kind {
        case .parent: "end-with-runner"
        case .privileges: "no-new-privileges"
        case .limits: "resource-limits"
        case .files: "files"
        case .systemCalls: "system-calls"
        case .capabilities: "capabilities"
        }
    }

    private static func effect(of layer: HostLayer) -> String {
        switch layer.kind {
        case .parent: "handlers end with the runner"
        case .privileges: "programs that raise privileges have no effect"
        case .limits: "descriptors, memory and file sizes are bounded, no core files"
        case .files:
            "only libraries, granted paths and the own scratch directory can be reached (Landlock \(layer.detail))"
        case .systemCalls: "sockets, other processes, mounts and keys are refused (seccomp)"
        case .capabilities: "none is left, also where the runner is root"
        }
    }

    private static func reason(of layer: HostLayer) -> String {
        switch (layer.kind, layer.errno) {
        case (_, 0): "switched on, but it let through what it must not"
        case (.files, ENOSYS): "this kernel has no Landlock; use Linux 5.13 or later"
        case (.files, EOPNOTSUPP): "Landlock is switched off; add landlock to the kernel's lsm= parameter"
        case (.systemCalls, EINVAL), (.systemCalls, ENOSYS): "this kernel has no seccomp filters"
        case (_, EPERM): "the container or the system forbids it; see its security profile"
        case (_, let code): "errno \(code)"
        }
    }
}
