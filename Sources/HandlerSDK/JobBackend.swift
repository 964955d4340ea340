/// What stands behind a ``Job``: the host's function table, or memory in tests.
protocol JobBackend: Sendable {
    var jobID: String { get }
    var attempt: Int { get }
    var isCancelled: Bool { get }
    var timeLeft: Duration { get }
    var wallTime: Duration { get }
    var uptime: Duration { get }

    /// Returns when `uptime` has reached the place, or throws when the task is cancelled before.
    func sleep(until uptime: Duration) async throws
    func scratchDirectory() throws(HandlerError) -> String
    func openInput(_ name: String) throws(HandlerError) -> (any InputSource)?
    func openOutput(_ name: String, contentType: String) throws(HandlerError) -> any OutputSink
    func progress(_ fraction: Double, note: String)
    func log(_ level: JobLogLevel, _ message: String, fields: [String: String])
    func randomWord() -> UInt64
    func saveCheckpoint(_ bytes: [UInt8]) throws(HandlerError)
    func loadCheckpoint() throws(HandlerError) -> [UInt8]?
    func setValue(_ bytes: [UInt8]?, forKey key: String) throws(HandlerError)
    func value(forKey key: String) throws(HandlerError) -> [UInt8]?
    func record(_ kind: JobMetricKind, _ name: String, _ value: Double, labels: [String: String])
}

/// The bytes behind a ``JobInput``.
protocol InputSource {
    var size: Int { get }

    /// Reads at least one byte unless the buffer is empty; 0 is the end.
    func read(into buffer: UnsafeMutableRawBufferPointer) throws(HandlerError) -> Int
    func seek(to offset: Int) throws(HandlerError)
    func close()
}

/// The file behind a ``JobOutput``.
protocol OutputSink {
    /// Takes all bytes.
    func write(_ bytes: UnsafeRawBufferPointer) throws(HandlerError)
    func close() throws(HandlerError)
}
