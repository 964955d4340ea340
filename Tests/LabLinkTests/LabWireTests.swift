import LabProtocol
import PureJSON
import Testing

@Suite("The lab's wire")
struct LabWireTests {
    @Test("An order survives its line", arguments: [WorldOrder.Happening.effect(17), .signal(15)])
    func order(_ happening: WorldOrder.Happening) throws {
        let order = WorldOrder(now: 1_700_000_000_000_000_001, happening: happening)
        #expect(try WorldOrder(line: order.line) == order)
    }

    @Test("A report survives its line")
    func report() throws {
        let report = StandstillReport(
            turn: 3, events: [WorldEvent("job.claimed", subject: "j\n1", data: ["epoch": 2])],
            added: [
                PendingEffect(id: 1, kind: .sleep(until: 5)), PendingEffect(id: 2, kind: .call),
                PendingEffect(id: 3, kind: .hold),
            ], withdrawn: [9])
        #expect(!report.line.contains("\n"))
        #expect(try StandstillReport(line: report.line) == report)
    }

    @Test("A greeting of another version is refused")
    func version() {
        #expect(throws: LabWire.Fault.self) {
            try LabWire.Greeting(line: #"{"version":2,"name":"r1","pid":1}"#)
        }
    }
}
