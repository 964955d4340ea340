import Foundation
import JobCore
import PureJSON
import Testing

@Suite("Message fixtures")
struct MessageFixtureTests {
    private static let folder = URL(filePath: #filePath).deletingLastPathComponent()
        .appending(path: "../../Fixtures/messages").standardizedFileURL
    private let reader = JobMessageReader(rules: MessageRules(allowedBuckets: ["uploads"]))
    private let now = Timestamp(rfc3339: "2026-11-21T06:00:00Z") ?? Timestamp(seconds: 0)

    private static func names(in folder: String) -> [String] {
        let names = try? FileManager.default.contentsOfDirectory(atPath: Self.folder.appending(path: folder).path)
        return (names ?? []).filter { $0 != "expected.json" }.sorted()
    }

    private func text(_ path: String) throws -> String {
        try String(contentsOf: Self.folder.appending(path: path), encoding: .utf8)
    }

    @Test("The fixtures are there")
    func exist() {
        #expect(Self.names(in: "valid").count >= 6)
        #expect(Self.names(in: "malformed").count >= 20)
    }

    @Test("A valid message makes a job", arguments: names(in: "valid"))
    func accepts(name: String) throws {
        let request = try reader.read(try text("valid/\(name)"), now: now)
        #expect(request.inputs["csv"]?.location.bucket == "uploads")
        #expect(request.format == (name.hasPrefix("prediction") ? .prediction : .job))
    }

    @Test("A malformed message is rejected with the code that is expected", arguments: names(in: "malformed"))
    func rejects(name: String) throws {
        let expected = try JSONValue(parsing: try text("malformed/expected.json"))[name]?.stringValue
        let body = try text("malformed/\(name)")
        let rejection = #expect(throws: MessageRejection.self) { try reader.read(body, now: now) }
        #expect(rejection?.code.rawValue == expected)
    }
}
