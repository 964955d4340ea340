import HandlerSDK

/// A range of probability that a team treats alike.
enum RiskTier: String, Sendable, CaseIterable {
    case low, medium, high, critical
}

/// Where the tiers start, in millionths of probability.
struct RiskTiers: Sendable, Hashable {
    let medium: Int
    let high: Int
    let critical: Int

    /// The model's thresholds, changed by the job's parameters; a capacity moves `high` so that at most that many
    /// customers reach it.
    ///
    /// - Throws: `HandlerError.invalidInput` when the thresholds do not increase.
    init(
        _ model: BundleDocument.Tiers, _ options: ScoringOptions, _ histogram: ProbabilityHistogram
    ) throws(HandlerError) {
        let chosen = (options.medium ?? model.medium, options.high ?? model.high, options.critical ?? model.critical)
        guard chosen.0 <= chosen.1, chosen.1 <= chosen.2 else {
            throw ScoringOptions.invalid(
                "tiers", "expected medium <= high <= critical, found \(chosen.0), \(chosen.1), \(chosen.2)")
        }
        var limits = [chosen.0, chosen.1, chosen.2].map(ProbabilityHistogram.millionths)
        if let capacity = options.capacity {
            let high = histogram.threshold(reachedByAtMost: capacity)
            limits = [min(limits[0], high), high, max(limits[2], high)]
        }
        (medium, high, critical) = (limits[0], limits[1], limits[2])
    }

    /// The tier of a probability in millionths.
    func tier(_ millionths: Int) -> RiskTier {
        millionths >= critical ? .critical : millionths >= high ? .high : millionths >= medium ? .medium : .low
    }

    /// The probability in millionths from which a tier starts.
    func start(of tier: RiskTier) -> Int {
        switch tier {
        case .low: 0
        case .medium: medium
        case .high: high
        case .critical: critical
        }
    }
}
