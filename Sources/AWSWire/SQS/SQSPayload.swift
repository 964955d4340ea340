package import PureJSON

/// A document of the SQS JSON protocol: what a request or a response says in its body.
package protocol SQSPayload: Sendable, Hashable {
    /// Reads the document; members it does not know are ignored, `null` counts as absent.
    init(json: JSONValue) throws(SQSCodecError)

    /// The document; members without a value are absent.
    var json: JSONValue { get }
}

/// A request of SQS, with the type of its response.
package protocol SQSRequest: SQSPayload {
    /// What SQS answers when it accepts the request.
    associatedtype Response: SQSPayload

    /// The operation that this is a request of.
    static var operation: SQSOperation { get }
}

/// Why a body is not the document that the protocol asks for.
package enum SQSCodecError: Error, Sendable, Hashable {
    /// The bytes are not JSON; the parser's sentence.
    case notJSON(String)
    /// The document is not an object.
    case notAnObject(found: String)
    /// A required member is not there.
    case missing(member: String)
    /// A member has another type.
    case wrongType(member: String, expected: String, found: String)
    /// A binary member is not base 64.
    case notBase64(member: String)
}

extension SQSCodecError: CustomStringConvertible {
    /// What was expected and what was found.
    package var description: String {
        switch self {
        case .notJSON(let reason): "the body is \(reason)"
        case .notAnObject(let found): "expected a JSON object, found \(found)"
        case .missing(let member): "the member \(member) is missing"
        case .wrongType(let member, let expected, let found):
            "the member \(member) should be \(expected), found \(found)"
        case .notBase64(let member): "the member \(member) is not base 64"
        }
    }
}

/// The empty document that many operations answer with.
package struct SQSEmptyResponse: SQSPayload {
    /// Makes the empty document.
    package init() {}

    /// Reads any object.
    package init(json: JSONValue) throws(SQSCodecError) { _ = try SQSMembers(json) }

    /// An object without members.
    package var json: JSONValue { .object([:]) }
}
