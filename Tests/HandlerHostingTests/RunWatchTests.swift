import Testing

@testable import HandlerHosting

@Suite("Watch over one run")
struct RunWatchTests {
    private func watch(silence: Int64? = nil, memory: Int64? = nil, processor: Int64? = nil) -> RunWatch {
        RunWatch(
            limits: RunWatch.Limits(
                deadline: 1_000, cancelGrace: 100, silence: silence, memoryBytes: memory, processorTime: processor),
            startedAt: 0)
    }

    private func tick(_ now: Int64, memory: Int64? = nil, processor: Int64? = nil) -> RunWatch.Event {
        .measured(at: now, residentBytes: memory, processorTime: processor)
    }

    @Test("Cancelling goes by the flag, then SIGTERM after the grace, then SIGKILL")
    func ladder() {
        var watch = watch()
        #expect(watch.nextInstant == 1_000)
        #expect(watch.handle(.cancelRequested(at: 10)) == [.sendCancel])
        #expect(watch.handle(.cancelRequested(at: 20)) == [])
        #expect(watch.nextInstant == 110)
        #expect(watch.handle(tick(109)) == [])
        #expect(!watch.isPushed)
        #expect(watch.handle(tick(110)) == [.terminate])
        #expect(watch.isPushed)
        #expect(watch.handle(tick(111)) == [])
        #expect(watch.nextInstant == 110 + RunWatch.terminateGrace)
        #expect(watch.handle(tick(110 + RunWatch.terminateGrace)) == [.kill])
        #expect(watch.handle(tick(.max)) == [])
        #expect(watch.cause == .cancelled)
    }

    @Test("The deadline starts the same ladder")
    func deadline() {
        var watch = watch()
        #expect(watch.handle(tick(999)) == [])
        #expect(watch.handle(tick(1_000)) == [.sendCancel])
        #expect(watch.cause == .deadline)
        #expect(watch.handle(tick(1_100)) == [.terminate])
    }

    @Test("The first cause stays")
    func firstCause() {
        var watch = watch()
        _ = watch.handle(.cancelRequested(at: 990))
        #expect(watch.handle(tick(1_050)) == [])
        #expect(watch.cause == .cancelled)
    }

    @Test("Memory and processor time beyond their limits are ended at once")
    func hardLimits() {
        var memory = watch(memory: 50)
        #expect(memory.handle(tick(1, memory: 50)) == [])
        #expect(memory.handle(tick(2, memory: 51)) == [.kill])
        #expect(memory.cause == .memory(residentBytes: 51))
        #expect(memory.peakResidentBytes == 51)
        #expect(memory.handle(tick(3, memory: 60)) == [])
        var processor = watch(processor: 5)
        #expect(processor.handle(tick(1, processor: 6)) == [.kill])
        #expect(processor.cause == .processorTime)
    }

    @Test("Silence counts from the last call")
    func silence() {
        var watch = watch(silence: 200)
        #expect(watch.nextInstant == 200)
        #expect(watch.handle(.heard(at: 150)) == [])
        #expect(watch.handle(tick(349)) == [])
        #expect(watch.handle(tick(350)) == [.sendCancel])
        #expect(watch.cause == .silence)
    }

    @Test("A process without a control socket has a moment to end by itself")
    func lost() {
        var watch = watch()
        #expect(watch.handle(.lost(until: 70, "gone")) == [])
        #expect(watch.nextInstant == 70)
        #expect(watch.cause == nil)
        #expect(watch.handle(tick(70)) == [.kill])
        #expect(watch.cause == .brokenProtocol("gone"))
    }

    @Test("Shutdown and a broken protocol leave no grace, whatever step the ladder is on")
    func noGrace() {
        var broken = watch()
        #expect(broken.handle(.protocolBroke("x")) == [.kill])
        #expect(broken.handle(.protocolBroke("y")) == [])
        var abandoned = watch()
        _ = abandoned.handle(.cancelRequested(at: 0))
        _ = abandoned.handle(tick(100))
        #expect(abandoned.handle(.abandoned) == [.kill])
        #expect(abandoned.cause == .cancelled)
    }
}
