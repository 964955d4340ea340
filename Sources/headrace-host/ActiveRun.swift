import CHandlerABI
import CHostProcess
import Glibc
import HostProtocol
import Synchronization

/// The run under way: its streams, its result, and what is to be reported.
final class ActiveRun: Sendable {
    private static let progressInterval: Int64 = 50_000_000

    private struct State {
        var streams: [HostStream] = []
        var result: [UInt8] = []
        var error: HostState.ErrorNote?
        var progressSentAt: Int64 = 0
        var pendingProgress: (fraction: Double, note: String)?
        var metrics = MetricBudget()
    }

    let request: HostRun
    let kept = KeptState()
    private let inputDescriptors: [Int32]
    private let outputBudget: OutputBudget
    private let state = Mutex(State())
    private let underWay = Mutex(true)

    init(request: HostRun, inputDescriptors: [Int32]) {
        self.request = request
        self.inputDescriptors = inputDescriptors
        outputBudget = OutputBudget(limit: request.outputLimitBytes)
    }

    /// Does something that must not overlap with the end of the run.
    func whileUnderWay(_ body: () -> Void) {
        underWay.withLock { if $0 { body() } }
    }

    /// The stream at a place, from 1.
    func stream(_ place: Int) -> HostStream? {
        state.withLock { $0.streams.indices.contains(place - 1) ? $0.streams[place - 1] : nil }
    }

    /// Opens an input; gives its place from 1, or a `JH_E_` code.
    func openInput(_ name: String) -> Result<Int, ABIFailure> {
        guard let place = request.inputs.firstIndex(of: name) else { return .failure(.notFound) }
        guard let input = InputFile(name: name, descriptor: inputDescriptors[place]) else {
            return .failure(.inputOutput)
        }
        return add { _ in .success(.input(input)) }
    }

    /// Makes an output's file; gives its place from 1, or a `JH_E_` code.
    func openOutput(_ name: String, contentType: String) -> Result<Int, ABIFailure> {
        guard let allowed = request.outputs.first(where: { $0.name == name }) else { return .failure(.notFound) }
        return add { streams in
            let isKnown = streams.contains { stream in
                if case .output(let known) = stream { known.name == name } else { false }
            }
            guard !isKnown else { return .failure(.state) }
            let type = contentType.isEmpty ? allowed.contentType : contentType
            let path = request.outputDirectory + "/" + name
            guard let output = OutputFile(name: name, contentType: type, path: path, budget: outputBudget) else {
                return .failure(.inputOutput)
            }
            return .success(.output(output))
        }
    }

    private func add(_ make: ([HostStream]) -> Result<HostStream, ABIFailure>) -> Result<Int, ABIFailure> {
        state.withLock { state in
            guard state.streams.count < StreamHandle.limit else { return .failure(.limit) }
            return make(state.streams).map { stream in
                state.streams.append(stream)
                return state.streams.count
            }
        }
    }

    func note(_ error: HostState.ErrorNote) { state.withLock { $0.error = error } }

    func setResult(_ json: [UInt8]) { state.withLock { $0.result = json } }

    /// Sends a progress note, or keeps it when the last one is younger than the interval.
    func progress(_ fraction: Double, note: String) {
        let isDue = state.withLock { state in
            let now = host_monotonic_nanoseconds()
            guard now - state.progressSentAt >= Self.progressInterval else {
                state.pendingProgress = (fraction, note)
                return false
            }
            state.progressSentAt = now
            state.pendingProgress = nil
            return true
        }
        if isDue { hostState.channel.send(.progress(run: request.run, fraction: fraction, note: note)) }
    }

    /// Asks the runner about kept state; blocks until it has answered.
    func ask(_ operation: HostStateRequest.Operation) -> HostStateReply.Answer {
        hostState.exchange.perform(operation, run: request.run)
    }

    /// Sends a measurement, or gives a `JH_E_` code.
    func metric(_ metric: HostMetric) -> Int32 {
        let code = state.withLock { $0.metrics.check(metric) }
        if code == JH_OK { hostState.channel.send(.metric(metric)) }
        return code
    }

    /// Ends all streams and says how the run ended.
    func finish(status: Int32) -> HostFinish {
        underWay.withLock { $0 = false }
        let (streams, result, error, progress) = state.withLock { state in
            defer { state.streams = [] }
            return (state.streams, state.result, state.error, state.pendingProgress)
        }
        if let progress {
            hostState.channel.send(.progress(run: request.run, fraction: progress.fraction, note: progress.note))
        }
        var finish = HostFinish(
            run: request.run, status: status, code: error?.code ?? "", message: error?.message ?? "",
            details: error?.details ?? [], retryAfterMilliseconds: error?.retryAfterMilliseconds ?? -1)
        for case .output(let output) in streams {
            let failure = output.close()
            if status == JH_OK, let failure { finish.fail(output: output.name, failure) }
            finish.outputs.append(
                HostFinish.Output(name: output.name, sizeBytes: output.size, contentType: output.contentType))
        }
        if finish.status == JH_OK { finish.result = result } else { finish.outputs = [] }
        for descriptor in inputDescriptors { close(descriptor) }
        return finish
    }
}

extension HostFinish {
    fileprivate mutating func fail(output: String, _ failure: ABIFailure) {
        if failure == .limit {
            status = JH_RESOURCE
            code = "outputBytes"
            message = "the outputs grew beyond the limit while writing \(output)"
        } else {
            status = JH_RETRYABLE
            code = "output-unwritable"
            message = "the output \(output) could not be written to its end"
        }
    }
}

/// Why a host function fails; the codes of the C header.
enum ABIFailure: Error {
    case argument, stale, notFound, inputOutput, limit, state

    var code: Int32 {
        switch self {
        case .argument: JH_E_ARGUMENT
        case .stale: JH_E_STALE
        case .notFound: JH_E_NOT_FOUND
        case .inputOutput: JH_E_IO
        case .limit: JH_E_LIMIT
        case .state: JH_E_STATE
        }
    }
}
