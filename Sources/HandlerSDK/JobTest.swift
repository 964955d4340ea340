public import PureJSON

/// Runs a handler in memory, for unit tests: no runner, no host process, no files.
///
/// ```swift
/// let report = await JobTest.run(RowCount.self, ["limit": 3], inputs: ["csv": "a,b\n1,2\n"])
/// #expect(report.result == ["rows": 1])
/// ```
public enum JobTest {
    /// Runs a handler to its end.
    ///
    /// - Parameters:
    ///   - handler: the handler.
    ///   - payload: the job's parameters.
    ///   - inputs: input name to its bytes.
    ///   - conditions: what surrounds the run.
    /// - Returns: what it did.
    public static func run<H: JobHandler>(
        _ handler: H, _ payload: JSONValue = [:], inputs: [String: [UInt8]] = [:],
        conditions: Conditions = Conditions()
    ) async -> Report {
        let backend = MemoryBackend(inputs: inputs, conditions: conditions)
        // A task of its own: a cancellation of the run is none of the test.
        async let outcome = HandlerRun.execute(
            handler, payload: Array(payload.serialized().utf8), job: Job(backend: backend))
        return backend.report(await outcome)
    }

    /// Makes a handler and runs it to its end, with texts as inputs.
    ///
    /// - Parameters:
    ///   - type: the handler; one that cannot be made ends the run with its error.
    ///   - payload: the job's parameters.
    ///   - config: the handler's configuration.
    ///   - inputs: input name to its text.
    ///   - adjust: changes what surrounds the run: `{ $0.seed = 7 }`.
    /// - Returns: what it did.
    public static func run<H: JobHandler>(
        _ type: H.Type, _ payload: JSONValue = [:], config: JSONValue = [:],
        inputs: [String: String] = [:],
        _ adjust: (inout Conditions) -> Void = { _ in }
    ) async -> Report {
        var conditions = Conditions()
        adjust(&conditions)
        let handler: H
        do throws(HandlerError) {
            handler = try H(config: config)
        } catch {
            return MemoryBackend(inputs: [:], conditions: conditions).report(.failure(error))
        }
        return await run(
            handler, payload, inputs: inputs.mapValues { Array($0.utf8) }, conditions: conditions)
    }
}
