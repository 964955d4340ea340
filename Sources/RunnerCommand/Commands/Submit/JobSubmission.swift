import JobCore
import PureJSON

/// A job that somebody asks for, before its inputs are uploaded.
struct JobSubmission: Sendable, Hashable {
    /// Where an input comes from.
    enum Source: Sendable, Hashable {
        /// A file of this machine, to be uploaded.
        case file(String)
        /// An object that is there already.
        case object(ObjectLocation)

        /// Reads what a person typed: `s3://bucket/key` or a path.
        init(_ text: String) throws(CommandFailure) {
            guard text.hasPrefix("s3://") else {
                self = .file(text)
                return
            }
            do {
                self = .object(try ObjectLocation(uri: text))
            } catch {
                throw CommandFailure(.usage, "\(text): \(error)")
            }
        }
    }

    var id: JobID
    var handler: String
    /// Input name to its source.
    var inputs: [String: Source]
    var params: JSONObject = [:]
    var tenant: Tenant?
    var priority: Priority = .normal

    /// The message for the queue, once every input is an object.
    func message(inputs: [String: ObjectLocation], submittedAt: Timestamp) -> JSONValue {
        var references = JSONObject()
        for (name, location) in inputs.sorted(by: { $0.key < $1.key }) {
            references[name] = ["uri": .string(location.uri)]
        }
        var object: JSONObject = [
            "schema": .string(JobRequest.Format.job.rawValue), "job_id": .string(id.rawValue),
            "handler": .string(handler), "inputs": .object(references), "params": .object(params),
        ]
        object["tenant"] = (tenant?.rawValue).map { .string($0) }
        object["priority"] = .string(priority.rawValue)
        object["submitted_at"] = .string(submittedAt.rfc3339)
        return .object(object)
    }

    /// Checks the handler, its inputs and parameters against a catalogue.
    func check(against catalog: any HandlerCatalog) throws(CommandFailure) {
        guard let description = catalog.description(of: handler) else {
            let names = catalog.descriptions().map(\.name)
            let nearest = NearestName.of(handler, among: names).map { " Did you mean \($0)?" } ?? ""
            throw CommandFailure(
                .usage, "there is no handler \"\(handler)\"; there are \(names.joined(separator: ", "))",
                next: "List them with `headrace handler list`.\(nearest)")
        }
        let allowed = description.requiredInputs + description.optionalInputs
        if let stranger = inputs.keys.sorted().first(where: { !allowed.contains($0) }) {
            throw CommandFailure(
                .usage, "\(handler) has no input \"\(stranger)\"; it takes \(allowed.joined(separator: ", "))")
        }
        if let missing = description.requiredInputs.first(where: { inputs[$0] == nil }) {
            throw CommandFailure(
                .usage, "\(handler) needs the input \"\(missing)\"", next: "Add `--input \(missing)=FILE`.")
        }
        if let fault = catalog.faultInParams(.object(params), for: handler) {
            let place = fault.pointer.isEmpty ? "" : " at \(fault.pointer)"
            throw CommandFailure(
                .usage, "the parameters do not fit \(handler)\(place): \(fault.reason)",
                next: "See its parameters with `headrace handler list --json`.")
        }
    }

    /// The name of a handler's main input: its first required one, else its first; `csv` without a catalogue.
    static func mainInput(of handler: String, in catalog: (any HandlerCatalog)?) -> String {
        guard let description = catalog?.description(of: handler) else { return "csv" }
        return description.requiredInputs.first ?? description.optionalInputs.first ?? "csv"
    }

    /// A new id that tells handler and time and is unique: `churn-predict-20261121-061530-k3f9xa`.
    static func newID(for handler: String, now: Timestamp) -> JobID? {
        let digits = Timestamp(seconds: now.seconds).rfc3339.filter(\.isNumber)
        let letters = Array("abcdefghijkmnpqrstuvwxyz23456789")
        let random = String((0..<6).map { _ in letters[Int.random(in: 0..<letters.count)] })
        return JobID("\(handler.prefix(80))-\(digits.prefix(8))-\(digits.dropFirst(8).prefix(6))-\(random)")
    }
}

/// Parameters as they are typed: `key=value`, where a value that reads as JSON is JSON and any other is text.
enum ParameterText {
    /// Reads one `key=value`.
    static func read(_ text: String) throws(CommandFailure) -> (key: String, value: JSONValue) {
        guard let equals = text.firstIndex(of: "="), equals > text.startIndex else {
            throw CommandFailure(.usage, "--param takes key=value, found \"\(text)\"")
        }
        let key = String(text[..<equals])
        let written = String(text[text.index(after: equals)...])
        do {
            return (key, try JSONValue(parsing: written))
        } catch {
            // Not JSON, hence a plain text: `--param model=telco-v1`.
            return (key, .string(written))
        }
    }
}
