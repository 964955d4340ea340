import HandlerHosting
import JobCore
import PureJSON

/// The job that `headrace handler run` makes up from its options.
struct TrialOrder: Sendable, Hashable {
    /// The options, as they were typed.
    struct Texts: Sendable, Hashable {
        /// `name=file`, or `file` for the main input.
        var inputs: [String] = []
        /// All parameters, a JSON object.
        var payload: String?
        /// `key=value`, on top of the payload.
        var params: [String] = []
        /// The name of an example of the manifest.
        var example: String?
    }

    /// The job's identifier, made of the handler's name: random numbers and names repeat from run to run.
    var jobID: JobID
    /// The handler's name.
    var handler: String
    /// Input name to an absolute path.
    var inputs: [String: String]
    /// The parameters.
    var params: JSONObject

    /// Reads the options and checks them against the handler.
    init(
        _ texts: Texts, handler: HandlerDescription, examples: [HandlerExample],
        catalog: any HandlerCatalog
    ) throws(CommandFailure) {
        guard let id = JobID("\(handler.name.prefix(100))-trial") else {
            throw CommandFailure(.usage, "\"\(handler.name)\" is no handler name")
        }
        jobID = id
        self.handler = handler.name
        inputs = [:]
        params = [:]
        if let name = texts.example { try take(name, of: examples) }
        if let payload = texts.payload { params = try Self.object(payload) }
        for text in texts.params {
            let (key, value) = try ParameterText.read(text)
            params[key] = value
        }
        for text in texts.inputs {
            let (name, path) = Self.input(text, of: handler)
            inputs[name] = LocalFile.absolute(path)
        }
        let submission = JobSubmission(
            id: id, handler: handler.name, inputs: inputs.mapValues { .file($0) }, params: params)
        try submission.check(against: catalog)
        for (name, path) in inputs.sorted(by: { $0.key < $1.key }) where !LocalFile.isFile(path) {
            throw CommandFailure(
                .usage, "there is no file \(path) for the input \(name)",
                next: "Check the path behind --input.")
        }
    }

    private mutating func take(_ name: String, of examples: [HandlerExample]) throws(CommandFailure) {
        guard let example = examples.first(where: { $0.name == name }) else {
            let names = examples.map { "\"\($0.name)\"" }.joined(separator: ", ")
            throw CommandFailure(
                .usage, "the manifest has no example named \"\(name)\"",
                next: names.isEmpty ? "Add one under `examples` in handler.yml." : "It has \(names).")
        }
        inputs = example.inputs
        params = example.params.objectValue ?? [:]
    }

    private static func object(_ text: String) throws(CommandFailure) -> JSONObject {
        let value: JSONValue
        do {
            value = try JSONValue(parsing: text)
        } catch {
            throw CommandFailure(
                .usage, "--payload is not JSON: \(error)", next: "Quote it: --payload '{\"limit\": 3}'")
        }
        guard let object = value.objectValue else {
            throw CommandFailure(.usage, "--payload: expected an object, found \(value.summary)")
        }
        return object
    }

    /// `name=file` where the handler has an input of that name, else the whole text as the main input's file.
    private static func input(_ text: String, of handler: HandlerDescription) -> (
        name: String, path: String
    ) {
        let names = handler.requiredInputs + handler.optionalInputs
        if let equals = text.firstIndex(of: "="), equals > text.startIndex {
            let name = String(text[..<equals])
            if names.contains(name) || !LocalFile.isFile(text) {
                return (name, String(text[text.index(after: equals)...]))
            }
        }
        return (names.first ?? "input", text)
    }
}
