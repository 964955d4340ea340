internal import AWSWire

/// What a bucket's rules say of a request from a page of another origin.
///
/// Source: S3 user guide, "How does Amazon S3 evaluate the CORS configuration on a bucket?".
struct CORSDecision: Sendable, Hashable {
    /// The rule that fits.
    let rule: S3CORSConfiguration.Rule
    /// The origin as the answer names it: the page's, or `*` where any is welcome.
    let origin: String

    /// `nil` when no rule fits.
    init?(_ configuration: S3CORSConfiguration, origin: String, method: String, headers: [String]) {
        let rule = configuration.rules.first { rule in
            rule.allowedMethods.contains(method)
                && rule.allowedOrigins.contains { Self.matches(origin, pattern: $0) }
                && headers.allSatisfy { header in
                    rule.allowedHeaders.contains { Self.matches(header.lowercased(), pattern: $0.lowercased()) }
                }
        }
        guard let rule else { return nil }
        self.rule = rule
        let fitting = rule.allowedOrigins.first { Self.matches(origin, pattern: $0) }
        self.origin = fitting == "*" ? "*" : origin
    }

    private static func matches(_ text: String, pattern: String) -> Bool {
        guard let star = pattern.firstIndex(of: "*") else { return text == pattern }
        let (head, tail) = (pattern[..<star], pattern[pattern.index(after: star)...])
        return text.utf8.count >= head.utf8.count + tail.utf8.count && text.hasPrefix(head) && text.hasSuffix(tail)
    }
}
