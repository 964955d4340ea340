internal import JobCore
internal import PureJSON
internal import Synchronization

/// One request that was answered, or whose connection ended.
struct JournalEntry: Sendable, Hashable {
    /// Its number, from 1.
    var number: UInt64 = 0
    /// The cloud's time when it came.
    let time: Timestamp
    /// What it asked for.
    var call: CloudCall
    /// The status of the answer; 0 when there was none.
    let status: Int
    /// The error's code in the answer.
    var errorCode: String?
    /// The length of the request's body, as its head says.
    let requestBytes: Int
    /// The length of the answer's body.
    let responseBytes: Int
    /// How long the machine took for it.
    let duration: Duration
    /// The faults that hit it.
    let faults: [String]

    var json: JSONValue {
        var members: JSONObject = [
            "number": .integer(Int64(clamping: number)), "time": .string(time.rfc3339),
            "service": .string(call.service.rawValue), "operation": .string(call.operation),
            "resource": .string(call.resource), "status": .integer(Int64(status)),
        ]
        members["error"] = errorCode.map { .string($0) }
        members["request_bytes"] = .integer(Int64(requestBytes))
        members["response_bytes"] = .integer(Int64(responseBytes))
        members["duration_ms"] = .number(duration.milliseconds)
        if !faults.isEmpty { members["faults"] = .array(faults.map { .string($0) }) }
        return .object(members)
    }
}

/// The last requests, for people who look.
final class RequestJournal: Sendable {
    /// Some entries, and what was lost before them.
    struct Page: Sendable {
        let entries: [JournalEntry]
        /// The number to ask with next.
        let last: UInt64
        /// How many entries after the number that was asked with are kept no more.
        let lost: UInt64
    }

    private struct State: Sendable {
        /// Those since ``cleared``; grows to the capacity, then the oldest is replaced.
        var entries: [JournalEntry] = []
        var texts = TextTable()
        var count: UInt64 = 0
        var cleared: UInt64 = 0
        var followers: [Int: Wakeup] = [:]
        var lastFollower = 0
        var isClosed = false
    }

    /// So many entries are kept.
    let capacity: Int
    private let state: Mutex<State>

    init(capacity: Int = 10_000) {
        self.capacity = capacity
        state = Mutex(State())
    }

    /// Whether followers are to end.
    var isClosed: Bool { state.withLock { $0.isClosed } }

    /// Adds an entry, and drops the oldest when there are too many.
    func append(_ entry: JournalEntry) {
        let followers = state.withLock { state in
            state.count += 1
            var entry = entry
            entry.number = state.count
            entry.call.operation = state.texts.shared(entry.call.operation)
            entry.call.resource = state.texts.shared(entry.call.resource)
            entry.errorCode = entry.errorCode.map { state.texts.shared($0) }
            if state.entries.count < capacity {
                state.entries.append(entry)
            } else {
                state.entries[place(of: state.count - 1, in: state)] = entry
            }
            return state.followers.isEmpty ? [] : Array(state.followers.values)
        }
        for follower in followers { follower.signal() }
    }

    /// The entries after a number, at most so many.
    func entries(after number: UInt64, limit: Int) -> Page {
        state.withLock { state in
            let oldest = max(state.cleared, state.count - min(state.count, UInt64(capacity)))
            let start = min(max(number, oldest), state.count)
            let end = min(state.count, start + UInt64(max(limit, 0)))
            let entries = (start..<end).map { state.entries[place(of: $0, in: state)] }
            return Page(entries: entries, last: end, lost: number < oldest ? oldest - number : 0)
        }
    }

    /// The number of the last entry.
    var lastNumber: UInt64 { state.withLock { $0.count } }

    /// Forgets all entries; numbers go on.
    func clear() {
        state.withLock { state in
            state.cleared = state.count
            state.entries = []
        }
    }

    private func place(of number: UInt64, in state: borrowing State) -> Int {
        Int((number - state.cleared) % UInt64(capacity))
    }

    /// Wakes a follower at each entry and at the end.
    func register(_ wakeup: Wakeup) -> Int {
        state.withLock { state in
            state.lastFollower += 1
            state.followers[state.lastFollower] = wakeup
            return state.lastFollower
        }
    }

    /// Forgets a follower.
    func unregister(_ id: Int) { state.withLock { $0.followers[id] = nil } }

    /// Ends all followers.
    func close() {
        let followers = state.withLock { state in
            state.isClosed = true
            return Array(state.followers.values)
        }
        for follower in followers { follower.signal() }
    }
}

/// Keeps equal texts once.
///
/// Thousands of entries with texts of their own, each made between the messages of its call, would hold on to thousands
/// of pages of memory after the messages are gone.
private struct TextTable: Sendable {
    private static let limit = 1_000
    private var texts: Set<String> = []

    /// The text that was kept first among those that are equal to this one.
    mutating func shared(_ text: String) -> String {
        if texts.count >= Self.limit { texts = [] }
        return texts.insert(text).memberAfterInsert
    }
}
