import PureJSON

/// The part of a run that is the same behind the C interface and in a unit test.
enum HandlerRun {
    /// Decodes the payload, runs the handler, and encodes the result or sorts the error.
    static func execute<H: JobHandler>(
        _ handler: H, payload: [UInt8], job: Job
    ) async -> Result<JSONValue, HandlerError> {
        let decoded: H.Payload
        do throws(HandlerError) {
            decoded = try decode(payload)
        } catch {
            return .failure(error)
        }
        do {
            return .success(try JSONValue(encoding: try await handler.run(decoded, job)))
        } catch let error as HandlerError {
            return .failure(error)
        } catch is CancellationError {
            return .failure(.cancelled)
        } catch let error as JSONEncodingFailure {
            return .failure(
                .failed(code: "result-not-json", message: "the result has no JSON form: \(error)"))
        } catch {
            return .failure(.failed(code: "handler-error", message: "\(error)"))
        }
    }

    private static func decode<P: Decodable>(_ bytes: [UInt8]) throws(HandlerError) -> P {
        let value: JSONValue
        do {
            value = try JSONValue(parsing: bytes)
        } catch {
            throw .invalidInput(code: "payload-invalid", message: "the parameters are \(error)")
        }
        do {
            return try value.decode(P.self)
        } catch {
            throw .invalidInput(
                code: "payload-invalid", message: "the parameters do not fit \(error)",
                column: error.path.isEmpty ? nil : error.path,
                details: [
                    "pointer": .string(error.path), "expected": .string(error.expected),
                    "found": .string(error.found),
                ])
        }
    }
}
