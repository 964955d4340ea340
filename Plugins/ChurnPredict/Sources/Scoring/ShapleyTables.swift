/// For each shallow tree, what each input column contributes under each of the 128 decision patterns.
///
/// The contributions are exact path-dependent Shapley values (TreeSHAP). A leaf's share depends only on which of its at
/// most three features follow the path, so the shares are computed once for each such subset when the model is loaded.
struct ShapleyTables: Sendable {
    /// Where each tree's columns start in `columns`; one more than there are trees.
    private var starts: [Int32] = [0]
    private var columns: [Int32] = []
    /// 128 per entry of `columns`, by pattern.
    private var values: [Float] = []

    /// A condition on the way to a leaf.
    private struct Condition {
        let feature: Int
        /// The split's bit in a pattern, and what it must be for the row to follow the path.
        let bit: Int
        let wanted: Int
        /// The share of training weight that follows.
        let share: Double
    }

    /// Adds the next tree, of depth 3 at most.
    mutating func append(_ tree: RegressionTree, columnOfFeature: [Int]) {
        var used: [Int] = []
        for node in tree.nodes where !node.isLeaf && !used.contains(columnOfFeature[node.feature]) {
            used.append(columnOfFeature[node.feature])
        }
        used.sort()
        var sums = [Double](repeating: 0, count: used.count * ShallowTrees.patterns)
        visit(tree, index: 0, place: 0, path: []) { path, value in
            Self.addLeaf(path, value, columnOfFeature: columnOfFeature, used: used, to: &sums)
        }
        columns += used.map(Int32.init)
        values += sums.map(Float.init)
        starts.append(Int32(columns.count))
    }

    /// Adds a tree's contributions for 64 rows, whose decision patterns are bytes at `patterns`.
    @inline(__always)
    func add(tree: Int, patterns: UnsafeRawPointer, to block: FeatureBlock) {
        unsafe values.withUnsafeBufferPointer { values in
            unsafe columns.withUnsafeBufferPointer { columns in
                for entry in Int(starts[tree])..<Int(starts[tree + 1]) {
                    let table = unsafe values.baseAddress.unsafelyUnwrapped + entry * ShallowTrees.patterns
                    let target = unsafe block.contributions + Int(columns[entry]) * FeatureBlock.capacity
                    for row in 0..<FeatureBlock.capacity {
                        let pattern = unsafe Int(patterns.load(fromByteOffset: row, as: UInt8.self))
                        unsafe target[row] += Double(table[pattern])
                    }
                }
            }
        }
    }

    private func visit(
        _ tree: RegressionTree, index: Int, place: Int, path: [Condition], _ leaf: ([Condition], Double) -> Void
    ) {
        let node = tree.nodes[index]
        guard !node.isLeaf else { return leaf(path, Double(node.threshold)) }
        let covers = (tree.nodes[node.left].cover, tree.nodes[node.right].cover)
        let total = covers.0 + covers.1
        let left = Condition(feature: node.feature, bit: place, wanted: 1, share: covers.0 / total)
        let right = Condition(feature: node.feature, bit: place, wanted: 0, share: covers.1 / total)
        visit(tree, index: node.left, place: 2 * place + 1, path: path + [left], leaf)
        visit(tree, index: node.right, place: 2 * place + 2, path: path + [right], leaf)
    }

    private static func addLeaf(
        _ path: [Condition], _ value: Double, columnOfFeature: [Int], used: [Int], to sums: inout [Double]
    ) {
        var features: [Int] = []
        for condition in path where !features.contains(condition.feature) { features.append(condition.feature) }
        guard !features.isEmpty else { return }
        let unknown = features.map { feature in
            path.filter { $0.feature == feature }.reduce(1) { $0 * $1.share }
        }
        let targets = features.map { used.firstIndex(of: columnOfFeature[$0]) ?? 0 }
        let owners = path.map { condition in features.firstIndex(of: condition.feature) ?? 0 }
        let shares = (0..<1 << features.count).flatMap { contributions(following: $0, unknown: unknown, value: value) }
        for pattern in 0..<ShallowTrees.patterns {
            var following = (1 << features.count) - 1
            for index in path.indices where pattern >> path[index].bit & 1 != path[index].wanted {
                following &= ~(1 << owners[index])
            }
            for index in targets.indices {
                sums[targets[index] * ShallowTrees.patterns + pattern] += shares[following * targets.count + index]
            }
        }
    }

    /// A leaf's Shapley value per feature on its path.
    ///
    /// - Parameters:
    ///   - following: the features (bits) whose conditions the row meets.
    ///   - unknown: per feature the share of training weight that meets its conditions.
    ///   - value: the leaf's value.
    /// - Returns: one contribution per feature.
    static func contributions(following: Int, unknown: [Double], value: Double) -> [Double] {
        let count = unknown.count
        let orders = factorial(count)
        return (0..<count).map { feature in
            let own = (following >> feature & 1 == 1 ? 1 : 0) - unknown[feature]
            var sum = 0.0
            for known in 0..<1 << count where known >> feature & 1 == 0 {
                let size = known.nonzeroBitCount
                var product = factorial(size) * factorial(count - size - 1) / orders
                for other in 0..<count where other != feature {
                    if known >> other & 1 == 0 {
                        product *= unknown[other]
                    } else if following >> other & 1 == 0 {
                        product = 0
                    }
                }
                sum += product
            }
            return sum * own * value
        }
    }

    private static func factorial(_ number: Int) -> Double {
        number < 2 ? 1 : (2...number).reduce(1.0) { $0 * Double($1) }
    }
}
