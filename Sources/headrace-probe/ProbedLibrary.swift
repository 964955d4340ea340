import CHandlerABI
import Glibc
import ProbeProtocol

/// A loaded handler and its instances.
///
/// SAFETY: the table and the instances live as long as the process; `create` and `destroy` are called on one thread
/// alone, `run` on one thread per instance and job unless the script asks for more, `cancel` only while its run is
/// under way.
@safe final class ProbedLibrary: @unchecked Sendable {
    private let table: UnsafePointer<jh_handler>
    private let host: UnsafePointer<jh_host>
    private var instances: [UnsafeMutableRawPointer?] = unsafe []

    private init(table: UnsafePointer<jh_handler>, host: UnsafePointer<jh_host>) {
        unsafe self.table = unsafe table
        unsafe self.host = unsafe host
    }

    /// Loads the library and asks it for its table; `nil` when it has none that can be used, which is told.
    static func load(_ path: String, host: UnsafePointer<jh_host>) -> ProbedLibrary? {
        // Never unloaded: Swift libraries do not survive it.
        guard let library = unsafe dlopen(path, RTLD_NOW | RTLD_LOCAL | RTLD_NODELETE) else {
            ProbeChannel.send(.notLoaded(reason: unsafe dlerror().map { unsafe String(cString: $0) } ?? "no reason"))
            return nil
        }
        guard let symbol = unsafe dlsym(library, JH_ENTRY_SYMBOL) else {
            ProbeChannel.send(.notLoaded(reason: "it does not export \(JH_ENTRY_SYMBOL)"))
            return nil
        }
        ProbeChannel.send(.loaded)
        typealias Entry = @convention(c) (UnsafePointer<jh_host>?) -> UnsafePointer<jh_handler>?
        let entry = unsafe unsafeBitCast(symbol, to: Entry.self)
        let table = unsafe entry(host)
        let description = unsafe table.map { unsafe describe($0) }
        ProbeChannel.send(.table(description))
        guard let table = unsafe table, description?.hasFunctions ?? false else { return nil }
        return unsafe ProbedLibrary(table: table, host: host)
    }

    private static func describe(_ table: UnsafePointer<jh_handler>) -> HandlerTable {
        let (size, needed) = unsafe (Int(unsafe table.pointee.size), MemoryLayout<jh_handler>.size)
        guard size >= needed else { return HandlerTable(sizeBytes: size, neededBytes: needed) }
        let handler = unsafe table.pointee
        return unsafe HandlerTable(
            sizeBytes: size, neededBytes: needed, abiMajor: handler.abi_major, minHostMinor: handler.min_host_minor,
            name: text(handler.name), version: text(handler.version), sdk: text(handler.sdk),
            hasFunctions: handler.create != nil && handler.run != nil)
    }

    private static func text(_ string: jh_str) -> String {
        guard let start = unsafe string.ptr, unsafe string.len <= 4096 else { return "" }
        return unsafe String(decoding: UnsafeRawBufferPointer(start: start, count: Int(string.len)), as: UTF8.self)
    }

    /// Makes one more instance; returns what `create` returned.
    func create(config: String) -> Int32 {
        var config = config
        var instance: UnsafeMutableRawPointer?
        let status = config.withUTF8 { bytes in
            let base = unsafe UnsafeRawPointer(bytes.baseAddress)?.assumingMemoryBound(to: CChar.self)
            return unsafe table.pointee.create(host, jh_str(ptr: base, len: UInt64(bytes.count)), &instance)
        }
        if status == JH_OK { unsafe instances.append(instance) }
        return status
    }

    func run(_ run: ProbedRun) -> Int32 {
        guard let job = unsafe ProbeHandle.job(run.number) else { return JH_PERMANENT }
        return unsafe table.pointee.run(instances[run.plan.instance], job)
    }

    func cancel(_ run: ProbedRun) {
        guard let job = unsafe ProbeHandle.job(run.number) else { return }
        unsafe table.pointee.cancel?(instances[run.plan.instance], job)
    }

    func destroyAll() {
        for place in unsafe instances.indices { unsafe table.pointee.destroy?(instances[place]) }
        unsafe instances.removeAll()
    }
}
