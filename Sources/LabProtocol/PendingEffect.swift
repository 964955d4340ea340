/// Something that a process of the lab's world waits for; only the lab lets it happen.
package struct PendingEffect: Sendable, Hashable {
    /// What is waited for.
    package enum Kind: Sendable, Hashable {
        /// A time, in nanoseconds since the Unix epoch.
        case sleep(until: Int64)
        /// The answer to an HTTP request that carries ``LabWire/callHeader`` with this effect's name.
        case call
        /// Leave to go on after an event that has just been reported.
        case hold
    }

    /// Its number; never used twice by one process.
    package let id: UInt64
    /// What is waited for.
    package let kind: Kind

    /// Makes an effect.
    package init(id: UInt64, kind: Kind) {
        self.id = id
        self.kind = kind
    }
}

/// A process of the world stands still: everything that it can do without the lab is done.
package struct StandstillReport: Sendable, Hashable {
    /// Counts up from 1.
    package var turn: UInt64
    /// What happened since the last report, in order.
    package var events: [WorldEvent]
    /// What it waits for since the last report.
    package var added: [PendingEffect]
    /// What it does not wait for any more, although the lab had not let it happen.
    package var withdrawn: [UInt64]

    /// Makes a report.
    package init(turn: UInt64, events: [WorldEvent], added: [PendingEffect], withdrawn: [UInt64]) {
        self.turn = turn
        self.events = events
        self.added = added
        self.withdrawn = withdrawn
    }
}

/// What the lab lets happen next in one process.
package struct WorldOrder: Sendable, Hashable {
    /// The one thing that happens.
    package enum Happening: Sendable, Hashable {
        /// A pending effect is over; the answer to a call arrives by HTTP.
        case effect(UInt64)
        /// A signal to the process is on its way.
        case signal(Int32)
    }

    /// The virtual time from now on, in nanoseconds since the Unix epoch.
    package var now: Int64
    /// What happens.
    package var happening: Happening

    /// Makes an order.
    package init(now: Int64, happening: Happening) {
        self.now = now
        self.happening = happening
    }
}
