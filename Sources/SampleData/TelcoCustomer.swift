/// One made-up customer.
struct TelcoCustomer {
    private enum Contract: String {
        case monthly = "Month-to-month"
        case oneYear = "One year"
        case twoYears = "Two year"
    }

    private enum Internet: String {
        case dsl = "DSL"
        case fiber = "Fiber optic"
        case none = "No"
    }

    private let identifier: [UInt8]
    private let isFemale: Bool
    private let isSenior: Bool
    private let hasPartner: Bool
    private let hasDependents: Bool
    private let contract: Contract
    private let tenure: Int
    private let hasPhone: Bool
    private let hasLines: Bool
    private let internet: Internet
    /// Security, backup, protection, support, television, movies.
    private let addOns: [Bool]
    private let isPaperless: Bool
    private let payment: String
    private let monthlyCents: Int
    /// Nil before the first bill.
    private let totalCents: Int?
    private var leaves: Bool

    init(row: Int, seed: UInt64, _ generator: inout SeededGenerator) {
        identifier = Self.identifier(row: row, seed: seed, digits: generator.below(10_000))
        isFemale = generator.happens(495)
        isSenior = generator.happens(162)
        hasPartner = generator.happens(483)
        hasDependents = generator.happens(hasPartner ? 520 : 80)
        contract = Self.drawContract(&generator)
        tenure = Self.drawTenure(contract, &generator)
        internet = Self.drawInternet(isSenior: isSenior, &generator)
        hasPhone = internet == .dsl ? generator.happens(718) : true
        hasLines = hasPhone && generator.happens(internet == .fiber ? 480 + tenure * 4 : 200 + tenure * 5)
        var addOns: [Bool] = []
        for base in [80, 160, 160, 90, 300, 300] {
            let commitment = contract == .monthly ? 0 : 160
            let chance = base + tenure * 5 + commitment
            let drawn = generator.happens(chance)
            addOns.append(internet != .none && drawn)
        }
        self.addOns = addOns
        isPaperless = generator.happens(internet == .fiber ? 770 : internet == .dsl ? 560 : 290)
        payment = Self.drawPayment(internet, contract, &generator)
        monthlyCents = Self.monthlyCents(internet, hasPhone, hasLines, addOns, noise: generator.bell())
        totalCents = tenure == 0 ? nil : Self.totalCents(monthlyCents, tenure, noise: generator.bell())
        leaves = false
        leaves = risk + generator.bell() * 17 / 10 > 0 && tenure > 0
    }

    /// The log-odds of leaving, in thousandths, before noise: the relation that is planted in the table.
    private var risk: Int {
        var score = -940
        switch contract {
        case .monthly: score += 550
        case .oneYear: score -= 550
        case .twoYears: score -= 1_500
        }
        switch internet {
        case .fiber: score += 800
        case .dsl: score -= 150
        case .none: score -= 900
        }
        score -= tenure * 33 - (tenure < 12 ? (12 - tenure) * 60 : 0)
        if payment == "Electronic check" { score += 400 }
        if isPaperless { score += 300 }
        if isSenior { score += 250 }
        if hasDependents { score -= 180 }
        if addOns[0] { score -= 400 }
        if addOns[3] { score -= 380 }
        if addOns[4] { score += 200 }
        if addOns[5] { score += 200 }
        if hasLines { score += 200 }
        return score
    }

    /// Appends the customer's record with its line end.
    func append(to bytes: inout [UInt8]) {
        let lines = hasPhone ? Self.word(hasLines) : "No phone service"
        let extras = addOns.map { internet == .none ? "No internet service" : Self.word($0) }
        bytes += identifier
        let texts =
            [
                isFemale ? "Female" : "Male", isSenior ? "1" : "0", Self.word(hasPartner), Self.word(hasDependents),
                String(tenure), Self.word(hasPhone), lines, internet.rawValue,
            ] + extras + [contract.rawValue, Self.word(isPaperless), payment, Self.money(monthlyCents)]
        for text in texts {
            bytes.append(UInt8(ascii: ","))
            bytes += text.utf8
        }
        bytes.append(UInt8(ascii: ","))
        bytes += (totalCents.map(Self.money) ?? " ").utf8
        bytes.append(UInt8(ascii: ","))
        bytes += Self.word(leaves).utf8
        bytes.append(0x0A)
    }

