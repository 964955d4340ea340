import AWSWire
import Foundation
import HTTPTypes
import JobCore
import Testing

/// A request that an independent client sent; see Fixtures/wire/SOURCE.md.
struct Capture: Sendable, CustomTestStringConvertible {
    /// `CLIENT/NAME`.
    let name: String
    let head: HTTPRequest
    let body: [UInt8]

    var testDescription: String { name }

    static let folder = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent().appending(path: "Fixtures/wire")

    init(_ name: String) throws {
        self.name = name
        let head = try String(contentsOf: Self.folder.appending(path: name + ".head"), encoding: .utf8)
        body = Array(try Data(contentsOf: Self.folder.appending(path: name + ".body")))
        let lines = head.split(separator: "\r\n")
        let parts = try #require(lines.first).split(separator: " ")
        let method = try #require(HTTPRequest.Method(String(parts[0])))
        var request = HTTPRequest(method: method, scheme: "http", authority: nil, path: String(parts[1]))
        for line in lines.dropFirst() {
            let colon = try #require(line.firstIndex(of: ":"))
            let value = line[line.index(after: colon)...].drop { $0 == " " }
            guard line[..<colon].lowercased() != "host" else {
                request.authority = String(value)
                continue
            }
            let fieldName = try #require(HTTPField.Name(String(line[..<colon])))
            request.headerFields.append(HTTPField(name: fieldName, value: String(value)))
        }
        self.head = request
    }

    /// The names of all captures in some folders that contain a text, sorted.
    static func names(_ contains: String = "", in folders: [String] = ["boto3", "awscli"]) -> [String] {
        let found = folders.flatMap { client in
            let path = folder.appending(path: client).path()
            return ((try? FileManager.default.contentsOfDirectory(atPath: path)) ?? [])
                .filter { $0.hasSuffix(".head") }.map { client + "/" + $0.dropLast(5) }
        }
        return found.filter { contains.isEmpty || $0.contains(contains) }.sorted()
    }

    /// When the client signed it.
    var signedAt: Timestamp {
        get throws {
            let text =
                head.headerFields[.amzDate] ?? QueryItems(parsing: RequestTarget(head).query)["X-Amz-Date"] ?? ""
            return try #require(Timestamp(amzDate: text))
        }
    }

    /// The example credentials, with the session token that the client sent.
    var credentials: AWSCredentials {
        let token =
            head.headerFields[.amzSecurityToken]
            ?? QueryItems(parsing: RequestTarget(head).query).items
            .first { $0.name.lowercased() == "x-amz-security-token" }?.value
        return AWSCredentials(
            accessKeyID: "AKIAIOSFODNN7EXAMPLE", secretAccessKey: "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY",
            sessionToken: token)
    }
}
