import JobCore
import PureJSON

/// What `handler.yml` says about a handler.
struct HandlerManifest: Sendable {
    /// An input that a job may bring.
    struct Input: Sendable, Hashable {
        var name: String
        var isRequired = true
        var contentTypes: [String] = []
        var maxBytes: Int64?
    }

    /// An output that a run may make.
    struct Output: Sendable, Hashable {
        var name: String
        var isRequired = true
        var contentType = "application/octet-stream"
    }

    /// How the library's bytes are checked.
    enum Digest: Sendable, Hashable {
        /// SHA-256 in lower-case hexadecimal.
        case sha256(String)
        /// Not checked: under development.
        case dev
    }

    /// What is kept of a process between runs.
    enum Isolation: Sendable, Hashable {
        /// Processes stay warm.
        case pool
        /// Each run gets a process of its own.
        case processPerJob
    }

    /// A job that shows what the handler does.
    struct Example: Sendable, Hashable {
        var name: String
        var payload: JSONValue
        var config: JSONValue?
        /// Input name to a file below the manifest's folder.
        var inputs: [String: String]
        var expect: JSONValue?
    }

    var name = ""
    var version = ""
    var title = ""
    var description = ""
    /// Relative to the manifest's folder.
    var libraryPath = ""
    var digest = Digest.dev
    var payload: JSONSchema?
    var config: JSONSchema?
    /// In the manifest's order.
    var inputs: [Input] = []
    /// In the manifest's order; the first is the main one.
    var outputs: [Output] = []
    var concurrency = 1
    var timeout = Duration.seconds(300)
    var cancelGrace = Duration.seconds(10)
    var stall: Duration?
    var retry = RetryPolicy()
    var isolation = Isolation.pool
    var recycleAfterJobs = 500
    var recycleAboveBytes: Int64?
    var allowsNetwork = false
    var allowsProcesses = false
    var limits = HandlerLimits()
    var environment: [String] = []
    var examples: [Example] = []
    /// Settings that are understood and not enforced by this version, as `limits.threads`.
    var notEnforced: [String] = []
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

    /// `file:line:column: message`.
    package var description: String { (line > 0 ? "\(file):\(line):\(column): " : "\(file): ") + message }
}
