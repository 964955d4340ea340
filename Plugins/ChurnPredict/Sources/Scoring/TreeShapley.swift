/// Exact path-dependent Shapley values of one tree and one row, for trees of any depth.
///
/// Source: Lundberg and others, "From local explanations to global understanding with explainable AI for trees",
/// algorithm 2. `weight` at place `i` holds the share of feature subsets of size `i` on the path.
struct TreeShapley {
    /// A feature on the path from the root.
    private struct Step {
        var feature: Int
        /// The share of training weight that follows the path when the feature is unknown.
        var unknown: Double
        /// 1 when the row follows the path, else 0.
        var known: Double
        var weight: Double
    }

    let tree: RegressionTree
    let value: (Int) -> Float

    /// Gives each feature's contribution, a feature possibly several times; the sum counts.
    func forEachContribution(_ body: (Int, Double) -> Void) {
        descend(0, path: [], unknown: 1, known: 1, feature: -1, body)
    }

    private func descend(
        _ index: Int, path: [Step], unknown: Double, known: Double, feature: Int, _ body: (Int, Double) -> Void
    ) {
        var path = path
        Self.extend(&path, unknown: unknown, known: known, feature: feature)
        let node = tree.nodes[index]
        guard !node.isLeaf else {
            for place in 1..<max(1, path.count) {
                var rest = path
                Self.unwind(&rest, place)
                let weight = rest.reduce(0) { $0 + $1.weight }
                let step = path[place]
                body(step.feature, weight * (step.known - step.unknown) * Double(node.threshold))
            }
            return
        }
        var before = (unknown: 1.0, known: 1.0)
        if let place = path.firstIndex(where: { $0.feature == node.feature }) {
            before = (path[place].unknown, path[place].known)
            Self.unwind(&path, place)
        }
        let goesLeft = RegressionTree.goesLeft(value(node.feature), at: node)
        let total = tree.nodes[node.left].cover + tree.nodes[node.right].cover
        for (child, follows) in [(node.left, goesLeft), (node.right, !goesLeft)] {
            descend(
                child, path: path, unknown: before.unknown * tree.nodes[child].cover / total,
                known: follows ? before.known : 0, feature: node.feature, body)
        }
    }

    private static func extend(_ path: inout [Step], unknown: Double, known: Double, feature: Int) {
        let last = path.count
        path.append(Step(feature: feature, unknown: unknown, known: known, weight: last == 0 ? 1 : 0))
        for place in stride(from: last - 1, through: 0, by: -1) {
            path[place + 1].weight += known * path[place].weight * Double(place + 1) / Double(last + 1)
            path[place].weight *= unknown * Double(last - place) / Double(last + 1)
        }
    }

    /// Takes the step at `place` out of the path, as if it had never been added.
    private static func unwind(_ path: inout [Step], _ place: Int) {
        let last = path.count - 1
        let removed = path[place]
        var carried = path[last].weight
        for index in stride(from: last - 1, through: 0, by: -1) {
            if removed.known != 0 {
                let weight = path[index].weight
                path[index].weight = carried * Double(last + 1) / (Double(index + 1) * removed.known)
                carried = weight - path[index].weight * removed.unknown * Double(last - index) / Double(last + 1)
            } else {
                path[index].weight *= Double(last + 1) / (removed.unknown * Double(last - index))
            }
        }
        for index in place..<last {
            let weight = path[index].weight
            path[index] = path[index + 1]
            path[index].weight = weight
        }
        path.removeLast()
    }
}
