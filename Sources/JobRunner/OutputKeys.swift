import JobCore
import PureJSON

/// Where the outputs of one attempt go.
struct OutputKeys {
    let settings: RunnerSettings
    let request: JobRequest
    let epoch: Epoch

    init(settings: RunnerSettings, request: JobRequest, epoch: Epoch) {
        self.settings = settings
        self.request = request
        self.epoch = epoch
    }

    init(settings: RunnerSettings, record: JobRecord) {
        self.init(settings: settings, request: record.request, epoch: record.epoch)
    }

    private var bucket: String {
        let first = request.inputs.min { $0.key < $1.key }
        return settings.outputBucket ?? first?.value.location.bucket ?? ""
    }

    func staged(_ name: String) -> ObjectLocation {
        ObjectLocation(bucket: bucket, key: "\(settings.stagingPrefix)\(request.id)/\(epoch)/\(name)")
    }

    func published(_ name: String) -> ObjectLocation {
        ObjectLocation(bucket: bucket, key: "\(settings.outputPrefix)\(request.id)/\(name)")
    }
}

/// How long the steps around the handler took.
struct StageTimings {
    var fetch: Duration?
    var stage: Duration?

    /// Adds `fetch_ms` and `stage_ms` to the handler's metrics.
    func merged(into metrics: JSONValue?) -> JSONValue? {
        var object = metrics?.objectValue ?? JSONObject()
        for (name, value) in [("fetch_ms", fetch), ("stage_ms", stage)] {
            guard let value else { continue }
            object[name] = .number(value.milliseconds)
        }
        return object.isEmpty ? metrics : .object(object)
    }
}
