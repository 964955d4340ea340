import Glibc
import Offloading
import Testing

@Suite("Work that blocks")
struct BlockingWorkTests {
    @Test("Every result comes back to the one that asked")
    func manyAtOnce() async {
        let count = 64
        let results = await withTaskGroup(of: Bool.self) { group in
            for number in 0..<count { group.addTask { await BlockingWork.run { number } == number } }
            return await group.reduce(into: []) { $0.append($1) }
        }
        #expect(results == Array(repeating: true, count: count))
    }

    @Test("In place, it runs on the thread that asks")
    func inPlace() async {
        await #expect(processExitsWith: .success) {
            BlockingWork.runInPlace()
            let thread = Self.thread()
            let other = await BlockingWork.run { Self.thread() }
            precondition(thread == other)
        }
    }

    private static func thread() -> UInt { UInt(pthread_self()) }
}
