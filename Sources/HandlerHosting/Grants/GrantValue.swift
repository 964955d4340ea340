package import JobCore

/// A value of a request, of a grant, or of what comes out of both.
package enum GrantValue: Sendable, Hashable {
    /// As much as there is: the top of every key.
    case unlimited
    /// Bytes or a count, by the key.
    case amount(Int64)
    case duration(Duration)
    case isolation(HandlerIsolation)
    case network(HandlerNetwork)
    /// Names of variables or secrets.
    case names([String])
    /// Absolute paths; each stands for all below it.
    case paths([String])
    /// Places in S3.
    case prefixes([ObjectPrefix])

    /// What both sides allow; values of one key are of one kind.
    func intersection(_ other: GrantValue) -> GrantValue {
        switch (self, other) {
        case (.unlimited, let value), (let value, .unlimited): value
        case (.amount(let left), .amount(let right)): .amount(min(left, right))
        case (.duration(let left), .duration(let right)): .duration(min(left, right))
        case (.isolation(let left), .isolation(let right)): .isolation(left.stricter(right))
        case (.network(let left), .network(let right)): .network(left == right ? left : .none)
        case (.names(let left), .names(let right)): .names(left.filter(right.contains))
        case (.paths(let left), .paths(let right)):
            .paths(Self.overlaps(left, right) { PathTree.intersection($0, $1) })
        case (.prefixes(let left), .prefixes(let right)):
            .prefixes(Self.overlaps(left, right) { $0.intersection($1) })
        case (.amount, _), (.duration, _), (.isolation, _), (.network, _), (.names, _), (.paths, _), (.prefixes, _):
            preconditionFailure("values of two kinds for one key")
        }
    }

    private static func overlaps<Element: Hashable>(
        _ left: [Element], _ right: [Element], _ overlap: (Element, Element) -> Element?
    ) -> [Element] {
        var found: [Element] = []
        for element in left {
            for other in right {
                if let common = overlap(element, other), !found.contains(common) { found.append(common) }
            }
        }
        return found
    }
}

/// Absolute paths as trees.
enum PathTree {
    /// The narrower of two paths when one lies in the other, segment by segment.
    static func intersection(_ left: String, _ right: String) -> String? {
        if isWithin(left, right) { return left }
        return isWithin(right, left) ? right : nil
    }

    private static func isWithin(_ path: String, _ tree: String) -> Bool {
        let inner = path.split(separator: "/")
        let outer = tree.split(separator: "/")
        return inner.starts(with: outer)
    }
}
