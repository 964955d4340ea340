import TabularData
import Testing

@testable import ColumnMap

/// Headers from many walks of life, written for these tests; `-` marks a column that must be left alone.
private let headers: [(String, [(String, String, [String])])] = [
    (
        "telco, extended",
        [
            ("Customer ID", "customerID", ["8779-QRDMV", "7495-OOKFY", "1658-BYGOY"]),
            ("Age", "-", ["78", "74", "71"]),
            ("Under 30", "-", ["No", "No", "Yes"]), ("Married", "Partner", ["No", "Yes", "No"]),
            ("Number of Referrals", "-", ["0", "1", "0"]), ("Tenure in Months", "tenure", ["1", "8", "18"]),
            ("Offer", "-", ["None", "Offer E", "Offer D"]), ("Avg Monthly GB Download", "-", ["8", "17", "52"]),
            ("Avg Monthly Long Distance Charges", "-", ["0", "48.85", "11.33"]),
            ("Premium Tech Support", "TechSupport", ["No", "No", "No"]),
            ("Device Protection Plan", "DeviceProtection", ["No", "No", "Yes"]),
            ("Streaming Music", "-", ["No", "No", "Yes"]),
            ("Unlimited Data", "-", ["No", "Yes", "Yes"]),
            ("Monthly Charge", "MonthlyCharges", ["39.65", "80.65", "95.45"]),
            ("Total Charges", "TotalCharges", ["39.65", "633.3", "1752.55"]),
            ("Total Refunds", "-", ["0", "0", "45.61"]),
            ("Total Extra Data Charges", "-", ["20", "0", "0"]),
            ("Total Long Distance Charges", "-", ["0", "390.8", "203.94"]),
            ("Satisfaction Score", "-", ["3", "3", "2"]),
            ("Churn Label", "Churn", ["Yes", "Yes", "No"]), ("Churn Score", "-", ["91", "69", "81"]),
            ("CLTV", "-", ["5433", "5302", "3179"]), ("Churn Category", "-", ["Competitor", "Competitor", ""]),
            ("Churn Reason", "-", ["Better offer", "Better devices", ""]),
            ("City", "-", ["Los Angeles", "Inglewood", "Whittier"]),
            ("Zip Code", "-", ["90022", "90063", "90065"]),
        ]
    ),
    (
        "bank",
        [
            ("RowNumber", "-", ["1", "2", "3"]), ("CustomerId", "customerID", ["15634602", "15647311", "15619304"]),
            ("Surname", "-", ["Hargrave", "Hill", "Onio"]), ("CreditScore", "-", ["619", "608", "502"]),
            ("Geography", "-", ["France", "Spain", "France"]), ("Gender", "gender", ["Female", "Male", "Female"]),
            ("Tenure", "tenure", ["2", "1", "8"]), ("Balance", "-", ["0", "83807.86", "159660.8"]),
            ("NumOfProducts", "-", ["1", "1", "3"]), ("HasCrCard", "-", ["1", "0", "1"]),
            ("EstimatedSalary", "-", ["101348.88", "112542.58", "113931.57"]), ("Exited", "Churn", ["1", "0", "1"]),
        ]
    ),
    (
        "subscriptions",
        [
            ("CustomerID", "customerID", ["2", "3", "4"]), ("Support Calls", "-", ["5", "10", "6"]),
            ("Payment Delay", "-", ["18", "8", "27"]), ("Usage Frequency", "-", ["14", "1", "21"]),
            ("Contract Length", "Contract", ["Annual", "Monthly", "Annual"]),
            ("Total Spend", "TotalCharges", ["932", "557", "185"]),
            ("Last Interaction", "-", ["17", "6", "3"]), ("Churn", "Churn", ["1", "1", "0"]),
        ]
    ),
    (
        "German",
        [
            ("Kundennummer", "customerID", ["K-1", "K-2", "K-3"]),
            ("Geschlecht", "gender", ["weiblich", "männlich", "weiblich"]),
            ("Vertragsart", "Contract", ["monatlich", "1 Jahr", "2 Jahre"]),
            ("Zahlungsart", "PaymentMethod", ["Lastschrift", "Kreditkarte", "Überweisung"]),
            ("Monatliche Gebühr", "MonthlyCharges", ["29,85", "56,95", "53,85"]),
            ("Gesamtkosten", "TotalCharges", ["29,85", "1889,50", "108,15"]),
            ("Gekündigt", "Churn", ["nein", "nein", "ja"]), ("Kündigungsgrund", "-", ["", "", "Preis"]),
            ("Technischer Support", "TechSupport", ["nein", "ja", "nein"]),
            ("Postleitzahl", "-", ["10115", "20095", "80331"]),
        ]
    ),
    (
        "abbreviated",
        [
            ("cust_no", "customerID", ["A1", "A2", "A3"]), ("gndr", "gender", ["F", "M", "F"]),
            ("sr_ctzn_flg", "SeniorCitizen", ["0", "1", "0"]),
            ("mths_in_svc", "tenure", ["1", "34", "2"]),
            ("tot_chrg_amt", "TotalCharges", ["29.85", "1889.5", "108.15"]),
            ("mthly_chg", "MonthlyCharges", ["29.85", "56.95", "53.85"]),
            ("inet_svc_typ", "InternetService", ["DSL", "Fiber", "No"]),
            ("pmt_mthd", "PaymentMethod", ["Electronic check", "Mailed check", "Mailed check"]),
            ("onln_sec", "OnlineSecurity", ["No", "Yes", "No"]),
            ("tech_supp_ind", "TechSupport", ["N", "N", "Y"]), ("strm_tv_ind", "StreamingTV", ["N", "Y", "N"]),
            ("churn_ind", "Churn", ["N", "N", "Y"]),
            ("churn_prob", "-", ["0.1", "0.2", "0.9"]), ("pred_churn", "-", ["N", "N", "Y"]),
        ]
    ),
    (
        "typing errors",
        [
            ("custmer_id", "customerID", ["1", "2", "3"]), ("tenur", "tenure", ["1", "34", "2"]),
            ("MonthyCharges", "MonthlyCharges", ["29.85", "56.95", "53.85"]),
            ("TotalChages", "TotalCharges", ["29.85", "1889.5", "108.15"]),
            ("PaymnetMethod", "PaymentMethod", ["Mailed check", "Mailed check", "Electronic check"]),
            ("InternetServce", "InternetService", ["DSL", "DSL", "No"]),
            ("Depenedents", "Dependents", ["No", "Yes", "No"]),
            ("paperlessbiling", "PaperlessBilling", ["Yes", "No", "Yes"]),
        ]
    ),
    (
        "software as a service",
        [
            ("account_id", "customerID", ["a1", "a2", "a3"]),
            ("email", "-", ["a@x.invalid", "b@x.invalid", "c@x.invalid"]),
            ("monthly_recurring_revenue", "MonthlyCharges", ["99", "49", "149"]),
            ("lifetime_revenue", "TotalCharges", ["990", "98", "3576"]),
            ("billing_cycle", "Contract", ["monthly", "annual", "monthly"]),
            ("tenure_days", "tenure", ["300", "61", "720"]),
            ("monthly_active_users", "-", ["12", "3", "40"]), ("monthly_logins", "-", ["120", "31", "400"]),
            ("last_payment_date", "-", ["2026-01-02", "2026-01-03", "2026-01-04"]),
            ("churn_risk_score", "-", ["12", "80", "5"]),
            ("is_churned", "Churn", ["false", "true", "false"]), ("support_ticket_count", "-", ["1", "2", "3"]),
            ("signup_date", "-", ["2025-01-02", "2025-11-03", "2024-01-04"]),
            ("internet_speed_mbps", "-", ["100", "50", "200"]),
        ]
    ),
    (
        "Romance languages",
        [
            ("ID do Cliente", "customerID", ["1", "2", "3"]),
            ("Sexo", "gender", ["Feminino", "Masculino", "Feminino"]),
            ("Antigüedad (meses)", "tenure", ["1", "34", "2"]),
            ("Type de contrat", "Contract", ["Mensuel", "Un an", "Deux ans"]),
            ("Método de pago", "PaymentMethod", ["Tarjeta de crédito", "Transferencia bancaria", "Cheque"]),
            ("Frais mensuels", "MonthlyCharges", ["29.85", "56.95", "53.85"]),
            ("Importo totale", "TotalCharges", ["29.85", "1889.5", "108.15"]),
            ("Copia de seguridad en línea", "OnlineBackup", ["Sí", "No", "Sí"]),
            ("Seguridad en línea", "OnlineSecurity", ["Sí", "No", "No"]),
            ("Fecha de baja", "-", ["", "", "2026-01-01"]), ("Riesgo de abandono", "-", ["0.1", "0.5", "0.9"]),
        ]
    ),
]

@Suite("Foreign headers")
struct ForeignHeaderTests {
    private static func labelled() -> [LabelledFile] {
        headers.map { name, columns in
            var mapping: [String: String] = [:]
            for (label, target, _) in columns where target != "-" { mapping[target] = label }
            let rows = (0..<3).map { row in columns.map { $0.2[row] } }
            return LabelledFile(
                id: name, header: columns.map(\.0), rows: rows, mapping: mapping, acceptable: [:], ambiguous: [])
        }
    }

    @Test("Each kind of header is mapped without a wrong pair", arguments: labelled())
    func mapped(_ file: LabelledFile) throws {
        var score = Score()
        score.add(file, MappingProposer(schema: .telco).propose(try file.profile))
        #expect(score.wrong == [])
        #expect(score.missed == [])
    }

    @Test("Labels alone are enough for most", arguments: labelled())
    func withoutRows(_ file: LabelledFile) throws {
        let bare = LabelledFile(
            id: file.id, header: file.header, rows: [], mapping: file.mapping, acceptable: [:], ambiguous: [])
        var score = Score()
        score.add(bare, MappingProposer(schema: .telco).propose(try bare.profile))
        #expect(score.wrong == [])
        #expect(score.recall >= 0.8, "\(score.missed)")
    }
}
