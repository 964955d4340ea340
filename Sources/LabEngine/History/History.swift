internal import LabProtocol
internal import PureJSON
internal import Synchronization

/// Everything that happened in one run, in the order in which it happened; only ever added to.
package final class History: Sendable {
    private let startedAt: Int64
    private let recorded = Mutex<[HistoryEvent]>([])

    /// Starts a history.
    ///
    /// - Parameter startedAt: the virtual time of the start, in nanoseconds since the Unix epoch.
    package init(startedAt: Int64) { self.startedAt = startedAt }

    /// All events so far.
    package var events: [HistoryEvent] { recorded.withLock(\.self) }

    /// The history as lines of JSON.
    package var lines: String { events.map { $0.json.serialized() + "\n" }.joined() }

    func append(source: String, _ event: WorldEvent, at time: Int64) -> HistoryEvent {
        recorded.withLock { events in
            let added = HistoryEvent(
                sequence: events.count + 1, time: time - startedAt, source: source, type: event.type,
                subject: event.subject, data: event.data)
            events.append(added)
            return added
        }
    }
}