    /// Four digits, a dash and five letters; the letters number the rows, so no two are the same.
    private static func identifier(row: Int, seed: UInt64, digits: Int) -> [UInt8] {
        let count = 26 * 26 * 26 * 26 * 26
        // 7,654,321 has no factor in common with 26, so the product visits every remainder once.
        var place = (row * 7_654_321 + Int(seed % UInt64(count))) % count
        var result: [UInt8] = []
        for power in [1000, 100, 10, 1] { result.append(UInt8(48 + digits / power % 10)) }
        result.append(UInt8(ascii: "-"))
        for _ in 0..<5 {
            result.append(UInt8(65 + place % 26))
            place /= 26
        }
        return result
    }

    private static func drawContract(_ generator: inout SeededGenerator) -> Contract {
        switch generator.below(1000) {
        case ..<550: .monthly
        case ..<760: .oneYear
        default: .twoYears
        }
    }

    private static func drawTenure(_ contract: Contract, _ generator: inout SeededGenerator) -> Int {
        if contract != .monthly, generator.happens(4) { return 0 }
        switch contract {
        case .monthly:
            // The smaller of three draws: many new customers, few old ones.
            if generator.happens(120) { return 1 }
            return 1 + min(generator.below(72), min(generator.below(72), generator.below(140)))
        case .oneYear: return min(72, max(1, 42 + generator.bell() * 20 / 1000))
        case .twoYears: return min(72, max(1, 59 + generator.bell() * 19 / 1000))
        }
    }

    private static func drawInternet(isSenior: Bool, _ generator: inout SeededGenerator) -> Internet {
        let draw = generator.below(1000)
        if isSenior { return draw < 700 ? .fiber : draw < 950 ? .dsl : .none }
        return draw < 390 ? .fiber : draw < 750 ? .dsl : .none
    }

    private static func drawPayment(
        _ internet: Internet, _ contract: Contract, _ generator: inout SeededGenerator
    ) -> String {
        let electronic = internet == .fiber ? 520 : internet == .dsl ? 270 : 80
        let mailed = internet == .none ? 490 : 190
        let draw = generator.below(1000)
        let shift = contract == .monthly ? 0 : 120
        if draw < electronic - shift / 2 { return "Electronic check" }
        if draw < electronic + mailed - shift { return "Mailed check" }
        return generator.happens(500) ? "Bank transfer (automatic)" : "Credit card (automatic)"
    }

    private static func monthlyCents(
        _ internet: Internet, _ hasPhone: Bool, _ hasLines: Bool, _ addOns: [Bool], noise: Int
    ) -> Int {
        var cents = internet == .fiber ? 5_000 : internet == .dsl ? 2_500 : 0
        if hasPhone { cents += 2_000 }
        if hasLines { cents += 500 }
        for (place, isBooked) in addOns.enumerated() where isBooked { cents += place < 4 ? 500 : 1_000 }
        return (max(1_825, cents + noise * 60 / 1000) + 2) / 5 * 5
    }

    private static func totalCents(_ monthly: Int, _ tenure: Int, noise: Int) -> Int {
        guard tenure > 1 else { return monthly }
        // Prices changed over the years: a few percent either way.
        let total = monthly * tenure
        return max(monthly, (total + total / 1000 * noise * 25 / 1000) / 5 * 5)
    }

    private static func word(_ answer: Bool) -> String { answer ? "Yes" : "No" }

    /// Cents as the original writes money: no zeros at the end.
    private static func money(_ cents: Int) -> String {
        let whole = cents / 100
        let rest = cents % 100
        if rest == 0 { return String(whole) }
        if rest % 10 == 0 { return "\(whole).\(rest / 10)" }
        return "\(whole).\(rest < 10 ? "0" : "")\(rest)"
    }
}
