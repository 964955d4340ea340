/// One layer of a host process's confinement and whether it is on.
package struct HostLayer: Sendable, Hashable {
    /// The layers, in the order in which they are put on.
    package enum Kind: UInt8, Sendable, Hashable, CaseIterable {
        /// Dies with its runner.
        case parent = 0
        /// Gains no privileges.
        case privileges = 1
        /// Resource limits.
        case limits = 2
        /// Files by allow-list, by Landlock.
        case files = 3
        /// System calls by deny-list, by seccomp.
        case systemCalls = 4
        /// No capability.
        case capabilities = 5
    }

    /// Which layer.
    package var kind: Kind
    /// Whether it is on as a whole.
    package var isOn: Bool
    /// The errno of what failed; 0 when it is on, and when it was found to let something through.
    package var errno: Int32
    /// Files: the version of Landlock's ABI.
    package var detail: Int32

    /// Makes a layer.
    package init(kind: Kind, isOn: Bool, errno: Int32 = 0, detail: Int32 = 0) {
        self.kind = kind
        self.isOn = isOn
        self.errno = errno
        self.detail = detail
    }
}

extension HostLayer {
    func write(to writer: inout FrameWriter) {
        writer.number(kind.rawValue)
        writer.flag(isOn)
        writer.number(errno)
        writer.number(detail)
    }

    init(from reader: inout FrameReader) throws(FrameFault) {
        guard let kind = Kind(rawValue: try reader.number()) else { throw .invalidValue(field: "layer") }
        self.init(
            kind: kind, isOn: try reader.flag("isOn"), errno: try reader.number(), detail: try reader.number())
    }
}
