/// Made-up telecom customers in the shape of the public IBM Telco churn table.
///
/// Shape: UTF-8 CSV, a header and `rows` records of 21 columns, LF line ends, the same value sets and the same inner
/// rules as the original: no internet service means none in all six add-ons, no phone service none in the lines,
/// TotalCharges is close to tenure x MonthlyCharges and blank for customers of no month yet (about 11 of 7,043).
/// Churn follows a planted relation with noise, about 27 % of customers. Equal seeds give equal bytes on every machine.
package struct TelcoSample: Sendable, Hashable {
    /// How many customers, at most 11,881,376.
    package let rows: Int
    /// What decides every value.
    package let seed: UInt64

    /// The header's names in order.
    package static let columns = [
        "customerID", "gender", "SeniorCitizen", "Partner", "Dependents", "tenure", "PhoneService", "MultipleLines",
        "InternetService", "OnlineSecurity", "OnlineBackup", "DeviceProtection", "TechSupport", "StreamingTV",
        "StreamingMovies", "Contract", "PaperlessBilling", "PaymentMethod", "MonthlyCharges", "TotalCharges", "Churn",
    ]

    /// Describes a table; nothing is made before ``write(to:)``.
    package init(rows: Int = 7043, seed: UInt64 = 2_026) {
        self.rows = min(max(rows, 0), 26 * 26 * 26 * 26 * 26)
        self.seed = seed
    }

    /// Makes the table piece by piece.
    ///
    /// - Parameter sink: receives pieces of about 64 KiB that together are the file.
    /// - Throws: what `sink` throws.
    package func write(to sink: ([UInt8]) throws -> Void) rethrows {
        var generator = SeededGenerator(seed: seed)
        var piece = Array(Self.columns.joined(separator: ",").utf8) + [0x0A]
        for row in 0..<rows {
            TelcoCustomer(row: row, seed: seed, &generator).append(to: &piece)
            guard piece.count >= 64 << 10 else { continue }
            try sink(piece)
            piece.removeAll(keepingCapacity: true)
        }
        if !piece.isEmpty { try sink(piece) }
    }

    /// The whole file at once; about 136 bytes per row.
    package func bytes() -> [UInt8] {
        var result: [UInt8] = []
        write { result += $0 }
        return result
    }
}
