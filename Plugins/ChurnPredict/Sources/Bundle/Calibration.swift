import Glibc

/// The increasing function that turns a model's log-odds into the probability that is reported.
enum Calibration: Sendable, Hashable {
    /// `1 / (1 + exp(-(slope * margin + intercept)))`, slope above 0.
    case platt(slope: Double, intercept: Double)
    /// Straight lines between knots of margin and probability, both increasing; level outside the knots.
    case isotonic([Knot])

    /// A point of an isotonic calibration.
    struct Knot: Sendable, Hashable, Decodable {
        let margin: Double
        let probability: Double
    }

    /// The probability, 0...1, for a margin.
    func probability(_ margin: Double) -> Double {
        switch self {
        case .platt(let slope, let intercept):
            return 1 / (1 + exp(-(slope * margin + intercept)))
        case .isotonic(let knots):
            guard let after = knots.firstIndex(where: { $0.margin > margin }) else {
                return knots.last?.probability ?? 0
            }
            guard after > 0 else { return knots[0].probability }
            let (low, high) = (knots[after - 1], knots[after])
            let share = (margin - low.margin) / (high.margin - low.margin)
            return low.probability + share * (high.probability - low.probability)
        }
    }

    /// What keeps the function from being an increasing probability, or nil.
    var defect: String? {
        switch self {
        case .platt(let slope, let intercept):
            guard slope.isFinite, slope > 0, intercept.isFinite else { return "the calibration's slope is not above 0" }
        case .isotonic(let knots):
            guard knots.count >= 2 else { return "the calibration has fewer than two knots" }
            guard knots.allSatisfy({ (0...1).contains($0.probability) && $0.margin.isFinite }) else {
                return "the calibration leaves 0...1"
            }
            for (low, high) in zip(knots, knots.dropFirst())
            where high.margin <= low.margin || high.probability < low.probability {
                return "the calibration is not increasing"
            }
        }
        return nil
    }
}

extension Calibration: Decodable {
    private enum Key: String, CodingKey { case kind, slope, intercept, knots }

    init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: Key.self)
        switch try container.decode(String.self, forKey: .kind) {
        case "platt":
            self = .platt(
                slope: try container.decode(Double.self, forKey: .slope),
                intercept: try container.decode(Double.self, forKey: .intercept))
        case "isotonic":
            self = .isotonic(try container.decode([Knot].self, forKey: .knots))
        case let other:
            throw DecodingError.dataCorruptedError(
                forKey: .kind, in: container, debugDescription: "calibration '\(other)' is not known")
        }
    }
}
