import Testing

@testable import ScenarioDSL

@Suite("Spellings")
struct SpellingTests {
    @Test("Quantities are read with their units")
    func quantities() {
        #expect(Quantity.duration("1h30m") == .seconds(5_400))
        #expect(Quantity.duration("1.5s") == .milliseconds(1_500))
        #expect(Quantity.duration("2d") == .seconds(172_800))
        #expect(Quantity.signedDuration("-10m") == .seconds(-600))
        #expect(Quantity.size("64KiB") == 65_536)
        #expect(Quantity.size("4GiB") == 4_294_967_296)
        #expect(Quantity.share("50%") == 0.5)
        #expect(Quantity.share("100%") == 1)
        #expect(Quantity.rate("30/m") == 0.5)
        #expect(Quantity.ordinals("2..4,7")?.map(\.first) == [2, 7])
        #expect(Quantity.durationRange("-10m..+10m")?.last == .seconds(600))
        #expect(Quantity.numberRange("0.9..1.1")?.first == 0.9)
    }

    @Test("What has no or a foreign unit, or too many digits, is refused")
    func refused() {
        for text in ["", "30", "s", "30 s", "1h 30m", "-3s", "1w", "1.s", "1.2345s", "1000000000s", "1e3s"] {
            #expect(Quantity.duration(text) == nil, "\(text)")
        }
        for text in ["10MB", "1.5KiB", "-1B", "KiB", "10"] { #expect(Quantity.size(text) == nil, "\(text)") }
        for text in ["101%", "100.5%", "-1%", "50", "%"] { #expect(Quantity.share(text) == nil, "\(text)") }
        for text in ["0", "1..", "..2", "1,,2", "01", "1-3"] { #expect(Quantity.ordinals(text) == nil, "\(text)") }
    }

    @Test("Durations are written as they are read")
    func written() {
        for text in ["0s", "500ms", "30s", "1h30m", "13d", "-10m"] {
            #expect(Quantity.signedDuration(text).map { Quantity.spelled($0) } == text)
        }
    }

    @Test(
        "The pattern of the schema and the reader agree on every text of a few characters", arguments: Spelling.allCases
    )
    func patterns(spelling: Spelling) throws {
        let pattern = try Regex(spelling.pattern).matchingSemantics(.unicodeScalar)
        #expect(spelling.fits(spelling.example))
        var random = SplitMix(seed: 7)
        let alphabet = Array("0159.,%/+-:_*smhdBKiMGTZaé ".unicodeScalars)
        for round in 0..<2_000 {
            var scalars = round.isMultiple(of: 2) ? Array(spelling.example.unicodeScalars) : []
            for _ in 0...random.below(4) {
                let scalar = alphabet[random.below(alphabet.count)]
                let place = random.below(scalars.count + 1)
                if place < scalars.count, random.below(2) == 0 {
                    scalars[place] = scalar
                } else {
                    scalars.insert(scalar, at: place)
                }
            }
            let text = String(String.UnicodeScalarView(scalars))
            #expect(spelling.fits(text) == (try pattern.wholeMatch(in: text) != nil), "\(spelling.rawValue): \(text)")
        }
    }

    @Test("Wildcards stand for any characters, none included")
    func wildcards() {
        #expect(Wildcard.fits("s3.GetObject", "s3.*"))
        #expect(Wildcard.fits("s3.GetObject", "*Object"))
        #expect(Wildcard.fits("bad-", "bad-*"))
        #expect(Wildcard.fits("aXbXc", "a*b*c"))
        #expect(!Wildcard.fits("aXbX", "a*b*c"))
        #expect(!Wildcard.fits("s3.GetObject", "sqs.*"))
        #expect(Wildcard.fits("", "*"))
        #expect(!Wildcard.fits("a", ""))
    }
}

/// Numbers that look random and are the same in every run (splitmix64).
struct SplitMix: RandomNumberGenerator {
    private var state: UInt64

    init(seed: UInt64) { state = seed }

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var mixed = state
        mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
        return mixed ^ (mixed >> 31)
    }

    /// A number from 0 to one less than the limit.
    mutating func below(_ limit: Int) -> Int { Int.random(in: 0..<limit, using: &self) }
}
