import SampleData
import Testing

@testable import ChurnPredict

@Suite("Evaluation and contributions")
struct ShapleyTests {
    /// Random forests over eight features of four columns, and random rows with missing values.
    private struct Forest {
        let ensemble: TreeEnsemble
        let columns = [0, 0, 0, 1, 1, 2, 3, 3]
        var generator: SplitMix

        init(seed: UInt64, trees: Int, depth: Int) {
            var generator = SplitMix(state: seed)
            var made: [RegressionTree] = []
            for _ in 0..<trees {
                var nodes: [RegressionTree.Node] = []
                _ = Self.grow(&nodes, depth: depth, cover: 1_000, &generator)
                made.append(RegressionTree(nodes: nodes))
            }
            ensemble = TreeEnsemble(
                featureNames: (0..<8).map { "f\($0)" }, baseMargin: -1.25, trees: made)
            self.generator = generator
        }

        private static func grow(
            _ nodes: inout [RegressionTree.Node], depth: Int, cover: Double, _ generator: inout SplitMix
        ) -> Int {
            let index = nodes.count
            let value = Float(generator.below(2_000)) / 1_000 - 1
            nodes.append(
                RegressionTree.Node(
                    left: -1, right: -1, feature: generator.below(8), threshold: value,
                    missingGoesLeft: generator.below(2) == 0, cover: cover))
            guard depth > 0, generator.below(10) > 0 else { return index }
            let share = Double(1 + generator.below(9)) / 10
            let left = grow(&nodes, depth: depth - 1, cover: cover * share, &generator)
            let right = grow(&nodes, depth: depth - 1, cover: cover * (1 - share), &generator)
            nodes[index].left = left
            nodes[index].right = right
            return index
        }

        mutating func fill(_ block: FeatureBlock, rows: Int) {
            block.count = rows
            for row in 0..<rows {
                for feature in 0..<8 {
                    let isMissing = generator.below(5) == 0
                    block[row, feature] = isMissing ? .nan : Float(generator.below(2_000)) / 1_000 - 1
                }
            }
        }
    }

