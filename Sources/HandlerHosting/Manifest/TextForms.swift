/// The forms of texts in manifests; the same as the patterns of the published schema.
enum TextForms {
    static func isLabel(_ text: String) -> Bool {
        let parts = text.split(separator: "-", omittingEmptySubsequences: false)
        return text.utf8.count <= 63 && text.utf8.first.map(isLower) ?? false
            && parts.allSatisfy { part in !part.isEmpty && part.utf8.allSatisfy { isLower($0) || isDigit($0) } }
    }

    static func isVersion(_ text: String) -> Bool {
        let core = text.split(separator: "-", maxSplits: 1, omittingEmptySubsequences: false)
        let numbers = core[0].split(separator: ".", omittingEmptySubsequences: false)
        return numbers.count == 3 && numbers.allSatisfy { !$0.isEmpty && $0.utf8.allSatisfy(isDigit) }
            && (core.count == 1
                || !core[1].isEmpty && core[1].utf8.allSatisfy { isAlphanumeric($0) || [0x2D, 0x2E].contains($0) })
    }

    /// A file below the folder that the path is relative to.
    static func isRelativePath(_ text: String) -> Bool {
        !text.isEmpty && !text.hasPrefix("/") && hasNoControl(text) && !text.split(separator: "/").contains("..")
    }

    static func isAbsolutePath(_ text: String) -> Bool {
        text.hasPrefix("/") && hasNoControl(text) && !text.split(separator: "/").contains("..")
    }

    /// The name of an input or output: also a file's name.
    static func isFileName(_ text: String) -> Bool {
        (1...128).contains(text.utf8.count) && !text.hasPrefix(".")
            && text.utf8.allSatisfy { isAlphanumeric($0) || [0x2D, 0x2E, 0x5F].contains($0) }
    }

    static func isKeyID(_ text: String) -> Bool {
        (1...64).contains(text.utf8.count)
            && text.utf8.allSatisfy { isAlphanumeric($0) || [0x2D, 0x2E, 0x5F].contains($0) }
    }

    /// An ABI extension, such as `jh.trace/1`.
    static func isExtensionID(_ text: String) -> Bool {
        let parts = text.split(separator: "/", omittingEmptySubsequences: false)
        guard parts.count == 2, parts[0].utf8.first.map(isLower) ?? false, !parts[1].isEmpty else { return false }
        return parts[0].utf8.allSatisfy { isLower($0) || isDigit($0) || [0x2D, 0x2E].contains($0) }
            && parts[1].utf8.allSatisfy(isDigit)
    }

    static func isVariable(_ text: String) -> Bool {
        text.utf8.first.map(isUpper) ?? false && text.utf8.count <= 128
            && text.utf8.allSatisfy { isUpper($0) || isDigit($0) || $0 == 0x5F }
    }

    /// Variables with credentials, or that change how programs load or what the runner does.
    static func isForbiddenVariable(_ text: String) -> Bool {
        ["AWS_", "LD_", "HEADRACE_"].contains { text.hasPrefix($0) }
    }

    static func isSecretName(_ text: String) -> Bool {
        (1...63).contains(text.utf8.count) && text.utf8.first.map(isLower) ?? false
            && text.utf8.allSatisfy { isLower($0) || isDigit($0) || $0 == 0x2D }
    }

    static func isMediaType(_ text: String) -> Bool {
        let parts = text.split(separator: "/", omittingEmptySubsequences: false)
        return parts.count == 2 && parts.allSatisfy { !$0.isEmpty }
            && text.unicodeScalars.allSatisfy { $0.value > 0x20 && $0.value < 0x7F }
    }

    /// RFC 6901, at least one segment.
    static func isPointer(_ text: String) -> Bool {
        guard text.hasPrefix("/"), hasNoControl(text) else { return false }
        let parts = text.split(separator: "~", omittingEmptySubsequences: false)
        return parts.dropFirst().allSatisfy { $0.hasPrefix("0") || $0.hasPrefix("1") }
    }

    /// The key of an output: `{bucket}` and `{job}` stand for the job's, and `{job}` is there.
    static func isOutputTemplate(_ text: String) -> Bool {
        var rest = text.replacing("{bucket}", with: "")
        guard rest.contains("{job}"), !text.hasPrefix("/"), hasNoControl(text) else { return false }
        rest.replace("{job}", with: "")
        return !rest.contains("{") && !rest.contains("}") && !text.split(separator: "/").contains("..")
    }

    static func isHomepage(_ text: String) -> Bool {
        guard let scheme = ["https://", "http://"].first(where: { text.hasPrefix($0) }) else { return false }
        return text.utf8.count > scheme.utf8.count
            && text.unicodeScalars.allSatisfy { $0.value > 0x20 && $0.value < 0x7F }
    }

    static func isSHA256(_ text: String) -> Bool {
        text.utf8.count == 64 && text.utf8.allSatisfy { isDigit($0) || (0x61...0x66).contains($0) }
    }

    private static func hasNoControl(_ text: String) -> Bool {
        text.unicodeScalars.allSatisfy { $0.value >= 0x20 && $0.value != 0x7F }
    }

    private static func isDigit(_ byte: UInt8) -> Bool { (0x30...0x39).contains(byte) }
    private static func isLower(_ byte: UInt8) -> Bool { (0x61...0x7A).contains(byte) }
    private static func isUpper(_ byte: UInt8) -> Bool { (0x41...0x5A).contains(byte) }
    private static func isAlphanumeric(_ byte: UInt8) -> Bool { isDigit(byte) || isLower(byte) || isUpper(byte) }
}
