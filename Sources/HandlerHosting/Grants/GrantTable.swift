/// Where something stands in a file.
package struct SourcePlace: Sendable, Hashable, CustomStringConvertible {
    package var file: String
    /// From 1.
    package var line: Int
    /// From 1.
    package var column: Int

    /// Makes a place.
    package init(file: String, line: Int, column: Int) {
        self.file = file
        self.line = line
        self.column = column
    }

    /// `file:line:column`.
    package var description: String { "\(file):\(line):\(column)" }
}

/// One side of a bargain: what a manifest asks for, or what an operator grants.
package struct GrantTerms: Sendable, Hashable {
    /// A value and where it stands.
    package struct Term: Sendable, Hashable {
        package var value: GrantValue
        package var place: SourcePlace

        /// Makes a term.
        package init(value: GrantValue, place: SourcePlace) {
            self.value = value
            self.place = place
        }
    }

    private var terms: [GrantKey: Term] = [:]

    /// Nothing said.
    package init() {}

    /// The term of a key; `nil` where the side is silent.
    package subscript(key: GrantKey) -> Term? {
        get { terms[key] }
        set { terms[key] = newValue }
    }

    /// These terms where the others are silent.
    func overridden(by others: GrantTerms) -> GrantTerms {
        var merged = self
        merged.terms.merge(others.terms) { _, other in other }
        return merged
    }
}

/// What a handler asks for, what it is granted and what comes out of both, key by key.
package struct GrantTable: Sendable, Hashable {
    /// One key.
    package struct Row: Sendable, Hashable {
        package var key: GrantKey
        package var requested: GrantValue
        /// `nil` for the default.
        package var requestedAt: SourcePlace?
        package var granted: GrantValue
        /// `nil` for the default.
        package var grantedAt: SourcePlace?
        /// What hosting enforces.
        package var effective: GrantValue
    }

    /// All keys, in the manual's order.
    package let rows: [Row]

    /// Puts both sides together.
    package init(request: GrantTerms, grant: GrantTerms) {
        rows = GrantKey.allCases.map { key in
            let requested = request[key]?.value ?? key.defaultRequest
            let granted = grant[key]?.value ?? key.defaultGrant
            return Row(
                key: key, requested: requested, requestedAt: request[key]?.place, granted: granted,
                grantedAt: grant[key]?.place, effective: requested.intersection(granted))
        }
    }

    func effective(_ key: GrantKey) -> GrantValue {
        rows.first { $0.key == key }?.effective ?? key.defaultRequest.intersection(key.defaultGrant)
    }
}