    @Test("The fast and the general evaluator agree to the last bit", arguments: 0..<20)
    func agreement(seed: UInt64) throws {
        var forest = Forest(seed: seed, trees: 60, depth: 3)
        let shallow = try #require(ShallowTrees(forest.ensemble, columnOfFeature: forest.columns))
        let walker = TreeWalker(ensemble: forest.ensemble, columnOfFeature: forest.columns)
        let block = FeatureBlock(width: 8, columns: 4, slots: shallow.slots.count)
        forest.fill(block, rows: 64)
        shallow.scoreAndExplain(block, baseMargin: forest.ensemble.baseMargin)
        let fast = (0..<64).map { row in (block.margin(row), (0..<4).map { block.contribution(row, column: $0) }) }
        walker.scoreAndExplain(block)
        for row in 0..<64 {
            #expect(fast[row].0.bitPattern == block.margin(row).bitPattern)
            for column in 0..<4 { #expect(abs(fast[row].1[column] - block.contribution(row, column: column)) < 1e-5) }
        }
    }

    @Test("Base and contributions add up to the margin, at any depth", arguments: [1, 2, 3, 5, 8])
    func additivity(depth: Int) throws {
        var forest = Forest(seed: 99, trees: 25, depth: depth)
        let walker = TreeWalker(ensemble: forest.ensemble, columnOfFeature: forest.columns)
        let block = FeatureBlock(width: 8, columns: 4, slots: 0)
        forest.fill(block, rows: 64)
        walker.scoreAndExplain(block)
        for row in 0..<64 {
            let sum = (0..<4).reduce(forest.ensemble.expectedMargin) { $0 + block.contribution(row, column: $1) }
            #expect(abs(sum - Double(block.margin(row))) < 1e-5)
        }
    }

    @Test("The contributions of a tree are the Shapley values of their definition", arguments: 0..<10)
    func definition(seed: UInt64) {
        var forest = Forest(seed: seed, trees: 1, depth: 4)
        let tree = forest.ensemble.trees[0]
        let block = FeatureBlock(width: 8, columns: 4, slots: 0)
        forest.fill(block, rows: 8)
        for row in 0..<8 {
            var found = [Double](repeating: 0, count: 8)
            TreeShapley(tree: tree) { block[row, $0] }.forEachContribution { found[$0] += $1 }
            for feature in 0..<8 {
                let expected = Self.shapley(feature, players: 8) { Self.value(tree, 0, block, row, known: $0) }
                #expect(abs(found[feature] - expected) < 1e-9)
            }
        }
    }

    /// The tree's value when only the features in `known` (bits) are known.
    private static func value(
        _ tree: RegressionTree, _ index: Int, _ block: FeatureBlock, _ row: Int, known: Int
    ) -> Double {
        let node = tree.nodes[index]
        guard !node.isLeaf else { return Double(node.threshold) }
        if known >> node.feature & 1 == 1 {
            let goesLeft = RegressionTree.goesLeft(block[row, node.feature], at: node)
            return value(tree, goesLeft ? node.left : node.right, block, row, known: known)
        }
        let covers = (tree.nodes[node.left].cover, tree.nodes[node.right].cover)
        let left = value(tree, node.left, block, row, known: known)
        let right = value(tree, node.right, block, row, known: known)
        return (left * covers.0 + right * covers.1) / (covers.0 + covers.1)
    }

    private static func shapley(_ player: Int, players: Int, _ worth: (Int) -> Double) -> Double {
        func factorial(_ number: Int) -> Double { number < 2 ? 1 : Double(number) * factorial(number - 1) }
        var sum = 0.0
        for others in 0..<1 << players where others >> player & 1 == 0 {
            let size = others.nonzeroBitCount
            let weight = factorial(size) * factorial(players - size - 1) / factorial(players)
            sum += weight * (worth(others | 1 << player) - worth(others))
        }
        return sum
    }

    @Test("A feature with more limits than fit one slot is evaluated right")
    func manyLimits() throws {
        var nodes: [RegressionTree] = []
        for place in 0..<400 {
            nodes.append(
                RegressionTree(nodes: [
                    .init(
                        left: 1, right: 2, feature: 0, threshold: Float(place), missingGoesLeft: place % 2 == 0,
                        cover: 2),
                    .init(left: -1, right: -1, feature: 0, threshold: 1, missingGoesLeft: false, cover: 1),
                    .init(left: -1, right: -1, feature: 0, threshold: 0, missingGoesLeft: false, cover: 1),
                ]))
        }
        let ensemble = TreeEnsemble(featureNames: ["x"], baseMargin: 0, trees: nodes)
        let shallow = try #require(ShallowTrees(ensemble, columnOfFeature: [0]))
        let block = FeatureBlock(width: 1, columns: 1, slots: shallow.slots.count)
        let values: [Float] = [-1, 0, 0.5, 126, 127, 128, 253.5, 254, 398, 399, 1e9, .infinity, -.infinity, .nan]
        block.count = values.count
        for (row, value) in values.enumerated() { block[row, 0] = value }
        shallow.score(block, baseMargin: 0)
        for (row, value) in values.enumerated() {
            let expected = value.isNaN ? 200 : Float((0..<400).filter { value < Float($0) }.count)
            #expect(block.margin(row) == expected)
        }
    }
}

/// Small repeatable random numbers.
struct SplitMix: RandomNumberGenerator {
    var state: UInt64

    mutating func next() -> UInt64 {
        state &+= 0x9e37_79b9_7f4a_7c15
        var word = state
        word = (word ^ word >> 30) &* 0xbf58_476d_1ce4_e5b9
        word = (word ^ word >> 27) &* 0x94d0_49bb_1331_11eb
        return word ^ word >> 31
    }

    mutating func below(_ limit: Int) -> Int { Int(next() % UInt64(limit)) }
}
