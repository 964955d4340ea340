/// When a process is replaced by a new one.
struct RecyclingRule: Sendable, Hashable {
    /// After this many runs.
    var afterRuns: Int
    /// Once its resident memory between runs is above this.
    var aboveBytes: Int64?
    /// Once it has lived that long: nothing that slowly goes wrong in a process goes on for ever.
    var afterAge: Duration = .seconds(3_600)

    /// Whether a process takes no further run.
    ///
    /// - Parameters:
    ///   - runs: its runs so far.
    ///   - residentBytes: its resident memory now; below 0 where it is not known.
    ///   - age: the time since it was started.
    /// - Returns: whether it is to end.
    func isWorn(runs: UInt64, residentBytes: Int64, age: Duration) -> Bool {
        runs >= UInt64(clamping: afterRuns) || age >= afterAge || aboveBytes.map { residentBytes > $0 } ?? false
    }
}
