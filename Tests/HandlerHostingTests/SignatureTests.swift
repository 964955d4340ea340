import Glibc
import JobCore
import Testing

@testable import HandlerHosting

@Suite("Signatures of handlers")
struct SignatureTests {
    /// A signed handler and the two halves of its key.
    private struct Signed {
        var folder: String
        var publicKey: String
        var policy = Zoo.policy()

        init() throws {
            folder = try Zoo.handler(ZooSource.zoo, manifest: Zoo.manifest())
            try #require(unlink(folder + "/libzoo.so.c") == 0)
            let pair = try Ed25519.makeKeyPair()
            publicKey = Zoo.freshPath("ops.pub.pem")
            try Zoo.write(String(decoding: pair.public, as: UTF8.self), to: publicKey)
            _ = try HandlerFolder(folder).stamp()
            let signed = try HandlerFolder(folder).sign(secretKey: pair.secret, keyID: "ops")
            #expect(signed.keyID == "ops")
            #expect(signed.files == 2)
            policy.allowsDevelopment = false
            policy.signatures = .required
            policy.trustedKeys = [
                TrustedKey(
                    id: "ops", path: publicKey, place: SourcePlace(file: "headrace.yml", line: 3, column: 5))
            ]
        }

        func fault() -> String? { Zoo.load([folder], policy: policy).faults.first?.message }
    }

    @Test("A signed handler is loaded, and says who signed it")
    func good() throws {
        let signed = try Signed()
        let (catalog, faults) = Zoo.load([signed.folder], policy: signed.policy)
        #expect(faults == [])
        #expect(catalog.inventory().first?.signature == .verified(keyID: "ops"))
    }

    @Test(
        "Whatever is altered after the signature is named",
        arguments: [
            ("echo '# more' >> handler.yml", "handler.yml was altered after the handler was signed"),
            ("printf x >> libzoo.so", "the SHA-256 of"),
            ("touch extra", "extra was added after the handler was signed"),
            ("sed -i s/libzoo/libzo0/ handler.sha256", "handler.sig is no signature of handler.sha256 by the key ops"),
            ("printf x >> handler.sig", "handler.sig has 65 bytes, more than 64"),
            ("rm handler.sig", "handler.sig cannot be opened"),
            ("rm handler.sha256", "handler.sha256 cannot be opened"),
        ])
    func altered(_ command: String, _ expected: String) throws {
        let signed = try Signed()
        try #require(system("cd '\(signed.folder)' && \(command)") == 0)
        #expect(signed.fault()?.contains(expected) ?? false, "\(signed.fault() ?? "accepted")")
    }

    @Test("A library that is replaced together with its digest in the manifest is found out")
    func replaced() throws {
        let signed = try Signed()
        try Zoo.compile(ZooSource.creating("abort();"), to: signed.folder + "/libzoo.so")
        try #require(unlink(signed.folder + "/libzoo.so.c") == 0)
        _ = try HandlerFolder(signed.folder).stamp()
        #expect(signed.fault()?.hasPrefix("handler.yml was altered after the handler was signed") ?? false)
    }

    @Test("Another key, no key and no signature are told apart")
    func policies() throws {
        var signed = try Signed()
        signed.policy.trustedKeys[0].id = "qa"
        #expect(signed.fault()?.contains("signed with the key ops and the trusted keys are qa") ?? false)
        signed.policy.trustedKeys = []
        #expect(signed.fault()?.contains("no key is trusted") ?? false)
        signed.policy.signatures = .off
        #expect(signed.fault() == nil)
        let unsigned = try Zoo.handler(ZooSource.zoo, manifest: Zoo.manifest())
        var policy = Zoo.policy()
        #expect(Zoo.load([unsigned], policy: policy).catalog.inventory().first?.signature == .unsigned)
        policy.signatures = .required
        let fault = Zoo.load([unsigned], policy: policy).faults.first
        #expect(fault?.message.contains("not signed and handlers.signatures is required") ?? false)
    }

