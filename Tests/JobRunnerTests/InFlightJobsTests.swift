import JobCore
import Testing

@testable import JobRunner

@Suite("Messages of one job in one process")
struct InFlightJobsTests {
    private let job: JobID

    init() throws { job = try #require(JobID("j1")) }

    private func work(_ receipt: String, in jobs: InFlightJobs) -> JobWork {
        let machine = JobLifecycle(
            runner: RunnerID("r1"), policy: .init(malformed: .deadLetter, hasDeadLetterQueue: true),
            receivedAt: Timestamp(seconds: 0), jitter: 0)
        let work = JobWork(
            message: QueuedMessage(messageID: receipt, receipt: ReceiptHandle(receipt), body: "{}"), machine: machine)
        work.identify(job)
        jobs.insert(work)
        return work
    }

    @Test("A follower waits for a claim that is under way, and then for the leader that comes of it")
    func claimUnderWay() async {
        let jobs = InFlightJobs()
        let leader = work("a", in: jobs)
        let follower = work("b", in: jobs)
        jobs.beginClaim(job)
        let event = Task.immediate { await jobs.follow(job, follower) }
        #expect(jobs.lead(job, leader))
        jobs.endClaim(job)
        jobs.finish(leader, job)
        #expect(await event.value == .leaderFinished)
    }

    @Test("A claim that leads to no run lets those who wait look again")
    func claimInVain() async {
        let jobs = InFlightJobs()
        let follower = work("b", in: jobs)
        jobs.beginClaim(job)
        let event = Task.immediate { await jobs.follow(job, follower) }
        jobs.endClaim(job)
        #expect(await event.value == .leaderMissing)
    }

    @Test("Without a leader and without a claim nobody waits")
    func nobody() async {
        let jobs = InFlightJobs()
        #expect(await jobs.follow(job, work("b", in: jobs)) == .leaderMissing)
    }
}
