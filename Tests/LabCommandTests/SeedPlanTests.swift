import Testing

@testable import LabCommand

@Suite("Seed files")
struct SeedPlanTests {
    /// Reads a seed file that finds one file beside it.
    private func plan(_ text: String) throws(LabFailure) -> SeedPlan {
        try SeedPlan(text: text, path: "lab/seed.yml") { (file) throws(LabFailure) in
            guard file == "b.csv" else { throw SeedPlan.invalid("\(file) cannot be read: no such file") }
            return Array("id\n1\n".utf8)
        }
    }

    @Test("A file names queues with their settings and messages")
    func queues() throws {
        let plan = try plan(
            """
            queues:
              - name: jobs-dlq
              - name: jobs
                attributes: {VisibilityTimeout: 30, FifoQueue: no}
                dead_letter: {queue: jobs-dlq, max_receives: 5}
                messages: ['{"job": 1}', plain]
            """)
        #expect(plan.queues.map(\.name) == ["jobs-dlq", "jobs"])
        #expect(plan.queues.map(\.place) == ["lab/seed.yml:2:5", "lab/seed.yml:3:5"])
        let jobs = try #require(plan.queues.last)
        #expect(jobs.attributes == ["VisibilityTimeout": "30", "FifoQueue": "no"])
        #expect(jobs.deadLetterQueue == "jobs-dlq")
        #expect(jobs.maxReceives == 5)
        #expect(jobs.messages == [#"{"job": 1}"#, "plain"])
    }

    @Test("A file names buckets with objects, as text or as files beside it")
    func buckets() throws {
        let plan = try plan(
            """
            buckets:
              - name: data
                objects:
                  - {key: in/a.csv, text: "id,name"}
                  - {key: in/b.csv, file: b.csv}
            """)
        let bucket = try #require(plan.buckets.first)
        #expect(bucket.name == "data")
        #expect(bucket.objects.map(\.key) == ["in/a.csv", "in/b.csv"])
        #expect(bucket.objects.map { String(decoding: $0.bytes, as: UTF8.self) } == ["id,name", "id\n1\n"])
    }

    @Test("An empty file names nothing", arguments: ["", "# later\n", "{}"])
    func nothing(text: String) throws {
        let plan = try plan(text)
        #expect(plan.queues.isEmpty && plan.buckets.isEmpty)
    }

    @Test(
        "A fault is named with its place, what was expected and what was found",
        arguments: [
            ("queues", #"1:1: expected a mapping of names to values, found the text "queues""#),
            ("topics: []", #"1:1: there is no "topics" here; known: queues, buckets"#),
            ("queues: jobs", #"1:9: expected a list, found the text "jobs""#),
            ("queues:\n  name: jobs", "2:3: expected a list, found a mapping"),
            ("queues:\n  - jobs", #"2:5: expected a mapping of names to values, found the text "jobs""#),
            ("queues:\n  - attributes: {}", #"2:5: a queue needs a "name""#),
            ("queues:\n  - name: [jobs]", "2:11: expected text, found a list"),
            (
                "queues:\n  - nmae: jobs",
                #"2:5: there is no "nmae" here; known: name, attributes, dead_letter, messages"#
            ),
            ("queues:\n  - name: jobs\n    messages: one", #"3:15: expected a list, found the text "one""#),
            ("queues:\n  - name: jobs\n    messages: [{job: 1}]", "3:16: expected text, found a mapping"),
            (
                "queues:\n  - name: jobs\n    attributes: [DelaySeconds]",
                "3:17: expected a mapping of names to values, found a list"
            ),
            (
                "queues:\n  - name: jobs\n    dead_letter: {queue: dlq, max_receives: none}",
                #"3:45: expected a whole number from 1 to 1000, found "none""#
            ),
            (
                "queues:\n  - name: jobs\n    dead_letter: {queue: dlq, max_receives: 1001}",
                #"3:45: expected a whole number from 1 to 1000, found "1001""#
            ),
            (
                "queues:\n  - name: jobs\n    dead_letter: {name: dlq}",
                #"3:19: there is no "name" here; known: queue, max_receives"#
            ),
            (
                "queues:\n  - name: jobs\n    dead_letter: {max_receives: 2}",
                #"3:18: a dead-letter queue needs a "queue""#
            ),
        ])
    func queueFaults(text: String, fault: String) {
        expectFault(fault, in: text)
    }

    @Test(
        "A fault of a bucket or an object is named in the same way",
        arguments: [
            ("buckets:\n  - objects: []", #"2:5: a bucket needs a "name""#),
            ("buckets:\n  - name: b\n    objects: all", #"3:14: expected a list, found the text "all""#),
            ("buckets:\n  - name: b\n    objects:\n      - text: x", #"4:9: an object needs a "key""#),
            (
                "buckets:\n  - name: b\n    objects:\n      - key: k",
                #"4:9: an object needs either "text" or "file", found neither"#
            ),
            (
                "buckets:\n  - name: b\n    objects:\n      - {key: k, text: x, file: b.csv}",
                #"4:9: an object needs either "text" or "file", found both"#
            ),
            (
                "buckets:\n  - name: b\n    objects:\n      - {key: k, file: missing.csv}",
                "4:24: missing.csv cannot be read: no such file"
            ),
            (
                "buckets:\n  - name: b\n    objects:\n      - {key: k, body: x}",
                #"4:18: there is no "body" here; known: key, text, file"#
            ),
        ])
    func bucketFaults(text: String, fault: String) {
        expectFault(fault, in: text)
    }

    @Test(
        "A text that is no YAML is named with its place",
        arguments: [
            ("queues: [", "2:1: expected YAML: did not find expected node content"),
            ("queues: []\nqueues: []", #"1:1: expected each name once, found "queues" twice"#),
            ("\tqueues: []", "1:1: expected YAML: found character that cannot start any token"),
        ])
    func notYAML(text: String, fault: String) {
        expectFault(fault, in: text)
    }

    @Test("A file that is not there is named")
    func missingFile() {
        #expect {
            try SeedPlan(path: "/nowhere/seed.yml")
        } throws: { error in
            (error as? LabFailure)?.message == "/nowhere/seed.yml cannot be read: no such file"
        }
    }

    private func expectFault(_ fault: String, in text: String) {
        do throws(LabFailure) {
            let plan = try plan(text)
            Issue.record("expected \"\(fault)\", found \(plan)")
        } catch {
            #expect(error.message == "lab/seed.yml:" + fault)
            #expect(error.status == .invalidInput)
            #expect(error.nextStep?.contains("lab serve --help") == true)
        }
    }
}
