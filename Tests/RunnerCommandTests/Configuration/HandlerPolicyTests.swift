import HandlerHosting
import PureJSON
import Testing

@testable import RunnerCommand

@Suite("What the configuration says of handlers")
struct HandlerPolicyTests {
    private static let text = """
        handlers:
          directories: [handlers]
          signatures: required
          development: true
          watch: false
          rescan: 3s
          trusted_keys: { ops: keys/ops.pem }
          grants:
            limits: { memory: 1GiB }
          settings:
            zoo:
              config: { rows: 5 }
              grants: { isolation: { network: host } }
              secrets: { token: { environment: TOKEN } }
        """

    @Test("Blocks and settings stand side by side")
    func blocks() throws {
        let handlers = try load(Self.text).handlers
        #expect(handlers.directories == ["conf/handlers"])
        #expect(handlers.watch == false)
        #expect(handlers.rescan == .seconds(3))
        #expect(handlers.policy.signatures == .required)
        #expect(handlers.policy.allowsDevelopment)
        #expect(handlers.policy.trustedKeys.map(\.path) == ["conf/keys/ops.pem"])
        #expect(handlers.policy.grants[.memory]?.value == .amount(1 << 30))
        #expect(handlers.policy.grants[.memory]?.place.description == "conf/headrace.yml:9:23")
        let zoo = try #require(handlers.policy.settings["zoo"])
        #expect(zoo.config["rows"] == 5)
        #expect(zoo.grants[.network]?.value == .network(.host))
        #expect(zoo.secrets.map(\.name) == ["token"])
    }

    @Test("The listing of the configuration names secrets and keys, and where the blocks stand")
    func entries() throws {
        let entries = try load(Self.text).entries.filter { $0.key.hasPrefix("handlers.") }
        let values = Dictionary(uniqueKeysWithValues: entries.map { ($0.key, $0.value) })
        #expect(values["handlers.settings"] == "zoo (secrets token)")
        #expect(values["handlers.trusted_keys"] == "ops")
        #expect(values["handlers.grants"] == "limits.memory")
        #expect(entries.first { $0.key == "handlers.grants" }.map { "\($0.origin)" } == "conf/headrace.yml:9:5")
    }

    @Test(
        "Mistakes in blocks are told like others",
        arguments: [
            (
                "handlers: { grants: { limits: { memroy: 1GiB } } }",
                "conf/headrace.yml:1:33: unknown key \"memroy\" in limits; did you mean \"memory\"?"
            ),
            (
                "handlers: { grnats: {} }",
                "conf/headrace.yml:1:13: unknown key \"handlers.grnats\"; did you mean \"handlers.grants\"?"
            ),
            (
                "handlers: { development: yes }",
                "conf/headrace.yml:1:26: handlers.development must be true or false, found \"yes\""
            ),
            (
                "handlers: { signatures: always }",
                "conf/headrace.yml:1:25: handlers.signatures must be one of required, when-present, off, found \"always\""
            ),
            (
                "handlers: { grants: { env: [LD_PRELOAD, lower] } }",
                "conf/headrace.yml:1:29: env: LD_PRELOAD is never given to handlers (the first of 2 faults)"
            ),
        ])
    func mistakes(_ text: String, _ expected: String) {
        do throws(ConfigurationError) {
            _ = try load(text)
            Issue.record("accepted")
        } catch {
            #expect(error.description == expected)
        }
    }
}
