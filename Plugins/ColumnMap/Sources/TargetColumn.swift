/// One column of the schema that files are mapped to.
public struct TargetColumn: Sendable, Hashable {
    /// What a cell holds.
    public enum Kind: Sendable, Hashable {
        /// A name for the customer, different in every row.
        case identifier
        /// How long the customer has been one, in whole months.
        case months
        /// An amount of money for one month.
        case monthlyMoney
        /// An amount of money over all months.
        case totalMoney
        /// One of a few spellings.
        case choice(ValueDictionary)
    }

    /// The label.
    public let name: String
    /// What a cell holds.
    public let kind: Kind
    /// Labels that mean this column and hardly any other.
    public let aliases: [String]
    /// Labels that may mean this column and need values that agree.
    public let weakAliases: [String]
    /// Words that may stand beside an alias without changing its meaning.
    public let modifiers: Set<String>
    /// Whether a mapping must have the column by default.
    public let isRequired: Bool
}

/// A schema that files are mapped to.
public struct TargetSchema: Sendable, Hashable {
    /// The name by which a job asks for the schema.
    public let name: String
    /// The columns in the order in which they are written.
    public let columns: [TargetColumn]

    /// The schema with this name, or nil.
    public static func builtin(_ name: String) -> TargetSchema? { name == telco.name ? telco : nil }

    /// The index of the column with this label.
    public func index(of name: String) -> Int? { columns.firstIndex { $0.name == name } }

    /// Customers of a telephone and internet provider: 21 columns, `Churn` optional.
    ///
    /// Source: IBM Telco customer churn sample.
    public static let telco = TargetSchema(
        name: "telco-v1",
        columns: [
            column("customerID", .identifier), column("gender", .choice(.gender)),
            column("SeniorCitizen", .choice(.seniority)), column("Partner", .choice(.yesNo)),
            column("Dependents", .choice(.yesNo)), column("tenure", .months),
            column("PhoneService", .choice(.yesNo)), column("MultipleLines", .choice(.phoneOption)),
            column("InternetService", .choice(.internet)), column("OnlineSecurity", .choice(.internetOption)),
            column("OnlineBackup", .choice(.internetOption)), column("DeviceProtection", .choice(.internetOption)),
            column("TechSupport", .choice(.internetOption)), column("StreamingTV", .choice(.internetOption)),
            column("StreamingMovies", .choice(.internetOption)), column("Contract", .choice(.contract)),
            column("PaperlessBilling", .choice(.yesNo)), column("PaymentMethod", .choice(.payment)),
            column("MonthlyCharges", .monthlyMoney), column("TotalCharges", .totalMoney),
            column("Churn", .choice(.churn), isRequired: false),
        ])

    private static func column(
        _ name: String, _ kind: TargetColumn.Kind, isRequired: Bool = true
    ) -> TargetColumn {
        let words = telcoAliases[name] ?? Aliases(strong: "", weak: "", modifiers: "")
        return TargetColumn(
            name: name, kind: kind, aliases: words.list(words.strong), weakAliases: words.list(words.weak),
            modifiers: Set(words.list(words.modifiers)), isRequired: isRequired)
    }
}
