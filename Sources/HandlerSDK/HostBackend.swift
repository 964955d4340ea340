import CHandlerABI

/// A ``Job`` on top of the host's function table.
///
/// SAFETY: the table lives as long as the process; the job is a handle that the host checks on every call; every
/// function used here is tagged [any], or [job] and reached only through `JobInput` and `JobOutput`, which are not
/// Sendable.
@safe struct HostBackend: JobBackend, @unchecked Sendable {
    let host: UnsafePointer<jh_host>
    let job: OpaquePointer

    /// What tells this run from others that are under way.
    var handle: UInt { unsafe UInt(bitPattern: job) }

    var jobID: String {
        String(
            decoding: unsafe HostText.copy { unsafe host.pointee.job_id(job, $0, $1) }, as: UTF8.self)
    }

    var attempt: Int { unsafe Int(host.pointee.attempt(job)) }

    var isCancelled: Bool { unsafe host.pointee.cancelled(job) != 0 }

    var timeLeft: Duration { unsafe .milliseconds(max(host.pointee.time_left_ms(job), 0)) }

    var wallTime: Duration { unsafe .nanoseconds(host.pointee.wall_ns(job)) }

    var uptime: Duration { unsafe .nanoseconds(host.pointee.mono_ns(job)) }

    var payload: [UInt8] { unsafe HostText.copy { unsafe host.pointee.payload_json(job, $0, $1) } }

    /// The host has no waiting of its own: its clock is asked again after each wait of the system's.
    func sleep(until uptime: Duration) async throws {
        try await SystemWait.sleep(until: uptime) { self.uptime }
    }

    func scratchDirectory() throws(HandlerError) -> String {
        let path = unsafe HostText.copy { unsafe host.pointee.scratch_directory(job, $0, $1) }
        guard !path.isEmpty else { throw HostStatus.staleHandle }
        return String(decoding: path, as: UTF8.self)
    }

    func openInput(_ name: String) throws(HandlerError) -> (any InputSource)? {
        var stream: OpaquePointer?
        let status = unsafe HostText.with(name) { unsafe host.pointee.open_input(job, $0, &stream) }
        if status == JH_E_NOT_FOUND { return nil }
        guard status == JH_OK, let stream = unsafe stream else {
            throw HostStatus.inputFailure(status, name: name)
        }
        return unsafe HostInput(host: host, stream: stream, name: name)
    }

    func openOutput(_ name: String, contentType: String) throws(HandlerError) -> any OutputSink {
        var stream: OpaquePointer?
        let status = unsafe HostText.with(name) { name in
            unsafe HostText.with(contentType) { unsafe host.pointee.open_output(job, name, $0, &stream) }
        }
        guard status == JH_OK, let stream = unsafe stream else {
            throw HostStatus.outputFailure(status, name: name)
        }
        return unsafe HostOutput(host: host, stream: stream, name: name)
    }

    func progress(_ fraction: Double, note: String) {
        _ = unsafe HostText.with(HostText.clipped(note, to: Int(JH_MAX_LOG_BYTES))) {
            unsafe host.pointee.progress(job, fraction, $0)
        }
    }

    func log(_ level: JobLogLevel, _ message: String, fields: [String: String]) {
        unsafe HostText.with(fields) { list, count in
            unsafe HostText.with(HostText.clipped(message, to: Int(JH_MAX_LOG_BYTES))) { text in
                _ = unsafe host.pointee.log(job, level.rawValue, text, list, count)
            }
        }
    }

    func randomWord() -> UInt64 {
        var word: UInt64 = 0
        _ = unsafe host.pointee.random(job, &word, 8)
        return word
    }

    // MARK: - Members that a host of this version may be too old for

    func saveCheckpoint(_ bytes: [UInt8]) throws(HandlerError) {
        try unsafe require(\.checkpoint_put, "checkpoints")
        let status = unsafe bytes.withUnsafeBytes {
            unsafe host.pointee.checkpoint_put(job, $0.baseAddress, UInt64($0.count))
        }
        guard status == JH_OK else { throw HostStatus.checkpointFailure(status) }
    }

    func loadCheckpoint() throws(HandlerError) -> [UInt8]? {
        try unsafe require(\.checkpoint_get, "checkpoints")
        switch unsafe HostText.bytes({ unsafe host.pointee.checkpoint_get(job, $0, $1) }) {
        case .success(let bytes): return bytes
        case .failure(let refusal) where refusal.status == JH_E_NOT_FOUND: return nil
        case .failure(let refusal): throw HostStatus.checkpointFailure(refusal.status)
        }
    }

    func setValue(_ bytes: [UInt8]?, forKey key: String) throws(HandlerError) {
        try unsafe require(\.kv_put, "stored values")
        let status = unsafe (bytes ?? []).withUnsafeBytes { value in
            // No address at all is the sign for "remove".
            let base = unsafe value.isEmpty ? nil : value.baseAddress
            return unsafe HostText.with(key) {
                unsafe host.pointee.kv_put(job, $0, base, UInt64(value.count))
            }
        }
        guard status == JH_OK || (status == JH_E_NOT_FOUND && bytes?.isEmpty ?? true) else {
            throw HostStatus.storeFailure(status, key: key)
        }
    }

    func value(forKey key: String) throws(HandlerError) -> [UInt8]? {
        try unsafe require(\.kv_get, "stored values")
        let pulled = unsafe HostText.with(key) { key in
            unsafe HostText.bytes { unsafe host.pointee.kv_get(job, key, $0, $1) }
        }
        switch pulled {
        case .success(let bytes): return bytes
        case .failure(let refusal) where refusal.status == JH_E_NOT_FOUND: return nil
        case .failure(let refusal): throw HostStatus.storeFailure(refusal.status, key: key)
        }
    }

    func record(_ kind: JobMetricKind, _ name: String, _ value: Double, labels: [String: String]) {
        guard unsafe HostTable(pointer: host).has(\.metric) else {
            return refuse(name, "this runner has no metrics")
        }
        let status = unsafe HostText.with(labels) { list, count in
            unsafe HostText.with(name) {
                unsafe host.pointee.metric(job, kind.rawValue, $0, value, list, count)
            }
        }
        guard status != JH_OK else { return }
        refuse(name, status == JH_E_LIMIT ? "too many names or label values" : "host code \(status)")
    }

    private func refuse(_ metric: String, _ reason: String) {
        log(.warning, "a metric was not taken", fields: ["metric": metric, "reason": reason])
    }

    private func require<Member>(_ member: KeyPath<jh_host, Member>, _ feature: String)
        throws(HandlerError)
    {
        guard unsafe HostTable(pointer: host).has(member) else {
            throw unsafe HostStatus.hostTooOld(feature, host: host)
        }
    }
}
