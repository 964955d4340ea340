/// What the columns of a table must hold.
public struct TableSchema: Sendable, Hashable {
    /// The rules of one column.
    public struct Column: Sendable, Hashable {
        /// What a cell must be.
        public enum Kind: Sendable, Hashable {
            /// Any text.
            case text
            /// One of a few spellings.
            case enumeration([String])
            /// A whole number within bounds.
            case integer(ClosedRange<Int64>)
            /// A decimal number within bounds.
            case decimal(ClosedRange<Double>)
        }

        /// The label in the header.
        public let name: String
        /// What a cell must be.
        public let kind: Kind
        /// Whether the column must be there.
        public let isRequired: Bool
        /// Whether no two rows may share a value.
        public let isUnique: Bool
        /// Whether values may identify a person and are masked in reports.
        public let isPersonal: Bool

        /// Creates the rules of one column.
        public init(
            _ name: String, _ kind: Kind, isRequired: Bool = true, isUnique: Bool = false, isPersonal: Bool = false
        ) {
            self.name = name
            self.kind = kind
            self.isRequired = isRequired
            self.isUnique = isUnique
            self.isPersonal = isPersonal
        }

        /// What a cell must be, in words.
        public var expectation: String {
            switch kind {
            case .text: "a text"
            case .enumeration(let values): values.joined(separator: " | ")
            case .integer(let range): "a whole number from \(range.lowerBound) to \(range.upperBound)"
            case .decimal(let range): "a number from \(range.lowerBound) to \(range.upperBound)"
            }
        }
    }

    /// The name by which a job asks for the schema.
    public let name: String
    /// The columns in their usual order.
    public let columns: [Column]

    /// The schema with this name, or nil.
    public static func builtin(_ name: String) -> TableSchema? { name == telco.name ? telco : nil }

    /// Customers of a telephone and internet provider: 21 columns, one row per customer, `Churn` optional.
    ///
    /// Money is in the currency's main unit, `tenure` in months. Source: IBM Telco customer churn sample.
    public static let telco: TableSchema = {
        let yesNo = Column.Kind.enumeration(["Yes", "No"])
        let service = Column.Kind.enumeration(["Yes", "No", "No internet service"])
        return TableSchema(
            name: "telco-v1",
            columns: [
                Column("customerID", .text, isUnique: true, isPersonal: true),
                Column("gender", .enumeration(["Female", "Male"])),
                Column("SeniorCitizen", .enumeration(["0", "1"])),
                Column("Partner", yesNo),
                Column("Dependents", yesNo),
                Column("tenure", .integer(0...120)),
                Column("PhoneService", yesNo),
                Column("MultipleLines", .enumeration(["Yes", "No", "No phone service"])),
                Column("InternetService", .enumeration(["DSL", "Fiber optic", "No"])),
                Column("OnlineSecurity", service),
                Column("OnlineBackup", service),
                Column("DeviceProtection", service),
                Column("TechSupport", service),
                Column("StreamingTV", service),
                Column("StreamingMovies", service),
                Column("Contract", .enumeration(["Month-to-month", "One year", "Two year"])),
                Column("PaperlessBilling", yesNo),
                Column(
                    "PaymentMethod",
                    .enumeration([
                        "Electronic check", "Mailed check", "Bank transfer (automatic)", "Credit card (automatic)",
                    ])),
                Column("MonthlyCharges", .decimal(0...10_000)),
                Column("TotalCharges", .decimal(0...1_000_000)),
                Column("Churn", yesNo, isRequired: false),
            ])
    }()
}
