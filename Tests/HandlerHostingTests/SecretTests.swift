import Glibc
import JobCore
import PureJSON
import Synchronization
import Testing

@testable import HandlerHosting

@Suite("Secrets of handlers", .timeLimit(.minutes(2)))
struct SecretTests {
    /// Tells its configuration, logs it, and fails with it.
    private static let source = ZooSource.creating(
        """
        char text[4096]; snprintf(text, sizeof text, "%.*s", (int)config.len, config.ptr);
        puts(text); fflush(NULL);
        return fail(NULL, JH_PERMANENT, "config", text, -1);
        """)

    private static func policy(_ secrets: [(String, SecretReference.Source)]) -> OperatorPolicy {
        var policy = Zoo.policy()
        let place = SourcePlace(file: "headrace.yml", line: 7, column: 5)
        var settings = HandlerSettings()
        settings.secrets = secrets.map { SecretReference(name: $0.0, source: $0.1, place: place) }
        settings.secretsPlace = place
        policy.settings["zoo"] = settings
        return policy
    }

    @Test("A handler is told the secrets that it asks for and is given; logs and reports do not repeat them")
    func told() async throws {
        let file = Zoo.freshPath("secret")
        try Zoo.write("hunter2-and-more\n", to: file)
        let folder = try Zoo.handler(Self.source, manifest: Zoo.manifest(more: "secrets: [token, absent]"))
        let policy = Self.policy([("token", .file(file)), ("not-asked-for", .variable("HOME"))])
        let (catalog, faults) = Zoo.load([folder], policy: policy)
        #expect(faults == [])
        let report = try await catalog.run("noop")
        let expected = #"{"handlerDirectory":"\#(folder)","secrets":{"token":"[secret]"}}"#
        #expect(report.outcome.message == expected)
        #expect(!report.lastLogLines.joined().contains("hunter2"))
        #expect(catalog.explanation(of: "zoo")?.secrets == ["token"])
        await catalog.shutdown()
    }

    @Test("A secret that cannot be had is a fault at its place, without its value")
    func missing() throws {
        let folder = try Zoo.handler(Self.source, manifest: Zoo.manifest(more: "secrets: [token]"))
        let faults = Zoo.load([folder], policy: Self.policy([("token", .variable("NOWHERE"))])).faults
        #expect(faults.map(\.description) == ["headrace.yml:7:5: secret token: $NOWHERE is not set"])
    }

    @Test("The longest secret is redacted first, short ones are left alone")
    func redaction() {
        let redactor = SecretRedactor(["abcd", "abcdefgh", "x"])
        #expect(redactor.redacted("x abcdefgh abcd") == "x [secret] [secret]")
        #expect(
            redactor.redacted(.log(level: "info", message: "abcd", fields: ["k": "abcd"]))
                == .log(level: "info", message: "[secret]", fields: ["k": "[secret]"]))
    }
}
