internal import HTTPTypes
internal import JobCore
internal import PureJSON

extension LabRoutes {
    /// `GET`, `POST` and `DELETE /_lab/faults`, `DELETE /_lab/faults/ID`.
    func answerFaults(_ visitor: Visitor) throws(LabRefusal) -> HTTPAnswer {
        switch (visitor.method, visitor.path.count) {
        case (.get, 1): return Self.answer(["faults": .array(laboratory.faults.map(\.json))])
        case (.post, 1):
            let entry = try laboratory.arm(try FaultRule(json: try visitor.document()))
            return Self.answer(entry.json, status: .created)
        case (.delete, 1): return Self.answer(["disarmed": .array(laboratory.disarmAll().map(\.json))])
        case (.delete, 2):
            guard let id = Int(visitor.path[1]) else { throw .malformed("a fault is named by its number") }
            return Self.answer(["disarmed": .array([try laboratory.disarm(id).json])])
        default: throw LabRefusal(405, "faults know GET, POST and DELETE /_lab/faults, and DELETE /_lab/faults/ID")
        }
    }

    /// `GET /_lab/snapshots`, `POST /_lab/snapshots/NAME`, `POST /_lab/snapshots/NAME/restore`.
    func answerSnapshots(_ visitor: Visitor) throws(LabRefusal) -> HTTPAnswer {
        switch (visitor.method, visitor.path.count) {
        case (.get, 1): return Self.answer(["snapshots": .array(laboratory.snapshotNames.map { .string($0) })])
        case (.post, 2):
            let taken = try laboratory.takeSnapshot(visitor.path[1])
            return Self.answer(
                ["snapshot": .string(visitor.path[1]), "taken_at": .string(taken.takenAt.rfc3339)], status: .created)
        case (.post, 3) where visitor.path[2] == "restore":
            let earlier = try laboratory.restoreSnapshot(visitor.path[1])
            return Self.answer([
                "restored": .string(visitor.path[1]), "taken_at": .string(earlier.takenAt.rfc3339),
                "now": .string(laboratory.clock.now().rfc3339),
            ])
        default:
            throw LabRefusal(
                405,
                "snapshots know GET /_lab/snapshots, POST /_lab/snapshots/NAME and POST /_lab/snapshots/NAME/restore")
        }
    }
}
