import PureJSON

/// Reads one tree of an XGBoost file and checks that it is a tree.
struct TreeReader {
    let number: Int
    let featureCount: Int
    let knownKeys: Set<String>

    private static let maximumDepth = 64

    /// The tree in its document of parallel lists, one element per node.
    func read(_ document: JSONObject) throws(BundleDefect) -> RegressionTree {
        for key in document.keys where !knownKeys.contains(key) { throw .unsupported("tree field '\(key)'") }
        let left = try numbers(document, "left_children")
        let count = left.count
        guard count > 0 else { throw damaged("it has no nodes") }
        guard (document["tree_param"]?["size_leaf_vector"]?.stringValue).map({ $0 == "0" || $0 == "1" }) ?? true else {
            throw .unsupported("leaves with several values")
        }
        let right = try numbers(document, "right_children", count: count)
        let features = try numbers(document, "split_indices", count: count)
        let limits = try numbers(document, "split_conditions", count: count)
        let covers = try numbers(document, "sum_hessian", count: count)
        let missingLeft = try numbers(document, "default_left", count: count)
        let kinds = try numbers(document, "split_type", count: count)
        guard !kinds.contains(where: { $0 != 0 }), document["categories"]?.arrayValue?.isEmpty ?? true else {
            throw .unsupported("categorical splits")
        }
        var nodes: [RegressionTree.Node] = []
        nodes.reserveCapacity(count)
        for index in 0..<count {
            nodes.append(
                RegressionTree.Node(
                    left: Int(left[index]), right: Int(right[index]), feature: Int(features[index]),
                    threshold: Float(limits[index]), missingGoesLeft: missingLeft[index] != 0, cover: covers[index]))
        }
        try check(nodes)
        return RegressionTree(nodes: nodes)
    }

    /// Every node that the root reaches is reached once, and holds finite numbers.
    private func check(_ nodes: [RegressionTree.Node]) throws(BundleDefect) {
        var seen = [Bool](repeating: false, count: nodes.count)
        var open = [(index: 0, depth: 0)]
        while let (index, depth) = open.popLast() {
            guard !seen[index] else { throw damaged("node \(index) has two parents") }
            guard depth <= Self.maximumDepth else { throw .unsupported("trees deeper than \(Self.maximumDepth)") }
            seen[index] = true
            let node = nodes[index]
            guard node.threshold.isFinite else { throw damaged("node \(index) has no finite value") }
            guard node.cover.isFinite, node.cover > 0 else { throw damaged("node \(index) has no cover") }
            guard !node.isLeaf else {
                guard node.left == -1, node.right == -1 else { throw damaged("node \(index) has one child") }
                continue
            }
            for child in [node.left, node.right] {
                guard nodes.indices.contains(child), child != 0 else {
                    throw damaged("node \(index) has no child \(child)")
                }
                open.append((child, depth + 1))
            }
            guard (0..<featureCount).contains(node.feature) else {
                throw damaged("node \(index) reads feature \(node.feature) of \(featureCount)")
            }
        }
    }

    private func numbers(
        _ document: JSONObject, _ name: String, count: Int? = nil
    ) throws(BundleDefect) -> [Double] {
        guard let list = document[name]?.arrayValue else { throw damaged("\(name) is not a list") }
        var result: [Double] = []
        result.reserveCapacity(list.count)
        for value in list {
            // Early releases wrote `default_left` as truth values.
            guard let number = value.doubleValue ?? value.boolValue.map({ $0 ? 1 : 0 }) else {
                throw damaged("\(name) holds something that is not a number")
            }
            // Int(_:) of a number outside this range would trap.
            guard name == "split_conditions" || name == "sum_hessian" || abs(number) < 2_147_483_648 else {
                throw damaged("\(name) holds \(number)")
            }
            result.append(number)
        }
        if let count, result.count != count { throw damaged("\(name) has \(result.count) values for \(count) nodes") }
        return result
    }

    private func damaged(_ reason: String) -> BundleDefect {
        .corrupt(file: "model.json", reason: "tree \(number): \(reason)")
    }
}
