/// A shallow tree seen as a complete one: split `i` has the children `2i + 1` and `2i + 2`.
struct CompleteTree {
    /// The seven splits; nil where the tree already ended in a leaf.
    let splits: [RegressionTree.Node?]

    /// Lays out a tree of depth 3 at most.
    init(_ tree: RegressionTree) {
        var splits = [RegressionTree.Node?](repeating: nil, count: ShallowTrees.splits)
        var open = [(place: 0, node: 0)]
        while let (place, index) = open.popLast() {
            let node = tree.nodes[index]
            guard !node.isLeaf else { continue }
            splits[place] = node
            open.append((2 * place + 1, node.left))
            open.append((2 * place + 2, node.right))
        }
        self.splits = splits
    }

    /// The leaf that a row reaches whose decisions are the bits of `pattern` (bit `i` set: left at split `i`).
    static func leaf(of tree: RegressionTree, pattern: Int) -> Float {
        var place = 0
        var index = 0
        while !tree.nodes[index].isLeaf {
            let goesLeft = pattern >> place & 1 == 1
            index = goesLeft ? tree.nodes[index].left : tree.nodes[index].right
            place = 2 * place + (goesLeft ? 1 : 2)
        }
        return tree.nodes[index].threshold
    }
}
