public import PureJSON

/// A kind of work: takes a job's parameters and inputs, gives a result and outputs.
///
/// One instance serves many runs, one after the other. A whole handler:
/// ```swift
/// struct RowCount: JobHandler {
///     struct Payload: Decodable { var limit: Int? }
///     struct Result: Encodable { var rows: Int }
///     static let name = "row-count"
///     static let version = "1.0.0"
///     init(config: JSONValue) throws(HandlerError) {}
///     func run(_ payload: Payload, _ job: Job) async throws -> Result {
///         let csv = try job.input("csv")
///         var rows = 0
///         while let block = try csv.nextBlock() { rows += block.count { $0 == 10 } }
///         return Result(rows: rows)
///     }
/// }
/// ```
public protocol JobHandler: Sendable {
    /// The job's parameters; one that does not decode ends the run as invalid input, with the place.
    associatedtype Payload: Decodable
    /// What the job's record keeps; at most 1 MiB as JSON.
    associatedtype Result: Encodable

    /// The name in the manifest.
    static var name: String { get }
    /// The version in the manifest.
    static var version: String { get }

    /// Makes the handler once per process.
    ///
    /// - Parameter config: an object that fits the manifest's config schema, and the member `handlerDirectory`, the
    ///   absolute path of the manifest's folder.
    /// - Throws: ``HandlerError`` when it cannot work with this configuration.
    init(config: JSONValue) throws(HandlerError)

    /// Does one job.
    ///
    /// Outputs are kept only when it returns. A thrown ``HandlerError`` decides what happens to the job; any other
    /// error is a permanent fault. May block.
    ///
    /// - Parameters:
    ///   - payload: the job's parameters.
    ///   - job: inputs, outputs, progress, log and cancellation of this run.
    /// - Returns: the result.
    /// - Throws: ``HandlerError`` to decide what happens to the job; anything else is a permanent fault.
    func run(_ payload: Payload, _ job: Job) async throws -> Result
}
