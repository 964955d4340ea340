import Glibc
import TabularData

/// What a retention manager wants to see of `scores.csv`: how many customers, and those at the highest risk.
///
/// Shape: UTF-8 CSV with a header, a record per customer, columns as `churn-predict` writes them.
struct ScoresFile: Sendable, Hashable {
    /// One customer.
    struct Customer: Sendable, Hashable {
        var id: String
        var probability: Double
        var tier: String
        var monthlyCharges: Double?
        var revenueAtRisk: Double?
        var reasons: [String]
        var action: String
    }

    /// Data rows in the file.
    private(set) var rows = 0
    /// The customers of the highest probability, highest first; equal ones in the file's order.
    private(set) var highest: [Customer] = []

    /// Reads a file, block by block.
    ///
    /// - Parameters:
    ///   - path: the file.
    ///   - limit: how many customers to keep.
    /// - Throws: when the file cannot be read or lacks a column.
    init(path: String, keeping limit: Int) throws(CommandFailure) {
        let descriptor = open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else {
            throw CommandFailure(.unreachable, "cannot read \(path): \(String(cString: strerror(errno)))")
        }
        defer { close(descriptor) }
        let reader = CSVReader()
        var columns: Columns?
        var block = [UInt8](repeating: 0, count: 256 << 10)
        do {
            while true {
                let count = block.withUnsafeMutableBytes { read(descriptor, $0.baseAddress, $0.count) }
                if count < 0 && errno == EINTR { continue }
                guard count > 0 else { break }
                try reader.feed(Array(block[..<count])) { try take($0, &columns, limit) }
            }
            try reader.finish { try take($0, &columns, limit) }
        } catch let failure as CommandFailure {
            throw failure
        } catch {
            throw CommandFailure(.jobFailed, "\(path) is not the table that churn-predict writes: \(error)")
        }
    }

    /// Where the columns are that are shown.
    private struct Columns {
        let id: Int
        let probability: Int
        let tier: Int
        let monthlyCharges: Int
        let revenueAtRisk: Int
        let action: Int
        let reasons: [Int]

        init(_ names: [String]) throws(CommandFailure) {
            func place(_ name: String) throws(CommandFailure) -> Int {
                guard let place = names.firstIndex(of: name) else {
                    throw CommandFailure(.jobFailed, "scores.csv has no column \(name)")
                }
                return place
            }
            id = try place("customerID")
            probability = try place("churn_probability")
            tier = try place("risk_tier")
            monthlyCharges = try place("monthly_charges")
            revenueAtRisk = try place("expected_revenue_at_risk")
            action = try place("recommended_action")
            reasons = names.indices.filter { names[$0].hasPrefix("reason_") }
        }
    }

    private mutating func take(
        _ record: borrowing CSVRecord, _ columns: inout Columns?, _ limit: Int
    ) throws(CommandFailure) {
        guard !record.isBlank else { return }
        guard let columns else {
            var names: [String] = []
            for place in 0..<record.count { names.append(record[place].string) }
            columns = try Columns(names)
            return
        }
        rows += 1
        guard let probability = record[columns.probability].decimal else { return }
        if highest.count >= limit, let last = highest.last, probability <= last.probability { return }
        var reasons: [String] = []
        for place in columns.reasons where !record[place].isEmpty { reasons.append(record[place].string) }
        let customer = Customer(
            id: record[columns.id].string, probability: probability, tier: record[columns.tier].string,
            monthlyCharges: record[columns.monthlyCharges].decimal,
            revenueAtRisk: record[columns.revenueAtRisk].decimal, reasons: reasons,
            action: record[columns.action].string)
        let place = highest.firstIndex { $0.probability < probability } ?? highest.count
        highest.insert(customer, at: place)
        if highest.count > limit { highest.removeLast() }
    }
}
