/// Why the world stands still at the script's wish.
package enum WorldStop: Sendable, Hashable {
    /// What was waited for has just been recorded.
    case found(HistoryEvent)
    /// The time that was given has come.
    case time
    /// Nothing can happen any more.
    case standstill
}
