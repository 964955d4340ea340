/// Which pages of other origins a browser may let at a bucket, in both directions.
package struct S3CORSConfiguration: S3Document {
    /// One rule; the first that fits a request decides.
    package struct Rule: Sendable, Hashable {
        /// The rule's name.
        package var id: String?
        /// Origins, each with one `*` at most.
        package var allowedOrigins: [String]
        /// Methods in capitals.
        package var allowedMethods: [String]
        /// Headers that a page may send, each with one `*` at most.
        package var allowedHeaders: [String]
        /// Headers that a page may read.
        package var exposedHeaders: [String]
        /// How long a browser may remember the answer.
        package var maxAgeSeconds: Int?

        /// Makes a rule.
        package init(
            id: String? = nil, allowedOrigins: [String], allowedMethods: [String], allowedHeaders: [String] = [],
            exposedHeaders: [String] = [], maxAgeSeconds: Int? = nil
        ) {
            self.id = id
            self.allowedOrigins = allowedOrigins
            self.allowedMethods = allowedMethods
            self.allowedHeaders = allowedHeaders
            self.exposedHeaders = exposedHeaders
            self.maxAgeSeconds = maxAgeSeconds
        }
    }

    /// The rules in order, 1...100.
    package var rules: [Rule]

    /// Makes a configuration.
    package init(rules: [Rule]) { self.rules = rules }

    /// Reads a `<CORSConfiguration>` document.
    package init(xml: XMLElement) throws(S3CodecError) {
        try xml.requireRoot("CORSConfiguration")
        rules = []
        for entry in xml.all("CORSRule") {
            var rule = Rule(
                id: entry["ID"]?.text, allowedOrigins: entry.all("AllowedOrigin").map(\.text),
                allowedMethods: entry.all("AllowedMethod").map(\.text),
                allowedHeaders: entry.all("AllowedHeader").map(\.text),
                exposedHeaders: entry.all("ExposeHeader").map(\.text))
            if entry["MaxAgeSeconds"] != nil { rule.maxAgeSeconds = Int(try entry.requiredInteger("MaxAgeSeconds")) }
            rules.append(rule)
        }
    }

    /// The `<CORSConfiguration>` document.
    package var xml: XMLElement {
        let entries = rules.map { rule in
            XMLElement(
                "CORSRule",
                [.optional("ID", rule.id)] + rule.allowedHeaders.map { XMLElement("AllowedHeader", $0) }
                    + rule.allowedMethods.map { XMLElement("AllowedMethod", $0) }
                    + rule.allowedOrigins.map { XMLElement("AllowedOrigin", $0) }
                    + rule.exposedHeaders.map { XMLElement("ExposeHeader", $0) }
                    + [.optional("MaxAgeSeconds", rule.maxAgeSeconds.map { String($0) })])
        }
        return XMLElement("CORSConfiguration", entries)
    }
}
