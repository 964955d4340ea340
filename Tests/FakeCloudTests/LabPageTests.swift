import AWSWire
import FakeCloud
import Foundation
import HTTPTypes
import PureJSON
import Testing

@Suite("The lab's page")
struct LabPageTests {
    /// The folder of the page's files.
    private static let folder = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent().appending(path: "Sources/FakeCloud/Lab/Page")

    private static func files(_ ending: String) throws -> [(name: String, text: String)] {
        try FileManager.default.contentsOfDirectory(atPath: folder.path).filter { $0.hasSuffix(ending) }.sorted()
            .map { ($0, try String(contentsOf: folder.appending(path: $0), encoding: .utf8)) }
    }

    @Test("The page and each of its files are served as they are in the sources, and nothing else may run in it")
    func served() async throws {
        let wanted = try Self.files("").filter { $0.name != "page.html" }
        #expect(wanted.count >= 9)
        let page = try #require(try Self.files("page.html").first?.text)
        try await RunningCloud.run { cloud in
            let document = try await cloud.exchange(cloud.request(.get, "/_lab/ui", credentials: nil))
            #expect(document.status == 200 && document.text == page)
            let policy = try #require(document.fields["content-security-policy"])
            #expect(policy.hasPrefix("default-src 'none'; script-src 'self';") && !policy.contains("unsafe"))
            for file in wanted {
                let reply = try await cloud.exchange(cloud.request(.get, "/_lab/ui/" + file.name, credentials: nil))
                #expect(reply.status == 200 && reply.text == file.text, "\(file.name)")
                let type = file.name.hasSuffix(".js") ? "text/javascript; charset=utf-8" : "text/css; charset=utf-8"
                #expect(reply.fields["content-type"] == type)
            }
            #expect(try await cloud.lab(.get, "ui/other.js").reply.status == 404)
        }
    }

    @Test("The page loads nothing from elsewhere, and makes no markup of what the server says")
    func selfContained() throws {
        for (name, text) in try Self.files("") {
            #expect(!text.contains("https:") && !text.contains("http:"), "\(name)")
            for word in ["innerHTML", "outerHTML", "insertAdjacentHTML", "document.write", "eval("] {
                #expect(!text.contains(word), "\(name): \(word)")
            }
        }
    }

    @Test("It tells the keys that guard nothing, and no others")
    func connection() async throws {
        try await RunningCloud.run { cloud in
            let (_, json) = try await cloud.lab(.get, "connection")
            #expect(json["region"] == "us-east-1" && json["access_key_id"] == "headrace")
        }
        var configuration = FakeCloudConfiguration()
        configuration.credentials = [AWSCredentials(accessKeyID: "AKIA", secretAccessKey: "guards-something")]
        try await RunningCloud.run(configuration) { cloud in
            let (reply, json) = try await cloud.lab(.get, "connection")
            #expect(json["access_key_id"] == nil && !reply.text.contains("guards-something"))
        }
    }

    @Test("A preview has the first bytes, as text where they are text")
    func preview() async throws {
        try await RunningCloud.run { cloud in
            _ = try await cloud.s3(.put, "/data")
            _ = try await cloud.s3(.put, "/data/t", ["Content-Type": "text/csv"], body: Array("<b>aé".utf8))
            _ = try await cloud.s3(.put, "/data/b", body: [0, 1, 2])
            let (_, whole) = try await cloud.lab(.get, "objects/preview?bucket=data&key=t")
            #expect(whole["text"] == "<b>aé" && whole["is_truncated"] == false && whole["content_type"] == "text/csv")
            let (_, cut) = try await cloud.lab(.get, "objects/preview?bucket=data&key=t&limit=5")
            #expect(cut["text"] == "<b>a" && cut["is_truncated"] == true && cut["size_bytes"] == 6)
            let (_, bytes) = try await cloud.lab(.get, "objects/preview?bucket=data&key=b")
            #expect(bytes["text"] == nil && bytes["base64"] == "AAEC")
            for path in ["bucket=data&key=none", "bucket=none&key=t"] {
                #expect(try await cloud.lab(.get, "objects/preview?" + path).reply.status == 404)
            }
            #expect(try await cloud.lab(.get, "objects/preview?bucket=data").reply.status == 400)
        }
    }
}
