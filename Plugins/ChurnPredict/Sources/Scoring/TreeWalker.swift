/// Trees of any depth, walked row by row: the same results as ``ShallowTrees``, more slowly.
struct TreeWalker: Sendable {
    let ensemble: TreeEnsemble
    let columnOfFeature: [Int]

    /// Fills `block.margins`, each the base margin plus the leaves in tree order, in float32.
    func score(_ block: FeatureBlock) {
        for row in 0..<block.count {
            var sum = ensemble.baseMargin
            for tree in ensemble.trees {
                var index = 0
                while !tree.nodes[index].isLeaf {
                    let node = tree.nodes[index]
                    let value = block[row, node.feature]
                    index = RegressionTree.goesLeft(value, at: node) ? node.left : node.right
                }
                sum += tree.nodes[index].threshold
            }
            unsafe block.margins[row] = sum
        }
    }

    /// Fills `block.margins` and `block.contributions`.
    func scoreAndExplain(_ block: FeatureBlock) {
        score(block)
        unsafe block.contributions.update(repeating: 0, count: block.columns * FeatureBlock.capacity)
        for row in 0..<block.count {
            for tree in ensemble.trees {
                let explainer = TreeShapley(tree: tree) { block[row, $0] }
                explainer.forEachContribution { feature, share in
                    let column = columnOfFeature[feature]
                    unsafe block.contributions[column * FeatureBlock.capacity + row] += share
                }
            }
        }
    }
}
