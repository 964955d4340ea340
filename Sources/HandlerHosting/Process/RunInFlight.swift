import CHostProcess
import Glibc
import HostProtocol
import JobCore

/// The run that a host process is doing.
struct RunInFlight {
    var order: HostChild.Order
    var number: UInt64
    var watch: RunWatch
    var startedAt: Int64
    var measuredAt: Int64
    /// What the process had used before the run.
    var processorTimeBefore: Int64
    var isMeasured: Bool
    var lastProgress: String?
    /// The state request that has no answer yet.
    var openRequest: UInt64?
    var metrics = HandlerMetrics(seriesLimit: MetricRules.seriesLimit)
    var metricCallsLeft = MetricRules.callLimit
    var files: RunFiles

    /// Takes a measurement that is within the rules; the process need not keep them by itself.
    mutating func add(_ metric: HostMetric) {
        guard metricCallsLeft > 0, MetricRules.isWellFormed(metric),
            let kind = HandlerMeasurement.Kind(rawValue: metric.kind)
        else { return }
        metricCallsLeft -= 1
        let labels = Dictionary(metric.labels.map { ($0.key, $0.value) }) { _, later in later }
        metrics.add(HandlerMeasurement(kind: kind, name: metric.name, labels: labels, value: metric.value))
    }
}

/// The files of one run on the runner's side.
struct RunFiles {
    let inputNames: [String]
    let descriptors: [Int32]
    let outputDirectory: String
    let scratchDirectory: String

    /// Opens the inputs and makes the directories below the run's own.
    init(_ invocation: HandlerInvocation, inputLimits: [String: Int64]) throws(RunFilesFault) {
        let base = invocation.scratchDirectory
        outputDirectory = base + "/out"
        scratchDirectory = base + "/work"
        for path in [outputDirectory, scratchDirectory] {
            guard unsafe mkdir(path, 0o700) == 0 else { throw .directory(path: path, errno: errno) }
        }
        let names = invocation.inputs.keys.sorted()
        guard names.count <= Int(HOST_MAX_FDS) else { throw .tooManyInputs(count: names.count) }
        var opened: [Int32] = []
        for name in names {
            let path = invocation.inputs[name] ?? ""
            let descriptor = unsafe open(path, O_RDONLY | O_CLOEXEC)
            guard descriptor >= 0 else {
                let code = errno
                for other in opened { DescriptorCloser.close(other) }
                throw .input(name: name, errno: code)
            }
            opened.append(descriptor)
            var status = stat()
            let size = unsafe fstat(descriptor, &status) == 0 ? Int64(status.st_size) : 0
            if let limit = inputLimits[name], size > limit {
                for other in opened { DescriptorCloser.close(other) }
                throw .inputTooLarge(name: name, size: size, limit: limit)
            }
        }
        inputNames = names
        descriptors = opened
    }

    func closeInputs() {
        for descriptor in descriptors { DescriptorCloser.close(descriptor) }
    }
}

/// Why a run could not even begin.
enum RunFilesFault: Error {
    case directory(path: String, errno: Int32)
    case input(name: String, errno: Int32)
    case inputTooLarge(name: String, size: Int64, limit: Int64)
    case tooManyInputs(count: Int)

    var outcome: HandlerOutcome {
        switch self {
        case .directory(let path, let code):
            .retry(after: nil, code: "scratch-unavailable", message: "\(path) cannot be made (errno \(code))")
        case .input(let name, let code):
            .retry(after: nil, code: "input-unreadable", message: "the input \(name) cannot be opened (errno \(code))")
        case .inputTooLarge(let name, let size, let limit):
            .invalidInput(
                code: "input-too-large",
                message: "the input \(name) has \(size) bytes, the handler takes at most \(limit)")
        case .tooManyInputs(let count):
            .invalidInput(
                code: "too-many-inputs", message: "expected at most \(HOST_MAX_FDS) inputs, found \(count)")
        }
    }
}
