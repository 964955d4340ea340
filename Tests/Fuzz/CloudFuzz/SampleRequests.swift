/// Requests that no client was captured sending, by target.
enum SampleRequests {
    static func of(_ target: FuzzTarget) -> [FuzzRequest] {
        switch target {
        case .json: json
        case .query: query
        case .xml: xml
        case .chunked: ChunkedSamples.requests
        case .multipart: []
        }
    }

    static func sequences(of target: FuzzTarget) -> [FuzzInput] {
        switch target {
        case .json: [FuzzInput([receive] + settlements)]
        case .multipart: MultipartSamples.sequences
        case .query, .xml, .chunked: []
        }
    }

    private static let queueURL = "http://\(FuzzWorld.authority)/000000000000/jobs"

    private static func call(_ operation: String, _ body: String) -> FuzzRequest {
        FuzzRequest(
            "POST", "/",
            [("x-amz-target", "AmazonSQS." + operation), ("content-type", "application/x-amz-json-1.0")],
            body: Array(body.utf8))
    }

    private static let receive = call(
        "ReceiveMessage", #"{"QueueUrl": "\#(queueURL)", "MaxNumberOfMessages": 2, "WaitTimeSeconds": 1}"#)

    private static let settlements = [
        call(
            "ChangeMessageVisibility",
            #"{"QueueUrl": "\#(queueURL)", "ReceiptHandle": "@RECEIPT@", "VisibilityTimeout": 0}"#),
        call("DeleteMessage", #"{"QueueUrl": "\#(queueURL)", "ReceiptHandle": "@RECEIPT@"}"#),
    ]

    private static let json = [
        call("TagQueue", #"{"QueueUrl": "\#(queueURL)", "Tags": {"team": "mill", "empty": ""}}"#),
        call("UntagQueue", #"{"QueueUrl": "\#(queueURL)", "TagKeys": ["team"]}"#),
        call("ListQueueTags", #"{"QueueUrl": "\#(queueURL)"}"#),
        call(
            "AddPermission",
            #"{"QueueUrl": "\#(queueURL)", "Label": "l", "AWSAccountIds": ["1"], "Actions": ["SendMessage"]}"#),
        call("RemovePermission", #"{"QueueUrl": "\#(queueURL)", "Label": "l"}"#),
        call(
            "StartMessageMoveTask",
            #"{"SourceArn": "arn:aws:sqs:us-east-1:000000000000:dead", "MaxNumberOfMessagesPerSecond": 5}"#),
        call(
            "ListMessageMoveTasks",
            #"{"SourceArn": "arn:aws:sqs:us-east-1:000000000000:dead", "MaxResults": 3}"#),
        call("CancelMessageMoveTask", #"{"TaskHandle": "handle"}"#),
        call(
            "CreateQueue",
            ##"{"QueueName": "new.fifo", "Attributes": {"FifoQueue": "true", "RedrivePolicy": "##
                + ##""{\"deadLetterTargetArn\": \"arn:aws:sqs:us-east-1:000000000000:dead\", \"maxReceiveCount\": 3}"}}"##
        ),
        call(
            "SetQueueAttributes",
            ##"{"QueueUrl": "\##(queueURL)", "Attributes": {"RedriveAllowPolicy": "##
                + ##""{\"redrivePermission\": \"byQueue\", \"sourceQueueArns\": [\"a\"]}", "Policy": "{}"}}"##),
    ]

    private static let query = [
        FuzzRequest(
            "GET", "/000000000000/jobs?Action=ReceiveMessage&MaxNumberOfMessages=10&AttributeName.1=All",
            [("authorization", "AWS4-HMAC-SHA256 Credential=k/20261121/us-east-1/sqs/aws4_request")]),
        FuzzRequest(
            "POST", "/000000000000/jobs", [("content-type", "application/x-www-form-urlencoded; charset=utf-8")],
            body: Array("Action=DeleteMessage&ReceiptHandle=@RECEIPT@".utf8)),
    ]

    private static func document(_ method: String, _ path: String, _ body: String) -> FuzzRequest {
        FuzzRequest(method, path, [("content-type", "application/xml")], body: Array(body.utf8))
    }

    private static let xml = [
        document(
            "PUT", "/data?tagging",
            "<Tagging><TagSet><Tag><Key>team</Key><Value>mill</Value></Tag><Tag><Key>b</Key><Value/></Tag></TagSet>"
                + "</Tagging>"),
        document(
            "PUT", "/data/in/a.csv?tagging",
            "<Tagging><TagSet><Tag><Key>k</Key><Value>&lt;v&#xE9;&gt;</Value></Tag></TagSet></Tagging>"),
        document(
            "PUT", "/data?cors",
            "<CORSConfiguration><CORSRule><ID>one</ID><AllowedOrigin>https://*.example.com</AllowedOrigin>"
                + "<AllowedMethod>GET</AllowedMethod><AllowedMethod>PUT</AllowedMethod><AllowedHeader>*</AllowedHeader>"
                + "<ExposeHeader>ETag</ExposeHeader><MaxAgeSeconds>60</MaxAgeSeconds></CORSRule></CORSConfiguration>"),
        document(
            "PUT", "/data?notification",
            "<NotificationConfiguration><QueueConfiguration><Id>n</Id>"
                + "<Queue>arn:aws:sqs:us-east-1:000000000000:jobs</Queue><Event>s3:ObjectCreated:*</Event><Filter>"
                + "<S3Key><FilterRule><Name>prefix</Name><Value>in/</Value></FilterRule></S3Key></Filter>"
                + "</QueueConfiguration></NotificationConfiguration>"),
        document(
            "PUT", "/data?versioning",
            "<VersioningConfiguration><Status>Enabled</Status></VersioningConfiguration>"),
        document(
            "PUT", "/fresh",
            "<CreateBucketConfiguration><LocationConstraint>eu-west-1</LocationConstraint>"
                + "</CreateBucketConfiguration>"),
        document(
            "POST", "/data?delete",
            "<?xml version=\"1.0\"?><!-- c --><Delete><Object><Key><![CDATA[in/a.csv]]></Key></Object></Delete>"),
        FuzzRequest("GET", "/data?list-type=2&prefix=&delimiter=%2F&max-keys=2&encoding-type=url&start-after=a"),
        FuzzRequest("GET", "/data?versions&key-marker=a&version-id-marker=null&max-keys=1"),
        FuzzRequest("GET", "/data?cors"), FuzzRequest("GET", "/data?notification"),
        FuzzRequest("GET", "/data/in/a.csv?attributes", [("x-amz-object-attributes", "ETag,ObjectSize,Checksum")]),
        FuzzRequest("GET", "/data/in/a.csv?versionId=null", [("range", "bytes=1-3"), ("if-match", "@ETAG@")]),
        FuzzRequest(
            "OPTIONS", "/data/in/a.csv",
            [("origin", "https://a.example.com"), ("access-control-request-method", "PUT")]),
    ]
}
