/// Trees of at most three splits on the way to a leaf, evaluated 64 rows at a time without branches.
///
/// Every feature is replaced by its rank among the limits that the trees compare it with, which keeps each comparison's
/// outcome and fits seven bits. A tree is then seven subtractions for eight rows at once, one row per byte of a word:
/// bit 7 of `(limit | 0x80) - rank` tells whether the row goes left, and no byte borrows from the next. The seven
/// outcomes of a row form a pattern; tables of 128 entries give the leaf value and the Shapley contributions for it.
/// Sums run in tree order, row by row, so a row's result does not depend on its block.
struct ShallowTrees: Sendable {
    /// One feature as the trees see it: its limits, and which way a missing value goes.
    struct Slot: Sendable {
        let feature: Int
        let missingGoesLeft: Bool
        /// Distinct limits, increasing, at most 127; a feature with more has several slots.
        let limits: [Float]
    }

    /// Where a split looks.
    private struct Place: Sendable {
        let slot: Int
        /// A row goes left when its rank in the slot is at most this.
        let rank: Int
    }

    static let depth = 3
    static let splits = 7
    static let patterns = 128

    let slots: [Slot]
    let treeCount: Int
    /// Seven per tree: the slot that the split reads.
    private var splitSlots: [Int32] = []
    /// Seven per tree: the highest rank that goes left, with bit 7 set, in every byte.
    private var splitLimits: [UInt64] = []
    /// 128 per tree.
    private var leaves: [Float] = []
    private var explanations = ShapleyTables()

    /// Lays out `ensemble`, or returns nil when a tree is too deep.
    ///
    /// - Parameters:
    ///   - ensemble: the model.
    ///   - columnOfFeature: for each feature the input column that its contributions belong to.
    init?(_ ensemble: TreeEnsemble, columnOfFeature: [Int]) {
        guard ensemble.trees.allSatisfy({ $0.depth <= Self.depth }) else { return nil }
        let layout = Self.layOut(ensemble)
        slots = layout.slots
        treeCount = ensemble.trees.count
        for tree in ensemble.trees {
            for node in CompleteTree(tree).splits {
                // A split that the tree does not have may go either way: both hold the same leaf.
                let place = node.flatMap { layout.places[SplitKey($0)] } ?? Place(slot: 0, rank: 0)
                splitSlots.append(Int32(place.slot))
                splitLimits.append(UInt64(place.rank | 0x80) &* Self.everyByte)
            }
            for pattern in 0..<Self.patterns { leaves.append(CompleteTree.leaf(of: tree, pattern: pattern)) }
            explanations.append(tree, columnOfFeature: columnOfFeature)
        }
    }

    /// Fills `block.margins`, each the base margin plus the leaves in tree order, in float32.
    func score(_ block: FeatureBlock, baseMargin: Float) { evaluate(block, baseMargin: baseMargin, explaining: false) }

    /// Fills `block.margins` and `block.contributions`.
    func scoreAndExplain(_ block: FeatureBlock, baseMargin: Float) {
        evaluate(block, baseMargin: baseMargin, explaining: true)
    }

    private func evaluate(_ block: FeatureBlock, baseMargin: Float, explaining: Bool) {
        rank(block)
        unsafe block.margins.update(repeating: baseMargin, count: FeatureBlock.capacity)
        if explaining {
            unsafe block.contributions.update(repeating: 0, count: block.columns * FeatureBlock.capacity)
        }
        unsafe splitSlots.withUnsafeBufferPointer { slots in
            unsafe splitLimits.withUnsafeBufferPointer { limits in
                unsafe leaves.withUnsafeBufferPointer { leaves in
                    for tree in 0..<treeCount {
                        let first = tree * Self.splits
                        unsafe decide(
                            block, slots.baseAddress.unsafelyUnwrapped + first,
                            limits.baseAddress.unsafelyUnwrapped + first)
                        let patterns = unsafe UnsafeRawPointer(block.patterns)
                        let values = unsafe leaves.baseAddress.unsafelyUnwrapped + tree * Self.patterns
                        for row in 0..<FeatureBlock.capacity {
                            let pattern = unsafe Int(patterns.load(fromByteOffset: row, as: UInt8.self))
                            unsafe block.margins[row] += values[pattern]
                        }
                        if explaining { unsafe explanations.add(tree: tree, patterns: patterns, to: block) }
                    }
                }
            }
        }
    }

