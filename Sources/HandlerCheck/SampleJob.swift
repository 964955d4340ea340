import ProbeProtocol
import PureJSON

/// A job to run a handler with.
struct SampleJob: Sendable, Hashable {
    var payload: JSONValue
    var inputs: [ProbeRun.Input]
    /// The example that it comes from; `nil` for a made-up job.
    var example: CheckSubject.Example?

    /// The job of an example.
    init(_ example: CheckSubject.Example, of subject: CheckSubject) {
        payload = example.payload
        inputs = example.inputs.sorted { $0.key < $1.key }.map { name, path in
            ProbeRun.Input(name: name, path: subject.folder + "/" + path)
        }
        self.example = example
    }

    private init(madeUpFor subject: CheckSubject, textPath: String) {
        payload = .object([:])
        inputs = subject.inputs.map { ProbeRun.Input(name: $0.name, path: textPath) }
    }

    /// The job that most cases run: the first example that is to end well, else the first, else a made-up one.
    static func main(of subject: CheckSubject, workspace: Workspace) -> SampleJob {
        if let example = subject.examples.first(where: { $0.status == "ok" }) ?? subject.examples.first {
            return SampleJob(example, of: subject)
        }
        return SampleJob(madeUpFor: subject, textPath: workspace.madeUpPath)
    }

    /// The configuration that the job's example wants, over the defaults.
    func config(over defaults: JSONObject) -> JSONObject {
        var config = defaults
        for (name, value) in example?.config?.objectValue ?? JSONObject() { config[name] = value }
        return config
    }

    /// The same job with the bytes of all inputs changed.
    func replacingInputs(
        in workspace: Workspace, _ change: ([UInt8]) -> [UInt8]
    ) throws(WorkspaceFault) -> SampleJob {
        var job = self
        for place in inputs.indices {
            let bytes = Workspace.read(inputs[place].path) ?? []
            job.inputs[place].path = try workspace.write(change(bytes), named: "input")
        }
        return job
    }
}
