import AWSWire
import FakeCloud
import JobCore
import JobTestKit
import PureJSON
import Testing

@Suite("The cloud's clock")
struct CloudClockTests {
    let base = ManualClock(now: Timestamp(seconds: 1_000))

    @Test("A real clock shows the machine's time, and an offset is added to it")
    func offset() {
        let clock = CloudClock(base: base)
        #expect(clock.now() == base.now())
        clock.advance(by: .seconds(60))
        #expect(clock.mode == .offset(.seconds(60)))
        base.advance(by: .seconds(1))
        #expect(clock.now() == base.now() + .seconds(60))
        #expect(clock.uptime() == .seconds(61))
    }

    @Test("A frozen clock moves when it is told to and not otherwise")
    func frozen() {
        let clock = CloudClock(base: base)
        clock.freeze()
        base.advance(by: .seconds(500))
        #expect(clock.now() == Timestamp(seconds: 1_000))
        clock.advance(by: .seconds(2))
        #expect(clock.now() == Timestamp(seconds: 1_002))
    }

    @Test("Uptime never goes back, whatever becomes of the time")
    func uptime() {
        let clock = CloudClock(base: base)
        clock.advance(by: .seconds(10))
        clock.set(.frozen(at: Timestamp(seconds: 5)))
        #expect(clock.uptime() == .seconds(10))
        base.advance(by: .seconds(3))
        clock.set(.real)
        #expect(clock.uptime() == .seconds(10))
    }

    @Test("A sleeper on a frozen clock wakes when the time is moved to its deadline")
    func sleeper() async throws {
        let clock = CloudClock(base: base)
        clock.freeze()
        async let slept: Void = clock.sleep(for: .seconds(30))
        while clock.nextDeadline == nil { await Task.yield() }
        clock.advance(by: .seconds(29))
        #expect(clock.nextDeadline == Timestamp(seconds: 1_030))
        clock.advance(by: .seconds(1))
        #expect(clock.nextDeadline == nil)
        try await slept
    }

    @Test("A sleeper on a running clock wakes by itself")
    func running() async throws {
        let clock = CloudClock(base: base, mode: .offset(.seconds(-100)))
        async let slept: Void = clock.sleep(for: .seconds(30))
        await base.waitForSleepers()
        base.advance(by: .seconds(30))
        try await slept
    }

    @Test("A sleeper whose task is cancelled wakes at once")
    func cancelled() async {
        let clock = CloudClock(base: base, mode: .frozen(at: Timestamp(seconds: 0)))
        let sleeper = Task { try await clock.sleep(for: .seconds(1)) }
        sleeper.cancel()
        await #expect(throws: CancellationError.self) { try await sleeper.value }
    }
}

@Suite("Moving the cloud's time")
struct AdvanceTests {
    @Test("Fifteen minutes of visibility pass, and the receiver that waits is answered in its time")
    func visibility() async throws {
        try await RunningCloud.run { cloud in
            let lab = try await cloud.server.administration()
            let url = try await lab.createQueue("jobs", attributes: ["VisibilityTimeout": "900"])
            _ = try await cloud.sqs("SendMessage", ["QueueUrl": .string(url), "MessageBody": "a"])
            _ = try await cloud.sqs("ReceiveMessage", ["QueueUrl": .string(url)])
            try await lab.advance(by: .seconds(895))
            #expect(lab.peek(atQueue: "jobs")?.inFlight.count == 1)
            async let waiting = cloud.sqs("ReceiveMessage", ["QueueUrl": .string(url), "WaitTimeSeconds": 20])
            await cloud.clock.waitForSleepers()
            try await lab.advance(by: .seconds(3_600))
            #expect(try await waiting.json["Messages"]?[0]?["Body"]?.stringValue == "a")
            #expect(lab.peek(atQueue: "jobs")?.visible.map(\.receiveCount) == [2])
        }
    }

    @Test("Fourteen days of retention pass, and signatures are good all the same")
    func retention() async throws {
        try await RunningCloud.run { cloud in
            let lab = try await cloud.server.administration()
            let url = try await lab.createQueue("jobs", attributes: ["MessageRetentionPeriod": "1209600"])
            _ = try await cloud.sqs("SendMessage", ["QueueUrl": .string(url), "MessageBody": "a"])
            try await lab.advance(by: .seconds(14 * 86_400 - 1))
            #expect(lab.peek(atQueue: "jobs")?.visible.count == 1)
            try await lab.advance(by: .seconds(1))
            #expect(lab.peek(atQueue: "jobs")?.visible.isEmpty == true)
            #expect(try await cloud.sqs("ListQueues", [:]).reply.status == 200)
        }
    }
}
