import AWSAdapters
import AWSWire
import Foundation
import HTTPTransport
import HTTPTypes
import JobCore
import Testing

@Suite("Credentials")
struct CredentialTests {
    private let clock = InstantClock()
    private let nowhere = [
        "AWS_CONFIG_FILE": "/nonexistent/config", "AWS_SHARED_CREDENTIALS_FILE": "/nonexistent/credentials",
    ]

    private func chain(
        _ environment: [String: String], _ transport: ScriptedTransport? = nil
    ) -> CredentialChain {
        CredentialChain(
            environment: nowhere.merging(environment) { _, new in new },
            transport: transport ?? ScriptedTransport([.failure(.hostNotFound(host: "x"))]), clock: clock)
    }

    private func answer(_ key: String, expiresIn seconds: Int64) -> ScriptedTransport.Answer {
        let expiration = (clock.now() + .seconds(seconds)).rfc3339
        return ScriptedTransport.answer(
            200,
            #"{"AccessKeyId":"\#(key)","SecretAccessKey":"s","Token":"t","Expiration":"\#(expiration)"}"#)
    }

    private func write(_ text: String) throws -> String {
        let path = FileManager.default.temporaryDirectory.appending(path: "headrace-aws-\(UUID())").path()
        try Data(text.utf8).write(to: URL(filePath: path))
        return path
    }

    @Test("The environment comes first")
    func environment() async throws {
        let chain = chain(["AWS_ACCESS_KEY_ID": "K", "AWS_SECRET_ACCESS_KEY": "S", "AWS_SESSION_TOKEN": "T"])
        #expect(
            try await chain.credentials()
                == AWSCredentials(accessKeyID: "K", secretAccessKey: "S", sessionToken: "T"))
    }

    @Test(
        "Half of a pair is an error and not silently skipped",
        arguments: ["AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"])
    func halfPair(_ name: String) async throws {
        let error = await #expect(throws: CredentialError.self) { try await chain([name: "x"]).credentials() }
        #expect(error?.description.contains("set both or neither") == true)
    }

    @Test("Without any source the message lists what was tried")
    func nothing() async throws {
        let error = await #expect(throws: CredentialError.self) { try await chain([:]).credentials() }
        let text = error?.description ?? ""
        let sources = [
            "AWS_ACCESS_KEY_ID", "AWS_WEB_IDENTITY_TOKEN_FILE", "/nonexistent/credentials",
            "AWS_CONTAINER_CREDENTIALS_FULL_URI", "169.254.169.254",
        ]
        for source in sources { #expect(text.contains(source)) }
    }

    @Test(
        "A profile's keys come from either file, the credentials file first",
        arguments: [(nil, "DEFAULTKEY"), ("mill", "MILLKEY"), ("config-only", "CONFIGKEY")] as [(String?, String)])
    func profiles(_ profile: String?, _ key: String) async throws {
        let credentials = try write(
            """
            # a comment
            [default]
            aws_access_key_id = DEFAULTKEY
            aws_secret_access_key=abc/=+ # not part of it
            [ mill ]
            aws_access_key_id=MILLKEY
            aws_secret_access_key=abc
            """)
        let config = try write(
            """
            [profile mill]
            aws_access_key_id = WRONG
            s3 =
                aws_access_key_id = NESTED
            [profile config-only]
            aws_access_key_id = CONFIGKEY
            aws_secret_access_key = abc
            """)
        defer { for path in [credentials, config] { try? FileManager.default.removeItem(atPath: path) } }
        var environment = ["AWS_CONFIG_FILE": config, "AWS_SHARED_CREDENTIALS_FILE": credentials]
        environment["AWS_PROFILE"] = profile
        let found = try await chain(environment).credentials()
        #expect(found.accessKeyID == key)
        #expect(found.secretAccessKey == (profile == nil ? "abc/=+" : "abc"))
    }

    @Test("A profile that is nowhere is an error with its name")
    func unknownProfile() async throws {
        let error = await #expect(throws: CredentialError.self) {
            try await chain(["AWS_PROFILE": "nobody"]).credentials()
        }
        #expect(error?.description.contains("'nobody'") == true)
    }

    @Test("The container's endpoint is asked with its token")
    func container() async throws {
        let transport = ScriptedTransport([answer("CK", expiresIn: 3600)])
        let chain = chain(
            ["AWS_CONTAINER_CREDENTIALS_RELATIVE_URI": "/v2/x", "AWS_CONTAINER_AUTHORIZATION_TOKEN": "Basic abc"],
            transport)
        let found = try await chain.credentials()
        #expect(found.accessKeyID == "CK")
        #expect(found.expiration == clock.now() + .seconds(3600))
        let request = try #require(transport.requests.first)
        #expect(request.head.authority == "169.254.170.2")
        #expect(request.head.path == "/v2/x")
        #expect(request.head.headerFields[.authorization] == "Basic abc")
    }

