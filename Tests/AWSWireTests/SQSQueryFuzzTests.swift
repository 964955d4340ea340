import AWSWire
import Foundation
import PureJSON
import Testing

@Suite("SQS Query: requests that are no requests")
struct SQSQueryFuzzTests {
    /// HEADRACE_FUZZ_COUNT makes it as long as one likes.
    private static let count = Int(ProcessInfo.processInfo.environment["HEADRACE_FUZZ_COUNT"] ?? "") ?? 2_000

    private static let bodies = [
        "CreateQueue", "SendMessage", "SendMessageBatch", "ReceiveMessage", "TagQueue", "UntagQueue", "AddPermission",
        "DeleteMessageBatch", "ChangeMessageVisibilityBatch", "SetQueueAttributes",
    ]

    private static let pieces = [
        "&", "=", ".", "%", "%00", "%ff", ".1", ".0", ".-1", ".99999999999999999999", "Attribute", ".Name", ".Value",
        "Action=", "&Action=SendMessage", "+", "\u{FFFF}", "MessageAttribute.1.Value.DataType=",
        "SendMessageBatchRequestEntry.1", "&DelaySeconds=", "&WaitTimeSeconds=-",
    ]

    /// Cuts, repeats and inserts at some places.
    private static func mangle(_ text: String, _ random: inout SplitMix) -> String {
        var bytes = Array(text.utf8)
        for _ in 0..<Int.random(in: 1...6, using: &random) {
            let place = Int.random(in: 0...bytes.count, using: &random)
            let end = min(bytes.count, place + Int.random(in: 0...12, using: &random))
            switch Int.random(in: 0..<4, using: &random) {
            case 0: bytes.removeSubrange(place..<end)
            case 1: bytes.insert(contentsOf: Array(bytes[place..<end]), at: place)
            case 2: bytes.insert(contentsOf: Array(pieces.randomElement(using: &random)?.utf8 ?? "".utf8), at: place)
            default: bytes.insert(UInt8.random(in: 0...255, using: &random), at: place)
            }
        }
        return String(decoding: bytes, as: UTF8.self)
    }

    @Test("Each mangled form is a document or an error of SQS, and each error is readable XML", arguments: [1, 2, 3])
    func mangled(seed: UInt64) throws {
        var random = SplitMix(state: seed)
        let forms = try Self.bodies.map { String(decoding: try Capture("query/boto3/sqs-" + $0).body, as: UTF8.self) }
        var (documents, errors) = (0, 0)
        for number in 0..<Self.count {
            let items = QueryItems(parsing: Self.mangle(forms[number % forms.count], &random))
            do throws(SQSError) {
                _ = try SQSQuery.document(try SQSQuery.operation(items), items, path: "/")
                documents += 1
            } catch {
                errors += 1
                guard errors % 100 == 1 else { continue }
                let answer = SQSQuery.response(refusing: error, requestID: "id")
                #expect(throws: Never.self) { try XMLElement(parsing: answer) }
            }
        }
        #expect(documents > 0 && errors > 0)
    }
}

/// Steele, Lea, Flood 2014.
private struct SplitMix: RandomNumberGenerator {
    var state: UInt64

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var mixed = state
        mixed = (mixed ^ mixed >> 30) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ mixed >> 27) &* 0x94D0_49BB_1331_11EB
        return mixed ^ mixed >> 31
    }
}
