package import PureJSON

/// The handler that is checked: what its manifest says, as far as checks want to know.
package struct CheckSubject: Sendable {
    /// An input that a job may bring.
    package struct Input: Sendable, Hashable {
        package var name: String
        /// A JSON Pointer into the message.
        package var from: String
        package var isRequired: Bool
        package var maxBytes: Int64?
    }

    /// An output that a run may make.
    package struct Output: Sendable, Hashable {
        package var name: String
        /// A template of the object's key.
        package var to: String
        package var isRequired: Bool
    }

    /// A job that shows what the handler does.
    package struct Example: Sendable, Hashable {
        package var name: String
        package var payload: JSONValue
        package var config: JSONValue?
        /// Input name to a file below the handler's folder.
        package var inputs: [String: String]
        /// `status`, `code`, `result` and `outputs`; `nil` where nothing is expected.
        package var expectation: JSONValue?
    }

    /// The absolute path of the handler's folder.
    package var folder: String
    package var name: String
    package var version: String
    package var title: String
    package var license: String?
    /// The absolute path of this machine's library.
    package var libraryPath: String
    /// Whether the manifest has the library's digest, and not `dev`.
    package var hasDigest: Bool
    /// The oldest minor version of the host's ABI that the manifest names.
    package var minHostMinor: Int64
    package var inputs: [Input]
    package var outputs: [Output]
    package var isReentrant: Bool
    package var isDeterministic: Bool
    package var isIdempotent: Bool
    /// In bytes; `nil` for no limit.
    package var memoryLimit: Int64?
    /// In bytes, all outputs together.
    package var outputLimit: Int64
    /// In bytes.
    package var checkpointLimit: Int64
    /// In bytes.
    package var keyValueLimit: Int64
    package var openFiles: Int64
    package var cancelGrace: Duration
    /// Folders and files that the manifest asks to read.
    package var readPaths: [String]
    package var allowsNetwork: Bool
    package var allowsProcesses: Bool
    /// `NAME=value`: what the handler's process gets in production.
    package var environment: [String]
    /// The configuration's defaults, and `handlerDirectory`.
    package var config: JSONObject
    package var examples: [Example]
    /// Settings of the manifest that nothing enforces.
    package var notEnforced: [String]
    /// Says what is wrong with a job's parameters; `nil` when they fit.
    package var faultInPayload: @Sendable (JSONValue) -> String?
    /// Says what is wrong with a result; `nil` when it fits.
    package var faultInResult: @Sendable (JSONValue) -> String?
}

extension CheckSubject.Example {
    /// The status that is expected, in the manifest's words; `ok` where it says nothing.
    var status: String { expectation?["status"]?.stringValue ?? "ok" }
}

/// A status in the words of manifests.
enum StatusWord {
    private static let words = ["ok", "retryable", "invalid-input", "permanent", "cancelled", "resource"]

    static func text(_ status: Int32) -> String {
        words.indices.contains(Int(status)) ? words[Int(status)] : "\(status)"
    }

    /// Whether the C header has such a status.
    static func isKnown(_ status: Int32) -> Bool { words.indices.contains(Int(status)) }
}
