/// The name of one job, chosen by whoever submits it; the idempotency key.
///
/// 1 to 128 of `A-Z a-z 0-9 . _ : -`, without `..`.
package struct JobID: Sendable, Hashable, Comparable, CustomStringConvertible {
    /// The text as submitted.
    package let rawValue: String

    /// Makes an identifier when the text follows the rule.
    package init?(_ text: String) {
        let allowed = text.utf8.allSatisfy { $0.isASCIIAlphanumeric || [0x2E, 0x5F, 0x3A, 0x2D].contains($0) }
        guard (1...128).contains(text.utf8.count), allowed, !text.contains("..") else { return nil }
        rawValue = text
    }

    /// The text as submitted.
    package var description: String { rawValue }

    /// Orders by the bytes of the text.
    package static func < (left: JobID, right: JobID) -> Bool { left.rawValue < right.rawValue }
}

/// The fencing token of a job: raised by one at each claim, so that a stale owner's writes are refused.
package typealias Epoch = Int64

/// The name of one runner process, unique per start.
package struct RunnerID: Sendable, Hashable, CustomStringConvertible {
    /// The text shown in logs and stored with leases.
    package let rawValue: String

    /// Takes any non-empty text.
    package init(_ text: String) { rawValue = text }

    /// The text shown in logs.
    package var description: String { rawValue }
}

/// The customer on whose behalf a job runs: 1 to 64 of `A-Z a-z 0-9 _ -`.
package struct Tenant: Sendable, Hashable, CustomStringConvertible {
    /// The text as submitted.
    package let rawValue: String

    /// Makes a tenant when the text follows the rule.
    package init?(_ text: String) {
        let allowed = text.utf8.allSatisfy { $0.isASCIIAlphanumeric || $0 == 0x5F || $0 == 0x2D }
        guard (1...64).contains(text.utf8.count), allowed else { return nil }
        rawValue = text
    }

    /// The text as submitted.
    package var description: String { rawValue }
}

/// How urgent a job is beside others of the same queue.
package enum Priority: String, Sendable, Hashable, CaseIterable {
    case low, normal, high
}

extension UInt8 {
    var isASCIIAlphanumeric: Bool {
        (0x30...0x39).contains(self) || (0x41...0x5A).contains(self) || (0x61...0x7A).contains(self)
    }
}
