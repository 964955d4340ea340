import Testing

@testable import ScenarioDSL

@Suite("Names in scenario files")
struct NameCheckTests {
    private static let setup = "{queue: {name: jobs}, runners: {count: 2, handlers: [h]}, data: {d: {text: x}}}"

    private func errors(_ lines: String) -> [String] {
        ScenarioSources.diagnostics(ScenarioSources.scenario(lines, setup: Self.setup))
            .filter { $0.severity == .error }.map { "\($0.code.rawValue) \($0.place)" }
    }

    @Test("The counter of a loop is known inside the loop only")
    func counters() {
        #expect(errors("steps:\n  - {repeat: {times: 2, as: i}, do: [{note: \"${i}\"}]}\n") == [])
        let after = "steps:\n  - {repeat: {times: 2, as: i}, do: [{note: x}]}\n  - note: \"${i}\"\n"
        #expect(errors(after) == ["LAB205 8:14"])
    }

    @Test("Rounds of background load are known there only, the oracle in expectations only")
    func contexts() {
        let load = "background:\n  - {every: 1s, do: [{send: {job: \"l-${tick}\", handler: h}}]}\n"
        #expect(errors(load) == [])
        #expect(errors(load + "steps:\n  - note: \"${tick}\"\n") == ["LAB202 9:14"])
        #expect(errors("expect:\n  - {object: a, sha256: \"${oracle.sha256}\"}\n") == [])
        #expect(errors("steps:\n  - note: \"${oracle.sha256}\"\n") == ["LAB202 7:14"])
    }

    @Test("Jobs with computed names are found by what is fixed in them")
    func jobPatterns() {
        let steps = "steps:\n  - {repeat: {times: 2, as: i}, do: [{send: {job: \"j-${i}\", handler: h}}]}\n"
        #expect(errors(steps + "expect:\n  - {job: j-7, state: COMPLETED}\n  - {jobs: \"j*\", state: FAILED}\n") == [])
        #expect(errors(steps + "expect:\n  - {jobs: \"k*\", state: COMPLETED}\n") == ["LAB215 9:12"])
    }

    @Test("A body of one's own names its job, and a program may submit any")
    func otherJobs() {
        let raw = "steps:\n  - send: {raw: {body: '{\"job_id\": \"r1\"}'}}\n"
        #expect(errors(raw + "expect:\n  - {job: r1, state: COMPLETED}\n") == [])
        #expect(errors(raw + "expect:\n  - {job: r2, state: COMPLETED}\n") == ["LAB215 9:11"])
        let program = "steps:\n  - run: {cmd: [headrace, submit, h, x.csv]}\n"
        #expect(errors(program + "expect:\n  - {jobs: \"*\", state: COMPLETED}\n") == [])
    }

    @Test("Runners are those of the setup and those that steps start")
    func runners() {
        #expect(errors("steps:\n  - start: {runner: r3}\n  - pause: {runner: r3}\n") == [])
        #expect(errors("steps:\n  - pause: {runner: r3}\n") == ["LAB212 7:21"])
    }

    @Test("Rules count events and know nothing else")
    func rules() {
        func file(_ text: String) -> [String] {
            ScenarioSources.diagnostics(
                "lab: 1\nname: x\nwhy: y\nsetup: {}\ninvariants: [{rule: \"\(text)\", name: r}]\n"
            ).map { "\($0.code.rawValue) \($0.place)" }
        }
        #expect(file("for each job: count(job.claimed) <= 3") == [])
        #expect(file("count(fault.fired) < 2 || count(runner.exited) == 0") == [])
        #expect(file("for each jbo: count(job.claimed) <= 3") == ["LAB202 5:21"])
        #expect(file("for each job: claimed <= 3") == ["LAB202 5:36"])
        #expect(file("for each job count(job.claimed)") == ["LAB201 5:21"])
    }
}