    @Test("Plain http to another host is refused", arguments: ["http://evil.example/x", "http://127.evil.example/x"])
    func plainHTTP(_ url: String) async throws {
        let transport = ScriptedTransport([answer("CK", expiresIn: 3600)])
        await #expect(throws: CredentialError.self) {
            try await chain(["AWS_CONTAINER_CREDENTIALS_FULL_URI": url], transport).credentials()
        }
        #expect(transport.requests.isEmpty)
    }

    @Test("Credentials are kept until five minutes before their end", arguments: [(3299, 1), (3300, 2)])
    func refresh(_ seconds: Int64, _ calls: Int) async throws {
        let transport = ScriptedTransport([answer("A", expiresIn: 3600), answer("B", expiresIn: 7200)])
        let chain = chain(["AWS_CONTAINER_CREDENTIALS_FULL_URI": "http://127.0.0.1:9/x"], transport)
        _ = try await chain.credentials()
        clock.advance(by: .seconds(seconds))
        _ = try await chain.credentials()
        #expect(transport.requests.count == calls)
    }

    @Test("While a refresh goes wrong the old credentials are used until their end")
    func failedRefresh() async throws {
        let down = ScriptedTransport.Answer.failure(.connectionRefused(host: "x"))
        let transport = ScriptedTransport([answer("A", expiresIn: 3600), down])
        let chain = chain(["AWS_CONTAINER_CREDENTIALS_FULL_URI": "http://localhost:9/x"], transport)
        _ = try await chain.credentials()
        clock.advance(by: .seconds(3400))
        for _ in 0..<5 { #expect(try await chain.credentials().accessKeyID == "A") }
        #expect(transport.requests.count == 2)
        clock.advance(by: .seconds(200))
        await #expect(throws: CredentialError.self) { try await chain.credentials() }
    }

    @Test("Many callers at once cause one request")
    func singleFlight() async throws {
        let transport = ScriptedTransport([answer("A", expiresIn: 3600)])
        let chain = chain(["AWS_CONTAINER_CREDENTIALS_FULL_URI": "http://localhost:9/x"], transport)
        try await withThrowingTaskGroup(of: Void.self) { group in
            for _ in 0..<50 { group.addTask { _ = try await chain.credentials() } }
            try await group.waitForAll()
        }
        #expect(transport.requests.count == 1)
    }

    @Test("A web identity's token is exchanged for a role's credentials")
    func webIdentity() async throws {
        let token = try write("eyJ.token\n")
        defer { try? FileManager.default.removeItem(atPath: token) }
        let transport = ScriptedTransport([
            ScriptedTransport.answer(
                200,
                """
                <AssumeRoleWithWebIdentityResponse xmlns="https://sts.amazonaws.com/doc/2011-06-15/">
                  <AssumeRoleWithWebIdentityResult><Credentials><SessionToken>t</SessionToken>
                    <SecretAccessKey>s</SecretAccessKey><Expiration>2030-10-24T23:00:23Z</Expiration>
                    <AccessKeyId>WK</AccessKeyId></Credentials></AssumeRoleWithWebIdentityResult>
                </AssumeRoleWithWebIdentityResponse>
                """)
        ])
        let chain = chain(
            [
                "AWS_WEB_IDENTITY_TOKEN_FILE": token, "AWS_ROLE_ARN": "arn:aws:iam::1:role/r",
                "AWS_REGION": "eu-central-1",
            ], transport)
        let found = try await chain.credentials()
        #expect(found.accessKeyID == "WK")
        #expect(found.expiration == Timestamp(rfc3339: "2030-10-24T23:00:23Z"))
        let request = try #require(transport.requests.first)
        #expect(request.head.authority == "sts.eu-central-1.amazonaws.com")
        guard case .bytes(let body) = request.body else {
            Issue.record("no body")
            return
        }
        let form = QueryItems(parsing: String(decoding: body, as: UTF8.self))
        #expect(form["RoleArn"] == "arn:aws:iam::1:role/r")
        #expect(form["WebIdentityToken"] == "eyJ.token")
    }

    @Test("A refused web identity is told with the service's reason")
    func refusedWebIdentity() async throws {
        let token = try write("t")
        defer { try? FileManager.default.removeItem(atPath: token) }
        let transport = ScriptedTransport([
            ScriptedTransport.answer(
                400,
                "<ErrorResponse><Error><Code>ExpiredTokenException</Code><Message>old</Message></Error></ErrorResponse>"
            )
        ])
        let error = await #expect(throws: CredentialError.self) {
            try await chain(["AWS_WEB_IDENTITY_TOKEN_FILE": token, "AWS_ROLE_ARN": "r"], transport).credentials()
        }
        #expect(error?.description.contains("ExpiredTokenException: old") == true)
        #expect(error?.isTransient == false)
    }

    @Test("The instance's role is asked for with a session token")
    func instance() async throws {
        let transport = ScriptedTransport([
            ScriptedTransport.answer(200, "TOKEN"), ScriptedTransport.answer(200, "worker role\n"),
            answer("IK", expiresIn: 3600),
        ])
        #expect(try await chain([:], transport).credentials().accessKeyID == "IK")
        let folder = "/latest/meta-data/iam/security-credentials/"
        #expect(
            transport.requests.map(\.head.path) == ["/latest/api/token", folder, folder + "worker%20role"])
        let token = try #require(HTTPField.Name("X-aws-ec2-metadata-token"))
        #expect(transport.requests.map { $0.head.headerFields[token] } == [nil, "TOKEN", "TOKEN"])
    }

    @Test(
        "An endpoint must be a plain http or https address",
        arguments: ["localhost:4566", "ftp://x", "http://a/b", "http://"])
    func badEndpoint(_ url: String) { #expect(throws: CredentialError.self) { try AWSEndpoint(url: url) } }
}
