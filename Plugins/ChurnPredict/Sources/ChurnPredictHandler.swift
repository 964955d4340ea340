package import HandlerSDK
package import PureJSON
import Synchronization

/// What the job's record keeps of a run.
package struct ChurnPredictResult: Encodable, Sendable {
    /// Rows of the input, the header and blank lines left out.
    package let rows: Int
    /// Rows with a score.
    package let scored: Int
    /// Rows without one.
    package let rejected: Int
    /// The model that scored, `telco-v1@1.0.0`.
    package let model: String
    /// The digest of its trees.
    package let modelSHA256: String
    /// The mean churn probability.
    package let meanProbability: Double
    /// The sum over customers of probability x monthly charges x horizon.
    package let revenueAtRisk: Double
    /// Customers per tier.
    let tiers: JSONValue
    /// Columns whose values are far from the training data.
    package let driftAlerts: [String]
}

/// The handler `churn-predict`: scores customers with a model bundle and says why.
///
/// Shape: input `csv`, a table of one customer per row with a header; outputs `scores.csv` (a record per row, in order)
/// and `summary.json`. Memory stays below 64 MiB for any number of rows.
package struct ChurnPredictHandler: JobHandler {
    package typealias Payload = ChurnPredictPayload
    package typealias Result = ChurnPredictResult

    package static let name = "churn-predict"
    package static let version = "1.0.0"

    private let shelf: ModelShelf

    /// Finds the model folder and reads the default model.
    ///
    /// - Parameter config: `handlerDirectory`, given by the host, and `modelsDirectory`, absolute or below it, `models`
    ///   when left out.
    /// - Throws: `HandlerError.failed` when the default model cannot be used.
    package init(config: JSONValue) throws(HandlerError) {
        let home = config["handlerDirectory"]?.stringValue ?? "."
        let models = config["modelsDirectory"]?.stringValue ?? "models"
        shelf = ModelShelf(directory: BundleDirectory(path: models.hasPrefix("/") ? models : "\(home)/\(models)"))
        do {
            _ = try shelf.model(named: ScoringOptions().model)
        } catch {
            throw .failed(code: error.code, message: error.message)
        }
    }

    /// Scores the input `csv`.
    ///
    /// - Parameters:
    ///   - payload: the parameters.
    ///   - job: the run.
    /// - Returns: counts and the model's name.
    /// - Throws: `HandlerError`.
    package func run(_ payload: ChurnPredictPayload, _ job: Job) async throws -> ChurnPredictResult {
        let options = try ScoringOptions(payload)
        do {
            let model = try shelf.model(named: options.model)
            job.log.info("scoring", ["model": model.name])
            let result = try BatchScorer(model, options, job).run()
            job.log.info("scored", ["rows": "\(result.rows)", "rejected": "\(result.rejected)"])
            return result
        } catch let defect as BundleDefect {
            if case .notFound = defect {
                throw HandlerError.invalidInput(code: defect.code, message: defect.message, column: nil)
            }
            throw HandlerError.failed(code: defect.code, message: defect.message)
        }
    }
}

/// The models that were read so far, by name; each is checked once per process.
final class ModelShelf: Sendable {
    private let directory: BundleDirectory
    private let models = Mutex<[String: ModelBundle]>([:])

    init(directory: BundleDirectory) { self.directory = directory }

    /// The model that `name` means, read from its folder at the first use.
    func model(named name: String) throws(BundleDefect) -> ModelBundle {
        if let model = models.withLock({ $0[name] }) { return model }
        let model = try ModelBundle(folder: try directory.bundle(named: name))
        models.withLock { $0[name] = model }
        return model
    }
}
