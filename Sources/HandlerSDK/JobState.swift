import PureJSON

/// What a run leaves behind for the next attempt at the same job.
///
/// A process that dies, or a machine that goes away, then costs the work since the last checkpoint only. One
/// checkpoint is kept per job and major version of the handler, until the job has ended for good.
///
/// ```swift
/// var done = try job.checkpoint.load(Progress.self) ?? Progress()
/// while try step(&done) { try job.checkpoint.save(done) }
/// ```
///
/// Outputs of the attempt before are gone: what they need belongs into the checkpoint.
public struct JobCheckpoint: Sendable {
    let backend: any JobBackend

    /// Replaces the checkpoint; it is on disk when this returns.
    ///
    /// - Parameter bytes: anything; at most the manifest's `limits.checkpointBytes`.
    /// - Throws: ``HandlerError/resource(limit:message:)`` above that limit, and then the old checkpoint stays;
    ///   ``HandlerError/cancelled`` when the job belongs to another attempt by now;
    ///   ``HandlerError/failed(code:message:)`` with code `host-too-old` where the runner has no checkpoints.
    public func save(_ bytes: [UInt8]) throws(HandlerError) { try backend.saveCheckpoint(bytes) }

    /// Replaces the checkpoint by a value in its JSON form.
    ///
    /// - Parameter value: the value.
    /// - Throws: as ``save(_:)-([UInt8])``; ``HandlerError/failed(code:message:)`` with code `checkpoint-invalid`
    ///   for a value that has no JSON form.
    public func save(_ value: some Encodable) throws(HandlerError) {
        try backend.saveCheckpoint(JobStateText.encode(value, "checkpoint"))
    }

    /// The bytes that the last attempt saved.
    ///
    /// - Returns: the bytes; `nil` when there are none.
    /// - Throws: ``HandlerError/failed(code:message:)`` with code `host-too-old` where the runner has no checkpoints.
    public func load() throws(HandlerError) -> [UInt8]? { try backend.loadCheckpoint() }

    /// The value that the last attempt saved.
    ///
    /// - Parameter type: the value's type.
    /// - Returns: the value; `nil` when there is none.
    /// - Throws: as ``load()``; ``HandlerError/failed(code:message:)`` with code `checkpoint-invalid` for bytes that
    ///   are no such value.
    public func load<Value: Decodable>(_ type: Value.Type = Value.self) throws(HandlerError) -> Value? {
        guard let bytes = try backend.loadCheckpoint() else { return nil }
        return try JobStateText.decode(bytes, "checkpoint")
    }
}

/// Small values that outlive jobs, for caches; one set of keys per handler.
///
/// Results belong into outputs: what stands here may be gone at the next run.
public struct JobStore: Sendable {
    let backend: any JobBackend

    /// The value of a key.
    ///
    /// - Parameter key: 1 to 255 bytes.
    /// - Returns: the value; `nil` when there is none.
    /// - Throws: ``HandlerError/failed(code:message:)`` with code `host-too-old` where the runner keeps no values, or
    ///   `key-invalid`.
    public func bytes(_ key: String) throws(HandlerError) -> [UInt8]? {
        try backend.value(forKey: key)
    }

    /// Keeps a value under a key.
    ///
    /// - Parameters:
    ///   - bytes: the value; `nil` or no byte at all removes the key.
    ///   - key: 1 to 255 bytes.
    /// - Throws: ``HandlerError/resource(limit:message:)`` when all values together would be above the manifest's
    ///   `limits.kvBytes`; ``HandlerError/failed(code:message:)`` as ``bytes(_:)``.
    public func set(_ bytes: [UInt8]?, for key: String) throws(HandlerError) {
        try backend.setValue(bytes, forKey: key)
    }

    /// The value of a key, from its JSON form.
    ///
    /// - Parameters:
    ///   - key: 1 to 255 bytes.
    ///   - type: the value's type.
    /// - Returns: the value; `nil` when there is none.
    /// - Throws: as ``bytes(_:)``; ``HandlerError/failed(code:message:)`` with code `value-invalid` for bytes that are
    ///   no such value.
    public func value<Value: Decodable>(_ key: String, as type: Value.Type = Value.self)
        throws(HandlerError) -> Value?
    {
        guard let bytes = try backend.value(forKey: key) else { return nil }
        return try JobStateText.decode(bytes, "value")
    }

    /// Keeps a value under a key, in its JSON form.
    ///
    /// - Parameters:
    ///   - value: the value.
    ///   - key: 1 to 255 bytes.
    /// - Throws: as ``set(_:for:)``; ``HandlerError/failed(code:message:)`` with code `value-invalid` for a value that
    ///   has no JSON form.
    public func setValue(_ value: some Encodable, for key: String) throws(HandlerError) {
        try backend.setValue(JobStateText.encode(value, "value"), forKey: key)
    }
}

/// The JSON form of checkpoints and stored values.
private enum JobStateText {
    static func encode(_ value: some Encodable, _ what: String) throws(HandlerError) -> [UInt8] {
        do {
            return Array(try JSONValue(encoding: value).serialized().utf8)
        } catch {
            throw .failed(code: "\(what)-invalid", message: "the \(what) has no JSON form: \(error)")
        }
    }

    static func decode<Value: Decodable>(_ bytes: [UInt8], _ what: String) throws(HandlerError)
        -> Value
    {
        do {
            return try JSONValue(parsing: bytes).decode(Value.self)
        } catch {
            throw .failed(code: "\(what)-invalid", message: "the \(what) does not fit: \(error)")
        }
    }
}
