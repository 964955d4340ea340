import HandlerSDK

/// The parameters of a job as its submitter writes them; everything may be left out.
package struct ChurnPredictPayload: Decodable, Sendable {
    /// Where the risk tiers start, or how many customers can be contacted.
    package struct Tiers: Decodable, Sendable {
        var medium: Double?
        var high: Double?
        var critical: Double?
        var capacity: Int?
    }

    var model: String?
    var reasons: Int?
    var tiers: Tiers?
    var horizonMonths: Int?
    var saveRate: Double?
    var offerCost: Double?
    var missing: String?
    var unknownCategory: String?
    var passthrough: String?
    var outputs: [String]?
    var precision: String?
}

/// The parameters of a job, checked and complete.
struct ScoringOptions: Sendable, Hashable {
    /// Which columns of the input go into the output.
    enum Passthrough: String, Sendable { case all, id, none }

    static let scoresName = "scores.csv"
    static let summaryName = "summary.json"

    var model = "telco-v1"
    var reasons = 3
    var medium: Double?
    var high: Double?
    var critical: Double?
    /// The most customers that may be in the tiers `high` and `critical` together.
    var capacity: Int?
    var horizonMonths = 12
    /// The share of contacted customers who stay because of it.
    var saveRate = 0.3
    /// What one offer costs, in the currency of the charges.
    var offerCost = 20.0
    /// Whether a row with a blank or unreadable cell is rejected instead of scored and flagged.
    var rejectsMissing = false
    /// Whether a row with an unknown category is rejected instead of scored and flagged.
    var rejectsUnknown = false
    var passthrough = Passthrough.id
    var outputs: Set<String> = [scoresName, summaryName]
    /// Whether the output has unrounded probabilities, margins and contributions.
    var fullPrecision = false
}

extension ScoringOptions {
    /// Checks a payload and fills in what it leaves out.
    ///
    /// - Throws: `HandlerError.invalidInput` with code `params-invalid`.
    init(_ payload: ChurnPredictPayload) throws(HandlerError) {
        self.init()
        model = payload.model ?? model
        reasons = try Self.checked(payload.reasons ?? reasons, in: 0...5, "reasons")
        if let tiers = payload.tiers {
            medium = try tiers.medium.map { (value) throws(HandlerError) in try Self.share(value, "tiers.medium") }
            high = try tiers.high.map { (value) throws(HandlerError) in try Self.share(value, "tiers.high") }
            critical = try tiers.critical.map { (value) throws(HandlerError) in
                try Self.share(value, "tiers.critical")
            }
            capacity = try tiers.capacity.map { (value) throws(HandlerError) in
                try Self.checked(value, in: 0...4_000_000_000, "tiers.capacity")
            }
        }
        horizonMonths = try Self.checked(payload.horizonMonths ?? horizonMonths, in: 1...120, "horizonMonths")
        saveRate = try Self.checked(payload.saveRate ?? saveRate, in: 0...1, "saveRate")
        offerCost = try Self.checked(payload.offerCost ?? offerCost, in: 0...1e9, "offerCost")
        rejectsMissing = try Self.choice(payload.missing, ["nan", "reject"], "missing") == "reject"
        rejectsUnknown = try Self.choice(payload.unknownCategory, ["missing", "reject"], "unknownCategory") == "reject"
        let passed = try Self.choice(payload.passthrough, ["id", "all", "none"], "passthrough")
        passthrough = Passthrough(rawValue: passed) ?? .id
        fullPrecision = try Self.choice(payload.precision, ["rounded", "full"], "precision") == "full"
        if let names = payload.outputs {
            for name in names { _ = try Self.choice(name, [Self.scoresName, Self.summaryName], "outputs") }
            guard !names.isEmpty else { throw Self.invalid("outputs", "it is empty") }
            outputs = Set(names)
        }
    }

    private static func share(_ value: Double, _ name: String) throws(HandlerError) -> Double {
        guard value > 0, value < 1 else { throw invalid(name, "expected more than 0 and less than 1, found \(value)") }
        return value
    }

    private static func checked<Value: Comparable>(
        _ value: Value, in range: ClosedRange<Value>, _ name: String
    ) throws(HandlerError) -> Value {
        guard range.contains(value) else { throw invalid(name, "expected \(range), found \(value)") }
        return value
    }

    private static func choice(_ value: String?, _ known: [String], _ name: String) throws(HandlerError) -> String {
        let value = value ?? known[0]
        guard known.contains(value) else {
            throw invalid(name, "expected one of \(known.joined(separator: ", ")), found '\(value)'")
        }
        return value
    }

    static func invalid(_ name: String, _ reason: String) -> HandlerError {
        .invalidInput(code: "params-invalid", message: "parameter \(name): \(reason)", column: nil)
    }
}
