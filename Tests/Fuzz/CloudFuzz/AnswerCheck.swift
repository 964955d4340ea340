import AWSWire
import FakeCloud
import HTTPTypes
import PureJSON

/// Holds answers to what AWS's clients can read.
enum AnswerCheck {
    /// An answer in short: two inputs with equal summaries did much the same.
    struct Summary: Hashable {
        let status: Int
        let code: String
    }

    /// What is wrong with an answer.
    struct Fault: Error, CustomStringConvertible {
        let description: String
    }

    /// Reads an answer; an answer that no client could read, or that blames the server, is a fault.
    static func summary(_ answer: DirectCloud.Answer, to request: FuzzRequest) throws(Fault) -> Summary {
        let status = answer.head.status.code
        guard (200..<600).contains(status) else { throw Fault(description: "the status \(status) is none") }
        guard status < 500 || status == 501 else {
            throw Fault(description: "\(status): \(String(decoding: answer.body.prefix(500), as: UTF8.self))")
        }
        for field in answer.head.headerFields where field.value.utf8.contains(where: { $0 < 0x20 && $0 != 9 }) {
            throw Fault(description: "the header \(field.name) has a control character")
        }
        let isBare = request.method == "HEAD" || status == 204 || status == 304
        if isBare {
            guard answer.body.isEmpty else { throw Fault(description: "a body where none may be") }
            return Summary(status: status, code: "")
        }
        switch answer.head.headerFields[.contentType] ?? "" {
        case "application/x-amz-json-1.0": return Summary(status: status, code: try json(answer, status))
        case "text/xml": return Summary(status: status, code: try query(answer, status))
        case "application/xml" where status >= 400 || answer.head.headerFields[.eTag] == nil:
            return Summary(status: status, code: try s3(answer, status))
        case let type:
            guard status < 400 || status == 403 && request.method == "OPTIONS" else {
                throw Fault(description: "an error of the type \"\(type)\"")
            }
            return Summary(status: status, code: "")
        }
    }

    private static func json(_ answer: DirectCloud.Answer, _ status: Int) throws(Fault) -> String {
        let document: JSONValue
        do throws(JSONParseError) {
            document = try JSONValue(parsing: answer.body)
        } catch {
            throw Fault(description: "the answer is \(error.description)")
        }
        guard let object = document.objectValue else { throw Fault(description: "the answer is no object") }
        guard status >= 400 else { return "" }
        guard let type = object["__type"]?.stringValue, type.contains("#"), object["message"]?.stringValue != nil,
            let header = answer.head.headerFields[.amznQueryError],
            header.hasSuffix(";Sender") || header.hasSuffix(";Receiver")
        else { throw Fault(description: "an error without __type, message or x-amzn-query-error") }
        return type
    }

    private static func query(_ answer: DirectCloud.Answer, _ status: Int) throws(Fault) -> String {
        let root = try document(answer.body)
        guard status >= 400 else {
            guard root.name.hasSuffix("Response"), root["ResponseMetadata"]?["RequestId"] != nil else {
                throw Fault(description: "<\(root.name)> is no answer of the Query protocol")
            }
            return ""
        }
        guard root.name == "ErrorResponse", let code = root["Error"]?["Code"]?.text, !code.isEmpty,
            root["Error"]?["Message"] != nil, root["RequestId"] != nil
        else { throw Fault(description: "an error without Code, Message or RequestId") }
        return code
    }

    private static func s3(_ answer: DirectCloud.Answer, _ status: Int) throws(Fault) -> String {
        let root = try document(answer.body)
        guard status >= 400 else { return root.name }
        guard root.name == "Error", let code = root["Code"]?.text, !code.isEmpty, root["Message"] != nil,
            root["RequestId"] != nil
        else { throw Fault(description: "an error without Code, Message or RequestId") }
        return code
    }

    /// Reads a document more strictly than servers do: XML 1.0 has no control characters but three.
    private static func document(_ bytes: [UInt8]) throws(Fault) -> XMLElement {
        if let byte = bytes.first(where: { $0 < 0x20 && $0 != 9 && $0 != 10 && $0 != 13 }) {
            throw Fault(description: "the document has the control character \(byte)")
        }
        do throws(XMLError) { return try XMLElement(parsing: bytes) } catch {
            throw Fault(description: "the answer is \(error.description)")
        }
    }
}
