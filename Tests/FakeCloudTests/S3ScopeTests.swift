import FakeCloud
import HTTPTypes
import Testing

@Suite("The edges of what S3 is here", .timeLimit(.minutes(1)))
struct S3ScopeTests {
    @Test(
        "A fresh bucket tells what AWS tells of one",
        arguments: [
            ("acl", 200, "FULL_CONTROL"), ("encryption", 200, "AES256"), ("logging", 200, "BucketLoggingStatus"),
            ("ownershipControls", 200, "BucketOwnerEnforced"), ("requestPayment", 200, "BucketOwner"),
            ("publicAccessBlock", 200, "RestrictPublicBuckets"), ("accelerate", 200, "AccelerateConfiguration"),
            ("versioning", 200, "VersioningConfiguration"), ("policy", 404, "NoSuchBucketPolicy"),
            ("lifecycle", 404, "NoSuchLifecycleConfiguration"), ("website", 404, "NoSuchWebsiteConfiguration"),
            ("replication", 404, "ReplicationConfigurationNotFoundError"),
            ("object-lock", 404, "ObjectLockConfigurationNotFoundError"), ("tagging", 404, "NoSuchTagSet"),
            ("cors", 404, "NoSuchCORSConfiguration"),
        ])
    func freshBucket(subresource: String, status: Int, text: String) async throws {
        try await RunningCloud.run { cloud async throws in
            _ = try await cloud.s3(.put, "/data")
            let reply = try await cloud.s3(.get, "/data?" + subresource)
            #expect(reply.status == status)
            #expect(reply.text.contains(text))
            #expect(try await cloud.s3(.get, "/missing?" + subresource).text.contains("<Code>NoSuchBucket</Code>"))
        }
    }

    @Test(
        "Writing what is out of scope is refused with 501 and an error of S3",
        arguments: [
            "acl", "policy", "website", "lifecycle", "encryption", "object-lock", "replication", "logging",
            "publicAccessBlock", "ownershipControls", "requestPayment", "accelerate", "metrics", "inventory",
        ])
    func writes(subresource: String) async throws {
        try await RunningCloud.run { cloud async throws in
            _ = try await cloud.s3(.put, "/data")
            let reply = try await cloud.s3(.put, "/data?" + subresource)
            #expect(reply.status == 501)
            #expect(reply.text.contains("<Code>NotImplemented</Code>"))
        }
    }

    @Test(
        "Deleting what was never set is done; taking away what a new bucket has is refused with 501",
        arguments: [
            ("policy", 204), ("lifecycle", 204), ("website", 204), ("replication", 204), ("encryption", 204),
            ("tagging", 204), ("cors", 204), ("publicAccessBlock", 501), ("ownershipControls", 501),
        ])
    func deletions(subresource: String, status: Int) async throws {
        try await RunningCloud.run { cloud async throws in
            _ = try await cloud.s3(.put, "/data")
            #expect(try await cloud.s3(.delete, "/data?" + subresource).status == status)
            #expect(try await cloud.s3(.head, "/data").status == 200)
            let missing = try await cloud.s3(.delete, "/missing?" + subresource)
            #expect(missing.status == (status == 501 ? 501 : 404))
        }
    }

    @Test("A browser's form is refused with 501")
    func form() async throws {
        try await RunningCloud.run { cloud async throws in
            _ = try await cloud.s3(.put, "/data")
            let reply = try await cloud.s3(.post, "/data", ["Content-Type": "multipart/form-data; boundary=x"])
            #expect(reply.status == 501)
        }
    }
}
