import HandlerSDK
import Synchronization
import Testing

/// A host in this process that has as much of the table as a test wants.
private enum SmallHost {
    struct Seen {
        var code = ""
        var message = ""
        var details = ""
        var result = ""
        var logs: [String] = []
        var payload = "{}"
    }

    static let seen = Mutex(Seen())

    /// The table without the members that came after the first release candidate.
    static let sizeWithoutCheckpoints = MemoryLayout<jh_host>.offset(of: \.checkpoint_put) ?? 0

    static func text(_ text: jh_str) -> String {
        String(
            decoding: UnsafeRawBufferPointer(start: text.ptr, count: Int(text.len)), as: UTF8.self)
    }

    static func table(size: Int) -> jh_host {
        var host = jh_host()
        host.size = UInt32(size)
        host.abi_major = 1
        host.set_error = { _, error in
            guard let error = error?.pointee else { return JH_E_ARGUMENT }
            SmallHost.seen.withLock { seen in
                seen.code = SmallHost.text(error.code)
                seen.message = SmallHost.text(error.message)
                seen.details = SmallHost.text(error.details_json)
            }
            return JH_OK
        }
        host.log = { _, _, message, _, _ in
            SmallHost.seen.withLock { $0.logs.append(SmallHost.text(message)) }
            return JH_OK
        }
        host.cancelled = { _ in 0 }
        host.payload_json = { _, buffer, capacity in
            let payload = Array(SmallHost.seen.withLock { $0.payload }.utf8)
            for (place, byte) in payload.prefix(Int(capacity)).enumerated() {
                buffer?[place] = CChar(bitPattern: byte)
            }
            return Int64(payload.count)
        }
        host.set_result_json = { _, json in
            SmallHost.seen.withLock { $0.result = SmallHost.text(json) }
            return JH_OK
        }
        return host
    }
}

/// Uses the member that its payload names.
private struct Picky: JobHandler {
    struct Payload: Decodable { var use: String }

    static let name = "picky"
    static let version = "1.0.0"

    init(config: JSONValue) throws(HandlerError) {}

    func run(_ payload: Payload, _ job: Job) async throws -> String {
        switch payload.use {
        case "save": try job.checkpoint.save([1])
        case "load": _ = try job.checkpoint.load()
        case "set": try job.store.set([1], for: "key")
        case "get": _ = try job.store.bytes("key")
        case "metric": job.metrics.count("rows")
        default: break
        }
        return payload.use
    }
}

@Suite("Behind the C interface", .serialized)
struct HostTableTests {
    /// Creates the handler and runs one job with it; gives the status.
    private func run(_ payload: String, hostSize: Int) throws -> Int32 {
        SmallHost.seen.withLock { $0 = SmallHost.Seen(payload: payload) }
        let table = try #require(JobHandlerExport.entry(Picky.self))
        let host = UnsafeMutablePointer<jh_host>.allocate(capacity: 1)
        host.initialize(to: SmallHost.table(size: hostSize))
        var me: UnsafeMutableRawPointer?
        let config = Array("{}".utf8CString)
        let created = config.withUnsafeBufferPointer { text in
            table.pointee.create(host, jh_str(ptr: text.baseAddress, len: 2), &me)
        }
        guard created == JH_OK else { return created }
        defer { table.pointee.destroy(me) }
        return table.pointee.run(me, OpaquePointer(bitPattern: 1))
    }

    @Test("A run gives its result")
    func completes() throws {
        #expect(try run(#"{"use":"nothing"}"#, hostSize: MemoryLayout<jh_host>.size) == JH_OK)
        #expect(SmallHost.seen.withLock { $0.result } == #""nothing""#)
    }

    @Test(
        "A host without a member that the handler needs is an error, not a crash",
        arguments: ["save", "load", "set", "get"])
    func oldHost(_ use: String) throws {
        #expect(
            try run(#"{"use":"\#(use)"}"#, hostSize: SmallHost.sizeWithoutCheckpoints) == JH_PERMANENT)
        let seen = SmallHost.seen.withLock { $0 }
        #expect(seen.code == "host-too-old")
        #expect(seen.message.contains("need a newer runner"))
    }

    @Test("Metrics that a host does not have do not fail the run")
    func oldHostMetrics() throws {
        #expect(try run(#"{"use":"metric"}"#, hostSize: SmallHost.sizeWithoutCheckpoints) == JH_OK)
        #expect(SmallHost.seen.withLock { $0.logs } == ["a metric was not taken"])
    }

    @Test("A host whose table is smaller than any that was released is refused")
    func tooSmall() throws {
        #expect(try run("{}", hostSize: SmallHost.sizeWithoutCheckpoints - 8) == JH_PERMANENT)
    }

    @Test("A payload that does not decode tells programs the place")
    func payloadDetails() throws {
        #expect(try run(#"{"use":3}"#, hostSize: MemoryLayout<jh_host>.size) == JH_INVALID_INPUT)
        let seen = SmallHost.seen.withLock { $0 }
        #expect(seen.code == "payload-invalid")
        #expect(seen.details == #"{"pointer":"/use","expected":"a string","found":"integer 3"}"#)
    }
}
