import Testing

@testable import SampleData

@Suite("Made-up telecom customers")
struct TelcoSampleTests {
    private static let table = String(decoding: TelcoSample().bytes(), as: UTF8.self)
        .split(separator: "\n").map { $0.split(separator: ",", omittingEmptySubsequences: false).map(String.init) }
    private static let header = table[0]
    private static let customers = table.dropFirst()

    private static func column(_ name: String) -> Int { header.firstIndex(of: name) ?? -1 }

    @Test("The table has a header and 7,043 rows of 21 columns")
    func shape() {
        #expect(Self.table.count == 7_044)
        #expect(Self.table.allSatisfy { $0.count == 21 })
        #expect(Self.header == TelcoSample.columns)
    }

    @Test("Every identifier is given once")
    func identifiers() {
        #expect(Set(Self.customers.map { $0[0] }).count == 7_043)
    }

    @Test("The values are those of the original table", arguments: Self.allowed)
    func values(column: String, allowed: Set<String>) {
        let index = Self.column(column)
        #expect(Set(Self.customers.map { $0[index] }) == allowed)
    }

    private static let allowed: [(String, Set<String>)] = [
        ("gender", ["Female", "Male"]), ("SeniorCitizen", ["0", "1"]), ("Partner", ["No", "Yes"]),
        ("MultipleLines", ["No", "No phone service", "Yes"]),
        ("InternetService", ["DSL", "Fiber optic", "No"]), ("TechSupport", ["No", "No internet service", "Yes"]),
        ("Contract", ["Month-to-month", "One year", "Two year"]),
        (
            "PaymentMethod",
            ["Bank transfer (automatic)", "Credit card (automatic)", "Electronic check", "Mailed check"]
        ),
        ("Churn", ["No", "Yes"]),
    ]

    @Test("No internet service means none in every add-on")
    func addOns() {
        let internet = Self.column("InternetService")
        for customer in Self.customers {
            let none = customer[9...14].filter { $0 == "No internet service" }.count
            #expect(none == (customer[internet] == "No" ? 6 : 0))
        }
    }

    @Test("Total charges follow tenure and monthly charges, and are blank before the first bill")
    func charges() {
        var blanks = 0
        for customer in Self.customers {
            guard let tenure = Double(customer[5]), let monthly = Double(customer[18]) else {
                Issue.record("no numbers in \(customer)")
                continue
            }
            guard let total = Double(customer[19]) else {
                #expect(tenure == 0 && customer[19] == " ")
                blanks += 1
                continue
            }
            #expect(abs(total - tenure * monthly) <= 0.2 * tenure * monthly)
        }
        #expect((5...20).contains(blanks))
    }

    @Test("Between a quarter and three tenths of the customers leave")
    func churn() {
        let leaving = Self.customers.filter { $0[20] == "Yes" }.count
        #expect((1_760...2_110).contains(leaving))
    }

    @Test("A seed gives the same bytes on every machine")
    func stability() {
        #expect(Self.checksum(TelcoSample(rows: 1_000, seed: 7).bytes()) == 13330230687606494921)
        #expect(TelcoSample(rows: 50, seed: 7).bytes() != TelcoSample(rows: 50, seed: 8).bytes())
    }

    @Test("The pieces are small and together are the file")
    func pieces() {
        let sample = TelcoSample(rows: 3_000)
        var joined: [UInt8] = []
        sample.write { piece in
            #expect(piece.count < 80 << 10)
            joined += piece
        }
        #expect(joined == sample.bytes())
    }

    /// FNV-1a, 64 bits.
    private static func checksum(_ bytes: [UInt8]) -> UInt64 {
        bytes.reduce(0xcbf2_9ce4_8422_2325) { ($0 ^ UInt64($1)) &* 0x100_0000_01b3 }
    }
}
