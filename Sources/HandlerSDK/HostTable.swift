import CHandlerABI
import Synchronization

/// The host's table, and which of its members the host has.
///
/// SAFETY: the table is read-only and lives as long as the process.
@safe struct HostTable: @unchecked Sendable {
    /// The table as `create` got it.
    static let current = Mutex<HostTable?>(nil)

    /// The size of the smallest table that a host of this major version may have: without checkpoints and what follows.
    static var smallestSize: Int { unsafe MemoryLayout<jh_host>.offset(of: \.checkpoint_put) ?? .max }

    let pointer: UnsafePointer<jh_host>

    var size: Int { Int(unsafe pointer.pointee.size) }

    /// Whether a member lies within the table that the host made; only then may it be read.
    func has<Member>(_ member: KeyPath<jh_host, Member>) -> Bool {
        guard let offset = unsafe MemoryLayout<jh_host>.offset(of: member) else { return false }
        return offset + MemoryLayout<Member>.size <= size
    }
}
