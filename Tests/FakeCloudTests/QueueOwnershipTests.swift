import AWSWire
import FakeCloud
import PureJSON
import Testing

@Suite("Tags, permissions and sources of queues")
struct QueueOwnershipTests {
    private var bench = QueueBench()
    private static let url = QueueBench.url("jobs")

    private mutating func refusal(_ body: (inout Self) throws -> Void) -> SQSError? {
        do {
            try body(&self)
        } catch {
            return error as? SQSError
        }
        return nil
    }

    private mutating func tags() throws(SQSError) -> [String: String] {
        try bench.service.handle(ListQueueTagsRequest(queueURL: Self.url), in: bench.call).tags
    }

    private mutating func add(
        _ label: String, _ actions: [String] = ["SendMessage"], accounts: [String] = ["111122223333"]
    ) throws(SQSError) {
        let request = AddPermissionRequest(
            queueURL: Self.url, label: label, accountIDs: accounts, actions: actions)
        _ = try bench.service.handle(request, in: bench.call)
    }

    @Test("Tags come with the queue, are added, replaced and taken away")
    mutating func tagging() throws {
        let create = CreateQueueRequest(queueName: "jobs", tags: ["team": "mill"])
        _ = try bench.service.handle(create, in: bench.call)
        _ = try bench.service.handle(
            TagQueueRequest(queueURL: Self.url, tags: ["team": "dock", "cost": ""]), in: bench.call)
        #expect(try tags() == ["team": "dock", "cost": ""])
        _ = try bench.service.handle(UntagQueueRequest(queueURL: Self.url, tagKeys: ["team", "x"]), in: bench.call)
        #expect(try tags() == ["cost": ""])
    }

    @Test("More than fifty tags are too many")
    mutating func tooManyTags() throws {
        try bench.create("jobs")
        let many = Dictionary(uniqueKeysWithValues: (0..<51).map { ("k\($0)", "v") })
        let error = refusal { tests in
            _ = try tests.bench.service.handle(TagQueueRequest(queueURL: Self.url, tags: many), in: tests.bench.call)
        }
        #expect(error?.message == "Too many tags added for queue jobs.")
        #expect(try tags().isEmpty)
    }

    @Test("A permission is a statement of the policy, by its label")
    mutating func permissions() throws {
        try bench.create("jobs")
        try add("one")
        try add("two", ["SendMessage", "ReceiveMessage"], accounts: ["111122223333", "444455556666"])
        let text = try #require(try bench.attributes()["Policy"])
        let policy = try JSONValue(parsing: text)
        #expect(policy["Id"]?.stringValue == QueueBench.arn("jobs") + "/SQSDefaultPolicy")
        #expect(policy["Statement"]?[0]?["Principal"]?["AWS"] == "arn:aws:iam::111122223333:root")
        #expect(policy["Statement"]?[0]?["Action"] == "SQS:SendMessage")
        #expect(policy["Statement"]?[1]?["Action"] == ["SQS:SendMessage", "SQS:ReceiveMessage"])
        #expect(refusal { try $0.add("one") }?.message.hasSuffix("Already exists.") == true)
        for label in ["one", "two"] {
            _ = try bench.service.handle(RemovePermissionRequest(queueURL: Self.url, label: label), in: bench.call)
        }
        #expect(try bench.attributes()["Policy"] == nil)
        let missing = refusal { tests in
            let request = RemovePermissionRequest(queueURL: Self.url, label: "one")
            _ = try tests.bench.service.handle(request, in: tests.bench.call)
        }
        #expect(missing?.message.hasSuffix("can't find label on existing policy.") == true)
    }

    @Test(
        "A permission that AWS would not give is refused",
        arguments: [
            (["Dance"], ["111122223333"], "InvalidParameterValueException"),
            (["DeleteQueue"], ["111122223333"], "InvalidParameterValueException"),
            (["SendMessage"], ["me"], "InvalidParameterValueException"),
            ([], ["111122223333"], "MissingRequiredParameterException"),
            (Array(repeating: "SendMessage", count: 8), ["111122223333"], "OverLimit"),
        ])
    mutating func refusedPermissions(actions: [String], accounts: [String], shape: String) throws {
        try bench.create("jobs")
        #expect(refusal { try $0.add("x", actions, accounts: accounts) }?.shape == shape)
    }

    @Test(
        "A dead-letter queue says who may name it",
        arguments: [
            (#"{"redrivePermission":"allowAll"}"#, true), (#"{"redrivePermission":"denyAll"}"#, false),
            (byQueue("jobs"), true), (byQueue("others"), false), ("", true),
        ])
    mutating func redriveAllowPolicy(policy: String, isAllowed: Bool) throws {
        try bench.create("jobs-dlq", ["RedriveAllowPolicy": policy])
        let made = refusal { try $0.bench.create("jobs", ["RedrivePolicy": QueueBench.policy(1)]) }
        #expect((made == nil) == isAllowed)
        if !isAllowed {
            #expect(made?.queryCode == "InvalidParameterValue")
            try bench.create("jobs")
        }
        let set = refusal { tests in
            let request = SetQueueAttributesRequest(
                queueURL: Self.url, attributes: ["RedrivePolicy": QueueBench.policy(2)])
            _ = try tests.bench.service.handle(request, in: tests.bench.call)
        }
        #expect((set == nil) == isAllowed)
        #expect(try bench.attributes("jobs-dlq")["RedriveAllowPolicy"] == (policy.isEmpty ? nil : policy))
    }

    static func byQueue(_ names: String...) -> String {
        let arns = names.map { "\"" + QueueBench.arn($0) + "\"" }.joined(separator: ",")
        return #"{"redrivePermission":"byQueue","sourceQueueArns":[\#(arns)]}"#
    }

    @Test(
        "A redrive allow policy that cannot be is refused",
        arguments: [
            "x", "{}", #"{"redrivePermission":"maybe"}"#, #"{"redrivePermission":"byQueue"}"#,
            #"{"redrivePermission":"byQueue","sourceQueueArns":[]}"#,
            #"{"redrivePermission":"byQueue","sourceQueueArns":[1]}"#,
            #"{"redrivePermission":"denyAll","sourceQueueArns":["a"]}"#,
            #"{"redrivePermission":"byQueue","sourceQueueArns":["1","2","3","4","5","6","7","8","9","10","11"]}"#,
        ])
    mutating func refusedRedriveAllowPolicy(policy: String) throws {
        let error = refusal { try $0.bench.create("jobs", ["RedriveAllowPolicy": policy]) }
        #expect(error?.shape == "InvalidParameterValueException")
        #expect(error?.message.contains("for parameter RedriveAllowPolicy is invalid") == true)
    }

    @Test("The sources of a dead-letter queue are listed by pages")
    mutating func sources() throws {
        try bench.create("jobs-dlq")
        for name in ["c", "a", "b"] { try bench.create(name, ["RedrivePolicy": QueueBench.policy(1)]) }
        var request = ListDeadLetterSourceQueuesRequest(queueURL: QueueBench.url("jobs-dlq"), maxResults: 2)
        let page = try bench.service.handle(request, in: bench.call)
        #expect(page.queueURLs == ["a", "b"].map(QueueBench.url))
        request.nextToken = page.nextToken
        let rest = try bench.service.handle(request, in: bench.call)
        #expect(rest.queueURLs == [QueueBench.url("c")])
        #expect(rest.nextToken == nil)
    }
}
