import JobCore
import PureJSON
import Testing
import Yams

@testable import HandlerHosting

@Suite("Requests and grants")
struct GrantTests {
    private func prefixes(_ texts: String...) throws -> GrantValue {
        .prefixes(try texts.map { try #require(ObjectPrefix($0)) })
    }

    private func policy(_ block: String, _ yaml: String) throws -> OperatorPolicy {
        var policy = OperatorPolicy()
        var reader = OperatorPolicyReader(file: "headrace.yml", baseDirectory: "/etc/headrace")
        try reader.read(block, try #require(try Yams.compose(yaml: yaml)), into: &policy)
        return policy
    }

    @Test("What both sides allow is the smaller of amounts and the overlap of lists")
    func intersections() throws {
        #expect(GrantValue.amount(5).intersection(.amount(3)) == .amount(3))
        #expect(GrantValue.unlimited.intersection(.amount(3)) == .amount(3))
        #expect(GrantValue.duration(.seconds(5)).intersection(.unlimited) == .duration(.seconds(5)))
        #expect(GrantValue.isolation(.inProcess).intersection(.isolation(.pool)) == .isolation(.pool))
        #expect(GrantValue.isolation(.pool).intersection(.isolation(.processPerJob)) == .isolation(.processPerJob))
        #expect(GrantValue.network(.host).intersection(.network(.none)) == .network(.none))
        #expect(GrantValue.names(["A", "B"]).intersection(.names(["B", "C"])) == .names(["B"]))
        let paths = GrantValue.paths(["/usr/share", "/opt/a"]).intersection(.paths(["/usr", "/opt/a/b", "/opt/ab"]))
        #expect(paths == .paths(["/usr/share", "/opt/a/b"]))
        let both = try prefixes("{bucket}/in/", "b-1/x").intersection(try prefixes("uploads/in/a/", "b-1/xy/", "b-1/"))
        #expect(both == (try prefixes("uploads/in/a/", "b-1/in/", "b-1/x")))
    }

    @Test("Nothing that reaches outside the process is had without a grant")
    func silence() {
        var request = GrantTerms()
        let place = SourcePlace(file: "handler.yml", line: 1, column: 1)
        let wishes: [GrantKey: GrantValue] = [
            .isolation: .isolation(.inProcess), .network: .network(.host), .readPaths: .paths(["/etc"]),
            .processes: .amount(8), .environment: .names(["HTTP_PROXY"]), .secrets: .names(["token"]),
        ]
        for (key, value) in wishes { request[key] = GrantTerms.Term(value: value, place: place) }
        let grant = EffectiveGrant(GrantTable(request: request, grant: GrantTerms()))
        #expect(grant == EffectiveGrant())
        #expect(grant.isolation == .pool)
        #expect(grant.network == .none)
        #expect(grant.processes == 0)
        #expect(grant.readPaths + grant.environment + grant.secrets == [])
    }

    @Test("A handler's own grants win over those of every handler, key by key, and places are kept")
    func own() throws {
        var policy = try policy("grants", "limits: { memory: 1GiB, threads: 4 }\n")
        var reader = OperatorPolicyReader(file: "headrace.yml", baseDirectory: nil)
        let node = try #require(try Yams.compose(yaml: "zoo:\n  grants:\n    limits: { memory: 2GiB }\n"))
        try reader.read("settings", node, into: &policy)
        var request = GrantTerms()
        request[.memory] = GrantTerms.Term(
            value: .amount(4 << 30), place: SourcePlace(file: "handler.yml", line: 9, column: 3))
        let table = GrantTable(request: request, grant: policy.grants(for: "zoo"))
        let memory = try #require(table.rows.first { $0.key == .memory })
        #expect(memory.effective == .amount(2 << 30))
        #expect(memory.requestedAt?.description == "handler.yml:9:3")
        #expect(memory.grantedAt?.description == "headrace.yml:3:23")
        #expect(EffectiveGrant(table).threads == 4)
        #expect(EffectiveGrant(GrantTable(request: request, grant: policy.grants(for: "other"))).memoryBytes == 1 << 30)
    }

    @Test("A block of a manifest can be copied into the configuration")
    func sameKeys() throws {
        let block = """
            isolation: { mode: process-per-job, network: host, filesystem: { read: [/usr/share], scratch: 1GiB } }
            concurrency: { max: 2 }
            timeout: { run: 1m, cancelGrace: 1s, stall: 5s }
            limits: { memory: 1MiB, cpuSeconds: 1, openFiles: 16, processes: 1, threads: 1, outputBytes: 1B, checkpointBytes: 1B, kvBytes: 1B }
            env: [A]
            s3: { read: ["{bucket}/a/"], write: [results/] }
            """
        let grants = try policy("grants", block).grants
        for key in GrantKey.allCases where key != .secrets { #expect(grants[key] != nil, "\(key)") }
    }

    @Test(
        "Mistakes of an operator have a place and a hint",
        arguments: [
            ("grants", "limits: { memroy: 1GiB }", "1:11: unknown key \"memroy\" in limits; did you mean \"memory\"?"),
            ("grants", "secrets: [a]", "1:1: unknown key \"secrets\" in handlers.grants"),
            (
                "grants", "limits: { kvBytes: 5MiB }",
                "1:20: limits.kvBytes: expected at most 4194304 bytes, found 5242880"
            ),
            ("grants", "env: [AWS_PROFILE]", "1:7: env: AWS_PROFILE is never given to handlers"),
            ("settings", "Zoo: {}", "1:1: handlers.settings.Zoo: expected the name of a handler"),
            (
                "settings", "zoo: { confg: {} }",
                "1:8: unknown key \"confg\" in handlers.settings.zoo; did you mean \"config\"?"
            ),
            (
                "settings", "zoo: { config: 5 }",
                "1:16: handlers.settings.zoo.config: expected a mapping, found integer 5"
            ),
            (
                "settings", "zoo: { secrets: { token: hunter2 } }",
                "1:26: handlers.settings.zoo.secrets.token: expected { file: PATH } or { environment: NAME }"
            ),
            (
                "settings", "zoo: { secrets: { token: { file: a, environment: B } } }",
                "1:26: handlers.settings.zoo.secrets.token: expected one of file and environment"
            ),
            ("trusted_keys", "a b: k.pem", "1:1: handlers.trusted_keys.a b: expected a name"),
            ("trusted_keys", "ops: [k.pem]", "1:6: handlers.trusted_keys.ops: expected a text, found a list"),
        ])
    func mistakes(_ block: String, _ yaml: String, _ expected: String) throws {
        do {
            _ = try policy(block, yaml)
            Issue.record("accepted")
        } catch let faults as ManifestFaults {
            #expect(faults.list.first?.description.hasPrefix("headrace.yml:" + expected) ?? false, "\(faults.list)")
        }
    }

    @Test("Paths of keys and secrets start from the configuration's folder")
    func paths() throws {
        #expect(try policy("trusted_keys", "ops: keys/ops.pem").trustedKeys.first?.path == "/etc/headrace/keys/ops.pem")
        let settings = try policy("settings", "zoo: { secrets: { token: { file: t }, other: { environment: T } } }")
        #expect(
            settings.settings["zoo"]?.secrets.map(\.source) == [.file("/etc/headrace/t"), .variable("T")])
    }

    @Test("What comes out of the bargain is what host processes are held to")
    func enforced() async throws {
        var policy = Zoo.policy()
        let place = SourcePlace(file: "headrace.yml", line: 2, column: 2)
        policy.grants[.memory] = GrantTerms.Term(value: .amount(96 << 20), place: place)
        policy.grants[.environment] = nil
        policy.grants[.network] = nil
        let more = "limits: { memory: 4GiB }\nenv: [ZOO_SETTING]\nisolation: { network: host }"
        let folder = try Zoo.handler(ZooSource.zoo, manifest: Zoo.manifest(more: more))
        let (catalog, faults) = Zoo.load([folder], policy: policy)
        #expect(faults == [])
        #expect(try await catalog.run("environment").outcome == .completed(["given": 0]))
        #expect(try await catalog.run("network").outcome != .completed(["errno": 0]))
        guard case .resourceExhausted(let limit, _) = try await catalog.run("leak").outcome else {
            Issue.record("the memory limit is not enforced")
            return
        }
        #expect(limit == "memory")
        await catalog.shutdown()
    }
}
