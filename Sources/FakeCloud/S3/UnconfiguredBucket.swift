internal import AWSWire

/// What AWS tells of a bucket that nobody configured, about things that cannot be configured here.
///
/// Tools read them all the time; what they are told is true of every bucket of this service. Writing them is refused.
enum UnconfiguredBucket {
    /// The answer to reading a sub-resource of a bucket; `nil` for one whose reading is refused as well.
    static func document(_ subresource: String, ownerID: String) -> [UInt8]? {
        switch subresource {
        case "accelerate": body(XMLElement("AccelerateConfiguration", ""))
        case "acl": accessControl(ownerID: ownerID)
        case "encryption": body(encryption)
        case "logging": body(XMLElement("BucketLoggingStatus", ""))
        case "ownershipControls":
            body(
                XMLElement(
                    "OwnershipControls", [XMLElement("Rule", [XMLElement("ObjectOwnership", "BucketOwnerEnforced")])]))
        case "publicAccessBlock": body(publicAccess)
        case "requestPayment":
            body(XMLElement("RequestPaymentConfiguration", [XMLElement("Payer", "BucketOwner")]))
        default: nil
        }
    }

    /// The refusal of reading a sub-resource that is not there.
    static func refusal(_ subresource: String, bucket: String) -> S3Refusal? {
        let refusal: (code: String, message: String)? =
            switch subresource {
            case "lifecycle": ("NoSuchLifecycleConfiguration", "The lifecycle configuration does not exist")
            case "object-lock":
                (
                    "ObjectLockConfigurationNotFoundError",
                    "Object Lock configuration does not exist for this bucket"
                )
            case "policy", "policyStatus": ("NoSuchBucketPolicy", "The bucket policy does not exist")
            case "replication":
                ("ReplicationConfigurationNotFoundError", "The replication configuration was not found")
            case "website":
                (
                    "NoSuchWebsiteConfiguration",
                    "The specified bucket does not have a website configuration"
                )
            default: nil
            }
        return refusal.map { S3Refusal($0.code, $0.message, details: ["BucketName": bucket]) }
    }

    /// Whether deleting a sub-resource of a bucket that has none changes nothing, so that it can be done.
    ///
    /// The encryption of a new bucket is what its deletion goes back to. The blocks of public access and the rule of
    /// ownership are not among them: a new bucket has them, and without them it would be another.
    static func isDeletable(_ subresource: String) -> Bool {
        ["encryption", "lifecycle", "policy", "replication", "website"].contains(subresource)
    }

    /// The owner may do everything, and nobody else anything.
    static func accessControl(ownerID: String) -> [UInt8] {
        let text = """
            <?xml version="1.0" encoding="UTF-8"?>
            <AccessControlPolicy xmlns="http://s3.amazonaws.com/doc/2006-03-01/"><Owner><ID>\(ownerID)</ID></Owner>\
            <AccessControlList><Grant><Grantee xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" \
            xsi:type="CanonicalUser"><ID>\(ownerID)</ID></Grantee><Permission>FULL_CONTROL</Permission></Grant>\
            </AccessControlList></AccessControlPolicy>
            """
        return Array(text.utf8)
    }

    private static func body(_ root: XMLElement) -> [UInt8] { root.document(namespace: S3Tagging.namespace) }

    private static let encryption = XMLElement(
        "ServerSideEncryptionConfiguration",
        [
            XMLElement(
                "Rule",
                [
                    XMLElement(
                        "ApplyServerSideEncryptionByDefault", [XMLElement("SSEAlgorithm", "AES256")]),
                    XMLElement("BucketKeyEnabled", "false"),
                ])
        ])

    private static let publicAccess = XMLElement(
        "PublicAccessBlockConfiguration",
        ["BlockPublicAcls", "IgnorePublicAcls", "BlockPublicPolicy", "RestrictPublicBuckets"].map {
            XMLElement($0, "true")
        })
}
