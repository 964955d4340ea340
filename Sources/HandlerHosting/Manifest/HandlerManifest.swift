package import JobCore
package import PureJSON

/// What `handler.yml` says about a handler.
package struct HandlerManifest: Sendable {
    /// The name that messages use: lower-case words joined by hyphens, at most 63 bytes.
    package var name = ""
    /// `MAJOR.MINOR.PATCH`, with `-PRERELEASE` where there is one.
    package var version = ""
    package var title = ""
    package var description = ""
    package var authors: [String] = []
    package var license: String?
    package var homepage: String?
    package var abi = ABIRequirement()
    /// One per platform, in the manifest's order.
    package var libraries: [Library] = []
    /// Who vouches for the handler; `nil` for nobody.
    package var signature: Signature?
    /// What a job's parameters must be.
    package var payload: JSONSchema?
    /// What the operator's configuration must be.
    package var config: JSONSchema?
    /// What the result must be; `nil` where anything goes.
    package var result: JSONSchema?
    /// In the manifest's order.
    package var inputs: [Input] = []
    /// In the manifest's order; the first is the main one.
    package var outputs: [Output] = []
    /// Which jobs are for this handler beside those that name it.
    package var binding: QueueBinding?
    /// Whether runs share one process at the same time.
    package var isReentrant = false
    package var retry = RetryPolicy()
    package var recycleAfterJobs = 500
    /// In bytes.
    package var recycleAboveBytes: Int64?
    /// What the handler asks for.
    package var request = GrantTerms()
    /// Claims that `headrace handler check` tests.
    package var isDeterministic = false
    package var isIdempotent = false
    package var examples: [Example] = []
    /// Settings that are understood and not enforced by this version.
    package var notEnforced: [String] = []
    /// Files below the manifest's folder that it refers to, schemas and example files included, in its order.
    package var referredFiles: [String] = []

    /// A manifest that says nothing.
    init() {}
}

extension HandlerManifest {
    /// Which ABI the handler speaks.
    package struct ABIRequirement: Sendable, Hashable {
        package var major: Int64 = 1
        package var minMinor: Int64 = 0
        /// Extensions without which it does not run.
        package var requires: [String] = []
        /// Extensions that it uses where they are.
        package var optional: [String] = []
    }

    /// The library of one platform.
    package struct Library: Sendable, Hashable {
        /// `linux-x86_64` or `linux-aarch64`.
        package var platform: String
        /// Relative to the manifest's folder.
        package var path: String
        package var digest: Digest
        /// Where the digest stands.
        package var digestPlace: SourcePlace
    }

    /// How the library's bytes are checked.
    package enum Digest: Sendable, Hashable {
        /// SHA-256 in lower-case hexadecimal.
        case sha256(String)
        /// Not checked: under development.
        case dev
    }

    /// A detached signature.
    package struct Signature: Sendable, Hashable {
        /// The name under which the operator lists the key.
        package var keyID: String
        /// The signature's file, relative to the manifest's folder.
        package var file: String
        package var place: SourcePlace
    }

    /// An input that a job may bring.
    package struct Input: Sendable, Hashable {
        package var name: String
        /// A JSON Pointer into the message.
        package var from = ""
        package var isRequired = true
        /// Media types that the handler reads; any when empty.
        package var contentTypes: [String] = []
        package var maxBytes: Int64?
    }

    /// An output that a run may make.
    package struct Output: Sendable, Hashable {
        package var name: String
        /// A template of the object's key with `{bucket}` and `{job}`.
        package var to = ""
        package var isRequired = true
        package var contentType = "application/octet-stream"
    }

    /// A job that shows what the handler does.
    package struct Example: Sendable, Hashable {
        package var name: String
        package var payload: JSONValue
        package var config: JSONValue?
        /// Input name to a file below the manifest's folder.
        package var inputs: [String: String]
        /// `status`, `code`, `result` and `outputs` as they stand; `nil` where nothing is expected.
        package var expect: JSONValue?
    }

    /// The library for this machine.
    package var library: Library? { libraries.first { $0.platform == ManifestReader.platform } }
}

/// Something in a handlers directory that cannot be used, and where.
package struct HandlerFault: Error, Sendable, Hashable, CustomStringConvertible {
    /// The file.
    package var file: String
    /// The line from 1; 0 for the file as a whole.
    package var line: Int
    /// The column from 1; 0 for the file as a whole.
    package var column: Int
    /// What was expected, what was found, and what to do.
    package var message: String

    /// Makes a fault.
    package init(file: String, line: Int = 0, column: Int = 0, message: String) {
        self.file = file
        self.line = line
        self.column = column
        self.message = message
    }

    /// Makes a fault at a place.
    init(_ place: SourcePlace, _ message: String) {
        self.init(file: place.file, line: place.line, column: place.column, message: message)
    }

    /// `file:line:column: message`.
    package var description: String { (line > 0 ? "\(file):\(line):\(column): " : "\(file): ") + message }
}
