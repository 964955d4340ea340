import JobCore
import Testing

@Suite("Shutdown")
struct DrainLifecycleTests {
    @Test("An idle runner drains as soon as its poll has returned")
    func idle() {
        var drain = DrainLifecycle()
        #expect(drain.handle(.drainRequested) == [.announce(.stoppingPolls), .stopPolling, .startGraceTimer])
        #expect(!drain.acceptsJobs)
        #expect(drain.handle(.pollReturned) == [.announce(.finishingJobs), .announce(.drained), .finish])
    }

    @Test("Running jobs may finish within the grace period")
    func finishes() {
        var drain = DrainLifecycle()
        #expect(drain.handle(.jobStarted) == [])
        _ = drain.handle(.drainRequested)
        #expect(drain.handle(.pollReturned) == [.announce(.finishingJobs)])
        #expect(drain.handle(.jobFinished) == [.announce(.drained), .finish])
        #expect(drain.handle(.graceElapsed) == [])
    }

    @Test("Jobs that outlive the grace period are stopped, once")
    func stops() {
        var drain = DrainLifecycle()
        _ = drain.handle(.jobStarted)
        _ = drain.handle(.drainRequested)
        _ = drain.handle(.pollReturned)
        #expect(drain.handle(.graceElapsed) == [.announce(.stoppingJobs), .stopJobs])
        #expect(drain.handle(.graceElapsed) == [])
        #expect(drain.handle(.jobFinished) == [.announce(.drained), .finish])
    }

    @Test("A poll that hangs beyond the grace period does not keep jobs from being stopped")
    func hangingPoll() {
        var drain = DrainLifecycle()
        _ = drain.handle(.jobStarted)
        _ = drain.handle(.drainRequested)
        #expect(drain.handle(.graceElapsed) == [.announce(.stoppingJobs), .stopJobs])
        #expect(drain.handle(.jobFinished) == [])
        #expect(drain.handle(.pollReturned) == [.announce(.drained), .finish])
    }

    @Test("A second signal leaves at once, a third too")
    func secondSignal() {
        var drain = DrainLifecycle()
        _ = drain.handle(.drainRequested)
        #expect(drain.handle(.drainRequested) == [.exitAtOnce])
        #expect(drain.handle(.signalRepeated) == [.exitAtOnce])
    }
}
