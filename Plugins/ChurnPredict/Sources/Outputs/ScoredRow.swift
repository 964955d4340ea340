/// What is reported about one customer besides the reasons.
struct ScoredRow: Sendable {
    /// The calibrated probability, unrounded and in millionths.
    let probability: Double
    let millionths: Int
    let tier: RiskTier
    /// The money that the customer brings per month; nil when the file does not say.
    let monthlyRevenue: Double?
    /// Probability x monthly revenue x horizon.
    let revenueAtRisk: Double?
    /// What an offer is expected to save, its cost taken off.
    let benefit: Double?
    let action: String
    /// Whether the identifier stood on an earlier row.
    let isDuplicate: Bool
}
