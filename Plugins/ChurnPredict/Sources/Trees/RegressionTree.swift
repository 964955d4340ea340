/// One tree of an ensemble, its nodes in the order of the XGBoost file; node 0 is the root.
struct RegressionTree: Sendable, Hashable {
    /// A split or a leaf.
    struct Node: Sendable, Hashable {
        /// Index of the child for `x < threshold`, or -1 in a leaf.
        var left: Int
        /// Index of the other child, or -1 in a leaf.
        var right: Int
        /// Index of the feature that the split reads.
        var feature: Int
        /// The split's limit, or the leaf's value.
        var threshold: Float
        /// Whether a missing value goes left.
        var missingGoesLeft: Bool
        /// How much training weight reached the node (XGBoost's `sum_hessian`), above 0.
        var cover: Double

        var isLeaf: Bool { left < 0 }
    }

    let nodes: [Node]

    /// The longest way from the root to a leaf, in splits.
    var depth: Int { depth(below: 0) }

    private func depth(below index: Int) -> Int {
        let node = nodes[index]
        guard !node.isLeaf else { return 0 }
        return 1 + max(depth(below: node.left), depth(below: node.right))
    }

    /// Whether the split at `node` sends `value` left, missing values included.
    static func goesLeft(_ value: Float, at node: Node) -> Bool {
        value < node.threshold || (value.isNaN && node.missingGoesLeft)
    }

    /// The mean leaf value below a node, weighted by cover: what the tree says when it knows no feature.
    func meanValue(below index: Int = 0) -> Double {
        let node = nodes[index]
        guard !node.isLeaf else { return Double(node.threshold) }
        let left = nodes[node.left].cover
        let right = nodes[node.right].cover
        return (meanValue(below: node.left) * left + meanValue(below: node.right) * right) / (left + right)
    }
}

/// A gradient-boosted model for one probability: a base margin and trees whose leaves are added to it.
struct TreeEnsemble: Sendable, Hashable {
    /// The features in the order that the splits index.
    let featureNames: [String]
    /// The log-odds before any tree, as XGBoost derives it from `base_score`.
    let baseMargin: Float
    /// The trees in the order in which their leaves are added.
    let trees: [RegressionTree]

    /// The log-odds of a customer about whom nothing is known: base of the Shapley contributions.
    var expectedMargin: Double { trees.reduce(Double(baseMargin)) { $0 + $1.meanValue() } }
}