    @Test("The key of somebody else under a trusted name does not help")
    func otherKey() throws {
        let signed = try Signed()
        let other = try Ed25519.makeKeyPair()
        _ = try HandlerFolder(signed.folder).sign(secretKey: other.secret, keyID: nil)
        #expect(signed.fault()?.contains("is no signature of handler.sha256 by the key ops") ?? false)
    }

    @Test("OpenSSL and sha256sum accept what is signed here")
    func openSSLVerifies() throws {
        let signed = try Signed()
        let commands =
            "cd '\(signed.folder)' && sha256sum --status --strict --check handler.sha256 && openssl pkeyutl -verify "
            + "-pubin -inkey '\(signed.publicKey)' -rawin -in handler.sha256 -sigfile handler.sig >/dev/null 2>&1"
        #expect(system(commands) == 0)
        try #require(system("printf x >> '\(signed.folder)/handler.sha256'") == 0)
        #expect(system(commands) != 0)
    }

    @Test("A signature and a key of OpenSSL are accepted here")
    func openSSLSigns() throws {
        var signed = try Signed()
        let key = Zoo.freshPath("openssl.pem")
        let commands =
            "cd '\(signed.folder)' && openssl genpkey -algorithm ed25519 -out '\(key)' && "
            + "openssl pkey -in '\(key)' -pubout -out '\(key).pub' && "
            + "openssl pkeyutl -sign -inkey '\(key)' -rawin -in handler.sha256 -out handler.sig"
        try #require(system(commands) == 0)
        signed.policy.trustedKeys[0].path = key + ".pub"
        #expect(signed.fault() == nil)
        let ours = try Ed25519.sign(Array("text".utf8), secretKey: try Zoo.read(key))
        #expect(try Ed25519.verify(ours, of: Array("text".utf8), publicKey: try Zoo.read(key + ".pub")))
    }

    @Test("Files that are no Ed25519 keys are named as such")
    func wrongKeys() throws {
        let rsa = Zoo.freshPath("rsa.pem")
        try #require(
            system("openssl genpkey -algorithm rsa -pkeyopt rsa_keygen_bits:2048 -out '\(rsa)' 2>/dev/null") == 0)
        #expect(throws: Ed25519.KeyFault(reason: "is a key of another kind, expected Ed25519")) {
            try Ed25519.sign([1], secretKey: try Zoo.read(rsa))
        }
        #expect(throws: Ed25519.KeyFault(reason: "is not a secret key without a passphrase in PEM form")) {
            try Ed25519.sign([1], secretKey: Array("nonsense".utf8))
        }
    }

    @Test("A manifest keeps its author's text when digests and signature are written")
    func text() throws {
        let folder = try Zoo.handler(ZooSource.zoo, manifest: "# mine\n" + Zoo.manifest(more: "title: Zoö # kept"))
        let digests = try HandlerFolder(folder).stamp()
        let text = String(decoding: try Zoo.read(folder + "/handler.yml"), as: UTF8.self)
        let expected = ("# mine\n" + Zoo.manifest(more: "title: Zoö # kept")).replacing(
            "sha256: dev", with: "sha256: \(digests["libzoo.so"] ?? "")")
        #expect(text == expected)
        #expect(throws: Never.self) { try HandlerFolder(folder).stamp() }
        #expect(String(decoding: try Zoo.read(folder + "/handler.yml"), as: UTF8.self) == expected)
    }

    @Test("A handler under development is not loaded without the operator's word, and not signed")
    func development() throws {
        let folder = try Zoo.handler(ZooSource.zoo, manifest: Zoo.manifest())
        var policy = Zoo.policy()
        policy.allowsDevelopment = false
        let fault = try #require(Zoo.load([folder], policy: policy).faults.first)
        #expect(fault.line == 6)
        #expect(fault.message.contains("dev is for handlers under development"))
        let secret = try Ed25519.makeKeyPair().secret
        #expect(throws: ManifestFaults.self) { try HandlerFolder(folder).sign(secretKey: secret, keyID: "ops") }
    }
}
