import LabProtocol
import Testing

@testable import LabEngine

@Suite("What happens next in the lab's world")
struct WorldSchedulerTests {
    private typealias Call = WorldScheduler.CallName

    private func never(_ queue: String) -> Int64? { nil }

    private func scheduler(_ effects: [PendingEffect], seed: UInt64 = 1) -> WorldScheduler {
        var scheduler = WorldScheduler(seed: seed)
        scheduler.starts("r1")
        scheduler.reports("r1", added: effects, withdrawn: [])
        return scheduler
    }

    @Test("Nothing happens while a process runs")
    func running() {
        var scheduler = WorldScheduler(seed: 1)
        scheduler.starts("r1")
        #expect(scheduler.decide(now: 0, deadline: 5, nextMessage: never) == .wait)
    }

    @Test("Nothing happens before every call that is waited for has come in")
    func missingCall() {
        var scheduler = scheduler([PendingEffect(id: 1, kind: .call)])
        #expect(scheduler.decide(now: 0, deadline: nil, nextMessage: never) == .wait)
        scheduler.arrives(Call(process: "r1", id: 1))
        #expect(scheduler.decide(now: 0, deadline: nil, nextMessage: never) == .proceed(Call(process: "r1", id: 1)))
        #expect(scheduler.decide(now: 0, deadline: nil, nextMessage: never) == .wait)
        scheduler.answers(Call(process: "r1", id: 1))
        #expect(scheduler.decide(now: 0, deadline: nil, nextMessage: never) == .wake(process: "r1", effect: 1))
        #expect(scheduler.decide(now: 0, deadline: nil, nextMessage: never) == .wait)
    }

    @Test("Time jumps to the next thing that is due, the script's wish included")
    func jumps() {
        var scheduler = scheduler([PendingEffect(id: 1, kind: .sleep(until: 50))])
        #expect(scheduler.decide(now: 10, deadline: nil, nextMessage: never) == .advance(to: 50))
        #expect(scheduler.decide(now: 10, deadline: 40, nextMessage: never) == .advance(to: 40))
        #expect(scheduler.decide(now: 50, deadline: 90, nextMessage: never) == .wake(process: "r1", effect: 1))
    }

    @Test("Without anything that is due the world stands still for good")
    func standstill() {
        var scheduler = scheduler([])
        #expect(scheduler.decide(now: 10, deadline: nil, nextMessage: never) == .standstill)
    }

    @Test("A receiver goes on when its queue has something, else at its time")
    func longPoll() {
        let call = Call(process: "r1", id: 1)
        var scheduler = scheduler([PendingEffect(id: 1, kind: .call)])
        scheduler.arrives(call)
        #expect(scheduler.decide(now: 0, deadline: nil, nextMessage: never) == .proceed(call))
        scheduler.parks(call, until: 20, queue: "jobs")
        #expect(scheduler.decide(now: 0, deadline: nil, nextMessage: never) == .advance(to: 20))
        #expect(scheduler.decide(now: 0, deadline: nil) { $0 == "jobs" ? 7 : nil } == .advance(to: 7))
        scheduler.cloudChanges()
        #expect(scheduler.decide(now: 7, deadline: nil) { _ in 7 } == .proceed(call))
    }

    @Test("A receiver that found nothing for itself looks again only after a change")
    func vainLook() {
        let call = Call(process: "r1", id: 1)
        var scheduler = scheduler([PendingEffect(id: 1, kind: .call)])
        scheduler.arrives(call)
        _ = scheduler.decide(now: 0, deadline: nil) { _ in 0 }
        scheduler.parks(call, until: 20, queue: "jobs")
        #expect(scheduler.decide(now: 0, deadline: nil) { _ in 0 } == .advance(to: 20))
        scheduler.cloudChanges()
        #expect(scheduler.decide(now: 0, deadline: nil) { _ in 0 } == .proceed(call))
    }

    @Test("The order of what is ready depends on the seed and on nothing else")
    func seeds() {
        let effects = (1...8).map { PendingEffect(id: $0, kind: .hold) }
        func order(_ seed: UInt64, _ effects: [PendingEffect]) -> [UInt64] {
            var scheduler = scheduler(effects, seed: seed)
            var order: [UInt64] = []
            while case .wake(_, let id) = scheduler.decide(now: 0, deadline: nil, nextMessage: never) {
                order.append(id)
                scheduler.reports("r1", added: [], withdrawn: [])
            }
            return order
        }
        #expect(order(1, effects) == order(1, effects.reversed()))
        #expect(Set((1...20).map { order($0, effects) }).count > 15)
        #expect(order(1, Array(effects.dropLast())) == order(1, effects).filter { $0 != 8 })
    }

    @Test("What a process that is gone waited for does not hold the world up")
    func gone() {
        var scheduler = scheduler([PendingEffect(id: 1, kind: .call), PendingEffect(id: 2, kind: .sleep(until: 9))])
        scheduler.arrives(Call(process: "r1", id: 1))
        scheduler.ends("r1")
        #expect(scheduler.decide(now: 0, deadline: 5, nextMessage: never) == .advance(to: 5))
    }
}