    /// Fills `block.patterns` with the decisions of every row in one tree, one bit per split.
    @inline(__always)
    private func decide(_ block: FeatureBlock, _ slots: UnsafePointer<Int32>, _ limits: UnsafePointer<UInt64>) {
        for word in 0..<FeatureBlock.words {
            var outcomes: UInt64 = 0
            for split in 0..<Self.splits {
                let ranks = unsafe block.ranks[Int(slots[split]) * FeatureBlock.words + word]
                let difference = unsafe limits[split] &- ranks
                outcomes = outcomes >> 1 | difference & (0x80 &* Self.everyByte)
            }
            unsafe block.patterns[word] = outcomes >> 1
        }
    }

    /// Replaces each feature by its rank: the number of limits at or below it.
    private func rank(_ block: FeatureBlock) {
        let ranks = unsafe UnsafeMutableRawPointer(block.ranks)
        for (index, slot) in slots.enumerated() {
            let values = unsafe block.features + slot.feature * FeatureBlock.capacity
            let target = unsafe ranks + index * FeatureBlock.capacity
            let missing: UInt8 = slot.missingGoesLeft ? 0 : 127
            if slot.limits.count == 1 {
                // Most features are 0 or 1 and have one limit.
                let limit = slot.limits[0]
                for row in 0..<FeatureBlock.capacity {
                    let value = unsafe values[row]
                    let byte: UInt8 = value >= limit ? 1 : value < limit ? 0 : missing
                    unsafe target.storeBytes(of: byte, toByteOffset: row, as: UInt8.self)
                }
                continue
            }
            unsafe slot.limits.withUnsafeBufferPointer { limits in
                for row in 0..<FeatureBlock.capacity {
                    let value = unsafe values[row]
                    let byte = value.isNaN ? missing : unsafe Self.rank(of: value, in: limits)
                    unsafe target.storeBytes(of: byte, toByteOffset: row, as: UInt8.self)
                }
            }
        }
    }

    /// How many of the limits, which increase, are at or below a value: a search without branches.
    @inline(__always)
    private static func rank(of value: Float, in limits: UnsafeBufferPointer<Float>) -> UInt8 {
        var rank = 0
        var size = limits.count
        while size > 0 {
            let half = (size + 1) / 2
            rank += unsafe limits[rank + half - 1] <= value ? half : 0
            size -= half
        }
        return UInt8(truncatingIfNeeded: rank)
    }

    private static let everyByte: UInt64 = 0x0101_0101_0101_0101

    /// A split without its place in a tree.
    private struct SplitKey: Hashable {
        let feature: Int
        let missingGoesLeft: Bool
        let limit: Float

        init(_ node: RegressionTree.Node) {
            feature = node.feature
            missingGoesLeft = node.missingGoesLeft
            limit = node.threshold
        }
    }

    private static func layOut(_ ensemble: TreeEnsemble) -> (slots: [Slot], places: [SplitKey: Place]) {
        var keys: Set<SplitKey> = []
        for tree in ensemble.trees {
            for node in CompleteTree(tree).splits {
                if let node { keys.insert(SplitKey(node)) }
            }
        }
        let sorted = keys.sorted { a, b in
            (a.feature, a.missingGoesLeft ? 1 : 0, a.limit) < (b.feature, b.missingGoesLeft ? 1 : 0, b.limit)
        }
        var slots: [Slot] = []
        var places: [SplitKey: Place] = [:]
        var start = 0
        while start < sorted.count {
            let first = sorted[start]
            let end =
                sorted[start..<min(start + 127, sorted.count)].firstIndex {
                    $0.feature != first.feature || $0.missingGoesLeft != first.missingGoesLeft
                } ?? min(start + 127, sorted.count)
            for index in start..<end { places[sorted[index]] = Place(slot: slots.count, rank: index - start) }
            slots.append(
                Slot(
                    feature: first.feature, missingGoesLeft: first.missingGoesLeft,
                    limits: sorted[start..<end].map(\.limit)))
            start = end
        }
        return (slots, places)
    }
}
