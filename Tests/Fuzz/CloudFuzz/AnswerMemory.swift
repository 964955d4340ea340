import AWSWire
import FakeCloud
import HTTPTypes

/// What later requests of an input need of earlier answers, put into them in the place of `@UPLOAD@`, `@ETAG@`,
/// `@ETAG1@`…, `@RECEIPT@` and `@VERSION@`.
struct AnswerMemory {
    private var words: [String: String] = [:]

    /// Takes what an answer gives.
    mutating func note(_ request: FuzzRequest, _ answer: DirectCloud.Answer) {
        let query = request.path.split(separator: "?", maxSplits: 1).last.map { QueryItems(parsing: $0) }
        if let etag = answer.head.headerFields[.eTag] {
            words["@ETAG@"] = etag
            if let number = query?["partNumber"] { words["@ETAG\(number)@"] = etag }
        }
        if let version = answer.head.headerFields[.amzVersionID] { words["@VERSION@"] = version }
        guard answer.body.count < 4_096 else { return }
        let body = answer.body[...]
        words["@UPLOAD@"] = body.text(between: "<UploadId>", and: "<") ?? words["@UPLOAD@"]
        let receipt =
            body.text(between: "\"ReceiptHandle\":\"", and: "\"")
            ?? body.text(between: "<ReceiptHandle>", and: "<")
        words["@RECEIPT@"] = receipt ?? words["@RECEIPT@"]
    }

    /// The request with everything that is known put in.
    func filled(_ request: FuzzRequest) -> FuzzRequest {
        guard !words.isEmpty else { return request }
        var request = request
        if request.path.contains("@") { request.path = fill(request.path, encoded: true) }
        for place in request.headers.indices where request.headers[place].value.contains("@") {
            request.headers[place].value = fill(request.headers[place].value, encoded: false)
        }
        guard request.body.count < 65_536, request.body.contains(UInt8(ascii: "@")) else { return request }
        // Bytes that are no text stay as they are.
        guard let text = String(validating: request.body, as: UTF8.self) else { return request }
        let isForm = request["content-type"]?.contains("form") ?? false
        request.body = Array(fill(text, encoded: isForm).utf8)
        return request
    }

    private func fill(_ text: String, encoded: Bool) -> String {
        words.sorted { $0.key < $1.key }.reduce(text) { text, word in
            text.replacing(word.key, with: encoded ? PercentEncoding.encode(word.value) : word.value)
        }
    }
}
