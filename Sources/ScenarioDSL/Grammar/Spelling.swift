/// A spelling that texts must have.
package enum Spelling: String, Sendable, CaseIterable {
    case name
    case duration
    case signedDuration
    case size
    case share
    case rate
    case ordinals
    case durationRange
    case numberRange
    case jobPattern
    case timestamp

    /// The pattern of the JSON Schema; the same as ``fits(_:)``.
    package var pattern: String {
        let duration = "([0-9]{1,9}(\\.[0-9]{1,3})?(ms|s|m|h|d))+"
        let ordinal = "[1-9][0-9]{0,8}(\\.\\.[1-9][0-9]{0,8})?"
        return switch self {
        case .name: "^[A-Za-z_][A-Za-z0-9_-]{0,62}$"
        case .duration: "^\(duration)$"
        case .signedDuration: "^[+-]?\(duration)$"
        case .size: "^[0-9]{1,9}(B|KiB|MiB|GiB)$"
        case .share: "^(100|[0-9]{1,2}(\\.[0-9]{1,6})?)%$"
        case .rate: "^[0-9]{1,9}(\\.[0-9]{1,3})?/(s|m|h)$"
        case .ordinals: "^\(ordinal)(,\(ordinal))*$"
        case .durationRange: "^[+-]?\(duration)\\.\\.[+-]?\(duration)$"
        case .numberRange: "^-?[0-9]{1,9}(\\.[0-9]{1,6})?\\.\\.-?[0-9]{1,9}(\\.[0-9]{1,6})?$"
        case .jobPattern: "^[A-Za-z0-9._:*-]{1,128}$"
        case .timestamp: "^[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}Z$"
        }
    }

    /// What is expected, as messages say it.
    package var expectation: String {
        switch self {
        case .name: "a name of letters, digits, _ and -, at most 63"
        case .duration: "a duration such as 500ms, 30s, 2m or 1h30m"
        case .signedDuration: "a duration with a sign, such as +10m or -500ms"
        case .size: "a size such as 512B, 64KiB or 4GiB"
        case .share: "a share such as 50%"
        case .rate: "a rate such as 20/s or 5/m"
        case .ordinals: "numbers from 1 such as \"2\", \"2..4\" or \"1,4\""
        case .durationRange: "two durations such as -10m..+10m"
        case .numberRange: "two numbers such as 0.9..1.1"
        case .jobPattern: "a job's name, with * for any characters"
        case .timestamp: "a time such as 2026-01-01T00:00:00Z"
        }
    }

    /// A text that has the spelling.
    package var example: String {
        switch self {
        case .name: "r1"
        case .duration: "30s"
        case .signedDuration: "-10m"
        case .size: "64KiB"
        case .share: "50%"
        case .rate: "20/s"
        case .ordinals: "1,4..6"
        case .durationRange: "-10m..+10m"
        case .numberRange: "0.9..1.1"
        case .jobPattern: "bad-*"
        case .timestamp: "2026-01-01T00:00:00Z"
        }
    }

    /// Whether a text has the spelling.
    package func fits(_ text: String) -> Bool {
        var reader = SpellingReader(text)
        switch self {
        case .name: return reader.isName
        case .duration: return reader.duration() != nil && reader.isAtEnd
        case .signedDuration: return reader.signedDuration() != nil && reader.isAtEnd
        case .size: return Quantity.size(text) != nil
        case .share: return Quantity.share(text) != nil
        case .rate: return Quantity.rate(text) != nil
        case .ordinals: return Quantity.ordinals(text) != nil
        case .durationRange: return Quantity.durationRange(text) != nil
        case .numberRange: return Quantity.numberRange(text) != nil
        case .jobPattern: return reader.isJobPattern
        case .timestamp: return reader.isTimestamp
        }
    }
}
