import JobCore
import Testing

@Suite("Places in S3 that a handler may touch")
struct ObjectPrefixTests {
    @Test(
        "A place lies in a prefix segment by segment, in one bucket or in any",
        arguments: [
            ("b-1/in/", "b-1", "in/x.csv", true), ("b-1/in", "b-1", "in/x.csv", true), ("b-1/in/", "b-1", "in", true),
            ("b-1/in/", "b-1", "incoming/x.csv", false), ("b-1/in/", "b-2", "in/x.csv", false),
            ("{bucket}/in/", "b-2", "in/x.csv", true), ("b-1/", "b-1", "anything", true),
            ("b-1/in/", "b-1", "IN/x.csv", false),
        ])
    func segments(_ prefix: String, _ bucket: String, _ key: String, _ isInside: Bool) throws {
        let prefix = try #require(ObjectPrefix(prefix))
        #expect(prefix.contains(ObjectLocation(bucket: bucket, key: key)) == isInside)
    }

    @Test(
        "What climbs out is outside, however it is spelled",
        arguments: [
            "in/../secret/x", "in/%2e%2e/secret/x", "in/%2E%2e%2fsecret/x", "in/..%2fsecret/x",
            "in/%252e%252e/secret/x",
            "in/%25252e%25252e/secret", "in/a/../../secret", "in/./../secret", "../in/x", "in\\..\\secret",
            "in/%5c..%5c..%5csecret", "%2e%2e/in/x", "in/../../in/x",
        ])
    func traversal(_ key: String) throws {
        let prefix = try #require(ObjectPrefix("b-1/in/"))
        #expect(!prefix.contains(ObjectLocation(bucket: "b-1", key: key)))
    }

    @Test(
        "What stays inside is inside, also with signs that mean nothing there",
        arguments: ["in/a/../b", "in/%41", "in/100%", "in/a%2fb", "in/...", "in/%zz", "in/a b"])
    func harmless(_ key: String) throws {
        let prefix = try #require(ObjectPrefix("b-1/in/"))
        #expect(prefix.contains(ObjectLocation(bucket: "b-1", key: key)))
    }

    @Test(
        "What is no place is not read",
        arguments: ["b-1", "/in", "B-1/in", "b-1//in", "b-1/a/../b", "b-1/a%2fb", "b-1/a\nb", "a/b", "{job}/in", ""])
    func malformed(_ text: String) { #expect(ObjectPrefix(text) == nil) }

    @Test("What lies in two prefixes is the narrower one in the named bucket")
    func intersection() throws {
        func both(_ left: String, _ right: String) throws -> String? {
            try #require(ObjectPrefix(left)).intersection(try #require(ObjectPrefix(right)))?.description
        }
        #expect(try both("{bucket}/in/", "b-1/in/a/") == "b-1/in/a/")
        #expect(try both("b-1/in/a/", "{bucket}/in/") == "b-1/in/a/")
        #expect(try both("{bucket}/", "{bucket}/in/") == "{bucket}/in/")
        #expect(try both("b-1/in/", "b-2/in/") == nil)
        #expect(try both("b-1/in/", "b-1/out/") == nil)
        #expect(try both("b-1/in/", "b-1/incoming/") == nil)
    }
}
