import JobCore
import JobTestKit
import PureJSON
import Testing

@Suite("Job messages")
struct JobMessageReaderTests {
    private let now = Timestamp(seconds: 1_800_000_000)
    private let reader = JobMessageReader(rules: MessageRules(allowedBuckets: ["uploads"]))

    private func good() -> JSONObject {
        [
            "schema": "headrace.job/1", "job_id": "job-1", "handler": "csv-validate",
            "inputs": ["csv": ["uri": "s3://uploads/a/b.csv", "etag": "\"x\"", "version_id": "v"]],
            "params": ["limit": 3], "tenant": "acme", "priority": "high",
            "submitted_at": .string(now.rfc3339), "not_after": .string((now + .seconds(60)).rfc3339),
            "traceparent": "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01", "unknown": [1],
        ]
    }

    private func rejection(_ body: String) -> MessageRejection? {
        do {
            _ = try reader.read(body, now: now)
            return nil
        } catch {
            return error
        }
    }

    @Test("A full message gives a full request, unknown fields are ignored")
    func readsFull() throws {
        let request = try reader.read(JSONValue.object(good()).serialized(), now: now)
        #expect(request.id.rawValue == "job-1")
        #expect(request.inputs["csv"]?.location.uri == "s3://uploads/a/b.csv")
        #expect(request.inputs["csv"]?.etag == "\"x\"")
        #expect(request.params == ["limit": 3])
        #expect(request.priority == .high)
        #expect(request.notAfter == now + .seconds(60))
        #expect(request.tenant?.rawValue == "acme")
    }

    static let faults: [(String, JSONValue?, MessageRejection.Code, String)] = [
        ("schema", "headrace.job/2", .unknownSchema, "/schema"),
        ("schema", nil, .missingField, "/schema"),
        ("job_id", "a..b", .badJobID, "/job_id"),
        ("job_id", .string(String(repeating: "a", count: 129)), .badJobID, "/job_id"),
        ("job_id", 7, .wrongType, "/job_id"),
        ("handler", nil, .missingField, "/handler"),
        ("inputs", [], .wrongType, "/inputs"),
        ("inputs", ["csv": "s3://uploads/a"], .wrongType, "/inputs/csv"),
        ("inputs", ["csv": ["uri": "https://uploads/a"]], .badInput, "/inputs/csv/uri"),
        ("inputs", ["csv": ["uri": "s3://uploads/../a"]], .badInput, "/inputs/csv/uri"),
        ("inputs", ["csv": ["uri": "s3://uploads/a//b"]], .badInput, "/inputs/csv/uri"),
        ("inputs", ["csv": ["uri": "s3://uploads/a\u{7}b"]], .badInput, "/inputs/csv/uri"),
        ("inputs", ["csv": ["uri": "s3://other/a"]], .bucketNotAllowed, "/inputs/csv/uri"),
        ("params", [1], .wrongType, "/params"),
        ("tenant", "a b", .badTenant, "/tenant"),
        ("priority", "urgent", .badPriority, "/priority"),
        ("submitted_at", "yesterday", .badTimestamp, "/submitted_at"),
        ("submitted_at", "2027-01-13T08:00:00Z", .timestampTooOld, "/submitted_at"),
        ("submitted_at", "2027-01-15T10:00:00Z", .timestampInFuture, "/submitted_at"),
        ("traceparent", "00-xyz", .badTraceContext, "/traceparent"),
    ]

    @Test("Each broken rule is named with its place", arguments: faults)
    func rejects(field: String, value: JSONValue?, code: MessageRejection.Code, pointer: String) {
        var message = good()
        message[field] = value
        let rejection = rejection(JSONValue.object(message).serialized())
        #expect(rejection?.code == code)
        #expect(rejection?.pointer == pointer)
    }

    @Test(
        "A body that is no JSON object is rejected",
        arguments: [("", MessageRejection.Code.notJSON), ("{", .notJSON), ("[]", .notAnObject), ("{}", .missingField)])
    func rejectsForm(body: String, code: MessageRejection.Code) {
        #expect(rejection(body)?.code == code)
    }

    @Test("A body above the queue's limit is rejected before it is parsed")
    func rejectsLarge() {
        #expect(rejection(String(repeating: " ", count: 1_048_577))?.code == .tooLarge)
    }

    @Test("A rejection names the job where the message had a good id")
    func keepsJobID() {
        var message = good()
        message["handler"] = nil
        #expect(rejection(JSONValue.object(message).serialized())?.jobID?.rawValue == "job-1")
    }
}

@Suite("Prediction messages of the replaced system")
struct PredictionMessageTests {
    private let now = Timestamp(seconds: 1_800_000_000)
    private let reader = JobMessageReader(rules: MessageRules(allowedBuckets: ["uploads"]))

    private func good() -> JSONObject {
        [
            "prediction_id": "3f2b8c1e-9d4a-4c6b-8e2f-1a2b3c4d5e6f", "user_id": "user_2abcDEFghiJKLmnoPQRstu",
            "upload_id": "42", "s3_file_path": "s3://uploads/user/customers.csv", "timestamp": .string(now.rfc3339),
            "priority": "normal",
        ]
    }

    @Test("The message maps to churn-predict under its own id")
    func maps() throws {
        let request = try reader.read(JSONValue.object(good()).serialized(), now: now)
        #expect(request.handler == "churn-predict")
        #expect(request.id.rawValue == "3f2b8c1e-9d4a-4c6b-8e2f-1a2b3c4d5e6f")
        #expect(request.inputs["csv"]?.location.key == "user/customers.csv")
        #expect(request.tenant?.rawValue == "user_2abcDEFghiJKLmnoPQRstu")
        #expect(request.format == .prediction)
    }

    @Test("A Python time without an offset is read as UTC")
    func readsNaiveTime() throws {
        var message = good()
        message["timestamp"] = .string(String(now.rfc3339.dropLast()))
        #expect(try reader.read(JSONValue.object(message).serialized(), now: now).submittedAt == now)
    }

    static let faults: [(String, JSONValue?, MessageRejection.Code)] = [
        ("prediction_id", "3f2b8c1e-9d4a-1c6b-8e2f-1a2b3c4d5e6f", .badJobID),
        ("prediction_id", "nope", .badJobID),
        ("user_id", "user_short", .badUserID),
        ("user_id", "2abcDEFghiJKLmnoPQRstuvw", .badUserID),
        ("upload_id", nil, .missingField),
        ("s3_file_path", "s3://uploads/user/customers.txt", .badInput),
        ("s3_file_path", "s3://uploads/../customers.csv", .badInput),
        ("s3_file_path", "s3://uploads/a//b.csv", .badInput),
        ("s3_file_path", "s3://uploads/a;rm.csv", .badInput),
        ("s3_file_path", "s3://other/a.csv", .bucketNotAllowed),
        ("priority", "low", .badPriority),
        ("timestamp", "2020-01-01T00:00:00Z", .timestampTooOld),
    ]

    @Test("Each of its five checks stays", arguments: faults)
    func rejects(field: String, value: JSONValue?, code: MessageRejection.Code) {
        var message = good()
        message[field] = value
        let rejection = #expect(throws: MessageRejection.self) {
            try reader.read(JSONValue.object(message).serialized(), now: now)
        }
        #expect(rejection?.code == code)
    }
}
