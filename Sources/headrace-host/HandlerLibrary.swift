import CHandlerABI
import Glibc
import HostProtocol

/// A loaded handler.
///
/// SAFETY: the handler's table and instance live as long as the process; `create`, `run` and `destroy` are called on
/// the job thread alone, `cancel` is tagged [any] and is called only while a run is under way.
@safe final class HandlerLibrary: @unchecked Sendable {
    private let table: UnsafePointer<jh_handler>
    private let instance: UnsafeMutableRawPointer?
    let abiMajor: UInt32
    let minHostMinor: UInt32
    let sdk: String

    private init(table: UnsafePointer<jh_handler>, instance: UnsafeMutableRawPointer?) {
        unsafe self.table = unsafe table
        unsafe self.instance = unsafe instance
        abiMajor = unsafe table.pointee.abi_major
        minHostMinor = unsafe table.pointee.min_host_minor
        sdk = unsafe Self.text(table.pointee.sdk)
    }

    /// Loads the library, checks what it says of itself, and makes the handler.
    static func load(_ hello: HostHello, descriptor: Int32?) throws(LoadFailure) -> HandlerLibrary {
        let path = descriptor.map { "/proc/self/fd/\($0)" } ?? hello.libraryPath
        // Never unloaded: Swift libraries do not survive it.
        guard let library = unsafe dlopen(path, RTLD_NOW | RTLD_LOCAL | RTLD_NODELETE) else {
            let reason = unsafe dlerror().map { unsafe String(cString: $0) } ?? "unknown reason"
            throw LoadFailure(code: "library-not-loaded", message: "\(hello.libraryPath) cannot be loaded: \(reason)")
        }
        guard let symbol = unsafe dlsym(library, JH_ENTRY_SYMBOL) else {
            throw LoadFailure(
                code: "entry-missing", message: "\(hello.libraryPath) does not export \(JH_ENTRY_SYMBOL)")
        }
        typealias Entry = @convention(c) (UnsafePointer<jh_host>?) -> UnsafePointer<jh_handler>?
        let entry = unsafe unsafeBitCast(symbol, to: Entry.self)
        let host = unsafe HostFunctions.table(runnerVersion: hello.runnerVersion)
        guard let table = unsafe entry(host) else {
            throw LoadFailure(
                code: "entry-refused", message: "\(JH_ENTRY_SYMBOL) of \(hello.handlerName) returned NULL")
        }
        try unsafe check(table, hello)
        return unsafe HandlerLibrary(table: table, instance: try create(table, host, hello))
    }

    func run(_ number: UInt64) -> Int32 {
        guard let job = unsafe OpaquePointer(bitPattern: UInt(number)) else { return JH_PERMANENT }
        return unsafe table.pointee.run(instance, job)
    }

    func cancel(_ number: UInt64) {
        guard let job = unsafe OpaquePointer(bitPattern: UInt(number)) else { return }
        unsafe table.pointee.cancel?(instance, job)
    }

    func destroy() { unsafe table.pointee.destroy?(instance) }

    private static func create(
        _ table: UnsafePointer<jh_handler>, _ host: UnsafePointer<jh_host>, _ hello: HostHello
    ) throws(LoadFailure) -> UnsafeMutableRawPointer? {
        var instance: UnsafeMutableRawPointer?
        let status = unsafe hello.config.withUnsafeBytes { bytes in
            let base = unsafe bytes.baseAddress?.assumingMemoryBound(to: CChar.self)
            return unsafe table.pointee.create(host, jh_str(ptr: base, len: UInt64(bytes.count)), &instance)
        }
        guard status != JH_OK else { return unsafe instance }
        let note = hostState.takeCreationError()
        throw LoadFailure(
            code: note?.code ?? "create-failed",
            message: note?.message ?? "\(hello.handlerName) could not be made (status \(status), no message)",
            isPassing: status == JH_RETRYABLE || status == JH_RESOURCE)
    }

    private static func check(_ table: UnsafePointer<jh_handler>, _ hello: HostHello) throws(LoadFailure) {
        let (size, needed) = unsafe (Int(unsafe table.pointee.size), MemoryLayout<jh_handler>.size)
        guard size >= needed else {
            throw LoadFailure(
                code: "abi-table",
                message: "\(hello.handlerName): expected a handler table of \(needed) bytes or more, found \(size)")
        }
        let handler = unsafe table.pointee
        let (major, minor) = unsafe (handler.abi_major, handler.min_host_minor)
        guard major == UInt32(JH_ABI_MAJOR), minor <= UInt32(JH_ABI_MINOR) else {
            throw LoadFailure(
                code: "abi-version",
                message: "\(hello.handlerName) needs ABI \(major).\(minor); "
                    + "this runner speaks \(JH_ABI_MAJOR).\(JH_ABI_MINOR)")
        }
        guard unsafe handler.create != nil, unsafe handler.run != nil else {
            throw LoadFailure(code: "abi-table", message: "\(hello.handlerName): create and run must not be NULL")
        }
        let (name, version) = unsafe (text(handler.name), text(handler.version))
        guard name == hello.handlerName, version == hello.handlerVersion else {
            throw LoadFailure(
                code: "library-mismatch",
                message: "the manifest says \(hello.handlerName) \(hello.handlerVersion), "
                    + "the library says \(name) \(version)")
        }
    }

    private static func text(_ string: jh_str) -> String {
        guard let start = unsafe string.ptr, unsafe string.len <= 4096 else { return "" }
        return unsafe String(decoding: UnsafeRawBufferPointer(start: start, count: Int(string.len)), as: UTF8.self)
    }
}

/// Why a handler cannot be used.
struct LoadFailure: Error {
    var code: String
    var message: String
    var isPassing = false
}
