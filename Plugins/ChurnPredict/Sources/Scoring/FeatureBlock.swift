/// Up to 64 customers as model features, with room for what the trees say about them.
///
/// One owner, one thread. Features are column-major (`feature * 64 + row`); contributions are column-major by input
/// column (`column * 64 + row`). Memory is allocated once and reused for every block.
@safe
final class FeatureBlock {
    /// How many rows fit.
    static let capacity = 64
    /// How many words of eight bytes hold one byte per row.
    static let words = capacity / 8

    /// How many rows are filled.
    var count = 0
    let width: Int
    let columns: Int
    /// The encoded features; a missing number is NaN.
    let features: UnsafeMutablePointer<Float>
    /// Each row's log-odds.
    let margins: UnsafeMutablePointer<Float>
    /// Each row's contributions to its log-odds, one per input column.
    let contributions: UnsafeMutablePointer<Double>
    /// Scratch: a byte per row, its rank in each slot of the evaluator.
    let ranks: UnsafeMutablePointer<UInt64>
    /// Scratch: a byte per row, its decisions in one tree.
    let patterns: UnsafeMutablePointer<UInt64>

    /// Makes room for rows of `width` features from `columns` input columns, evaluated through `slots` rank slots.
    init(width: Int, columns: Int, slots: Int) {
        self.width = width
        self.columns = columns
        unsafe features = .allocate(capacity: width * Self.capacity)
        unsafe margins = .allocate(capacity: Self.capacity)
        unsafe contributions = .allocate(capacity: columns * Self.capacity)
        unsafe ranks = .allocate(capacity: max(1, slots) * Self.words)
        unsafe patterns = .allocate(capacity: Self.words)
        unsafe features.initialize(repeating: 0, count: width * Self.capacity)
        unsafe margins.initialize(repeating: 0, count: Self.capacity)
        unsafe contributions.initialize(repeating: 0, count: columns * Self.capacity)
        unsafe ranks.initialize(repeating: 0, count: max(1, slots) * Self.words)
        unsafe patterns.initialize(repeating: 0, count: Self.words)
    }

    deinit {
        unsafe features.deallocate()
        unsafe margins.deallocate()
        unsafe contributions.deallocate()
        unsafe ranks.deallocate()
        unsafe patterns.deallocate()
    }

    /// The feature of a row; traps outside the block.
    subscript(row: Int, feature: Int) -> Float {
        get {
            precondition(row >= 0 && row < Self.capacity && feature >= 0 && feature < width)
            return unsafe features[feature * Self.capacity + row]
        }
        set {
            precondition(row >= 0 && row < Self.capacity && feature >= 0 && feature < width)
            unsafe features[feature * Self.capacity + row] = newValue
        }
    }

    /// The log-odds of a row, once scored.
    func margin(_ row: Int) -> Float {
        precondition(row >= 0 && row < count)
        return unsafe margins[row]
    }

    /// What an input column adds to a row's log-odds, once explained.
    func contribution(_ row: Int, column: Int) -> Double {
        precondition(row >= 0 && row < count && column >= 0 && column < columns)
        return unsafe contributions[column * Self.capacity + row]
    }
}
