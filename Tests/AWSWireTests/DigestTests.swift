import AWSWire
import Testing

@Suite("Digests, checksums and text encodings")
struct DigestTests {
    @Test(
        "The hash of \"abc\" is the published one",
        arguments: [
            (Digest.md5, "900150983cd24fb0d6963f7d28e17f72"),
            (.sha1, "a9993e364706816aba3e25717850c26c9cd0d89d"),
            (.sha256, "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"),
        ])
    func oneShot(_ digest: Digest, _ expected: String) { #expect(digest.hex("abc".utf8) == expected) }

    @Test("A hash over pieces is the hash of the whole", arguments: Digest.allCases)
    func pieces(_ digest: Digest) {
        let whole = (0..<1000).map { UInt8(truncatingIfNeeded: $0 &* 31) }
        var streaming = StreamingDigest(digest)
        for start in stride(from: 0, to: whole.count, by: 77) {
            streaming.update(whole[start..<min(start + 77, whole.count)])
        }
        #expect(streaming.finalize() == digest.hash(whole))
    }

    @Test("The hash of nothing is that of the empty text")
    func empty() {
        #expect(Digest.md5.hex([UInt8]()) == "d41d8cd98f00b204e9800998ecf8427e")
        #expect(PayloadHash(of: [UInt8]()) == .empty)
    }

    @Test("Message authentication with a key that is longer than a block follows RFC 4231, case 6")
    func longKey() {
        let code = Digest.hmacSHA256(
            key: [UInt8](repeating: 0xAA, count: 131), "Test Using Larger Than Block-Size Key - Hash Key First".utf8)
        #expect(Hex.encode(code) == "60e431591ee0b67f0d8a26aacbf5b77f8e0bc6213728c5140546040f0ee37f54")
    }

    @Test("Message authentication with SHA-1 follows RFC 2202, case 2")
    func sha1() {
        let code = Digest.hmacSHA1(key: "Jefe".utf8, "what do ya want for nothing?".utf8)
        #expect(Hex.encode(code) == "effcdf6ae5eb2fa2d27416d5f184df9c259a7c79")
    }

    @Test("Message authentication follows RFC 4231, case 2")
    func hmac() {
        let code = Digest.hmacSHA256(key: "Jefe".utf8, "what do ya want for nothing?".utf8)
        #expect(Hex.encode(code) == "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843")
    }

    @Test(
        "The check of \"123456789\" is the catalogued one",
        arguments: [
            (CyclicChecksum.Kind.crc32, 0xCBF4_3926 as UInt64), (.crc32c, 0xE306_9283),
            (.crc64nvme, 0xAE8B_1486_0A79_9888),
        ])
    func cyclic(_ kind: CyclicChecksum.Kind, _ expected: UInt64) {
        #expect(CyclicChecksum.of("123456789".utf8, kind).value == expected)
    }

    @Test("A check over pieces is the check of the whole", arguments: CyclicChecksum.Kind.allCases)
    func cyclicPieces(_ kind: CyclicChecksum.Kind) {
        let whole = (0..<999).map { UInt8(truncatingIfNeeded: $0 &* 17) }
        var pieces = CyclicChecksum(kind)
        for start in stride(from: 0, to: whole.count, by: 13) {
            pieces.update(whole[start..<min(start + 13, whole.count)])
        }
        #expect(pieces.value == CyclicChecksum.of(whole, kind).value)
    }

    @Test(
        "Base 64 follows RFC 4648",
        arguments: [
            ("", ""), ("f", "Zg=="), ("fo", "Zm8="), ("foo", "Zm9v"), ("foob", "Zm9vYg=="), ("fooba", "Zm9vYmE="),
            ("foobar", "Zm9vYmFy"),
        ])
    func base64(_ plain: String, _ encoded: String) {
        #expect(Base64.encode(plain.utf8) == encoded)
        #expect(Base64.decode(encoded) == Array(plain.utf8))
    }

    @Test("Text that is no base 64 is refused", arguments: ["Zg=", "Zg", "Zh==", "Zm9=", "Z===", "Zm9v!A==", "=Zm9"])
    func badBase64(_ text: String) { #expect(Base64.decode(text) == nil) }

    @Test("Text that is no base 16 is refused", arguments: ["a", "0g", "+1", "é"])
    func badHex(_ text: String) { #expect(Hex.decode(text) == nil) }
}
