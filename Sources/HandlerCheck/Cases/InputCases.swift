import CHandlerABI
import ProbeProtocol
import PureJSON

/// Contract checks with inputs and parameters that nobody expects.
enum InputCases {
    /// How large the huge input is, in bytes.
    static let hugeBytes: Int64 = 16 << 20
    /// How many random bytes the garbage has.
    private static let garbageBytes = 4_096
    private static let hugeTimeout: Duration = .seconds(60)
    /// What a process has before a handler needs anything, in bytes.
    private static let processBytes: Int64 = 24 << 20

    static let all: [CheckCase] = [
        changed("empty-input", "An empty input") { _, _ in [] },
        changed("truncated-input", "An input that ends in the middle") { bytes, _ in
            Array(bytes.prefix(bytes.count / 2))
        },
        changed("one-byte-missing", "An input without its last byte") { bytes, _ in Array(bytes.dropLast()) },
        changed("garbage-input", "An input of random bytes") { _, random in
            (0..<garbageBytes).map { _ in UInt8.random(in: .min ... .max, using: &random) }
        },
        changed("zero-bytes-input", "An input of zero bytes") { _, _ in [UInt8](repeating: 0, count: garbageBytes) },
        changed("endless-line-input", "An input of one line of a mebibyte") { _, _ in
            [UInt8](repeating: UInt8(ascii: "x"), count: 1 << 20)
        },
        CheckCase(.contract, "huge-input", "An input of 16 MiB stays within the limit of memory") { context in
            try await hugeInput(context)
        },
        CheckCase(.contract, "missing-optional-input", "A job without its optional inputs") { context in
            try await missingOptional(context)
        },
        CheckCase(.contract, "least-payload", "A job without parameters, where the schema allows it") { context in
            try await leastPayload(context)
        },
    ]

    private static func changed(
        _ name: String, _ what: String, _ change: @escaping @Sendable ([UInt8], inout SeededRandom) -> [UInt8]
    ) -> CheckCase {
        CheckCase(.contract, name, "\(what) is read, or refused") { context in
            guard try await context.fair() != nil else { return SequenceCases.noFairRun }
            guard !context.sample.inputs.isEmpty else { return .skipped("the handler has no inputs") }
            var random = context.random(for: name)
            let job = try context.sample.replacingInputs(in: context.workspace) { change($0, &random) }
            let (observation, run) = try await context.observe(job) { _ in }
            return RunJudge(subject: context.subject).verdict(observation, [run], rule: RunJudge.strangeInput())
        }
    }

    private static func hugeInput(_ context: CaseContext) async throws -> Verdict {
        guard try await context.fair() != nil else { return SequenceCases.noFairRun }
        guard let job = huge(context) else { return .skipped("the handler has no inputs, or takes none of 16 MiB") }
        let (observation, run) = try await context.observe(job, timeout: hugeTimeout) { _ in }
        let limit = context.subject.memoryLimit
        return RunJudge(subject: context.subject).verdict(observation, [run]) { facts, _ in
            let used =
                "\(facts.peakMemoryBytes >> 20) MiB, \(facts.durationMilliseconds) ms, \(StatusWord.text(facts.status))"
            if let limit, facts.peakMemoryBytes > limit + processBytes {
                return .failed("expected at most \(limit >> 20) MiB of memory (limits.memory), found \(used)")
            }
            return .passed(used)
        }
    }

    /// The sample with inputs of 16 MiB; `nil` when the handler takes none so large.
    static func huge(_ context: CaseContext) -> SampleJob? {
        var job = context.sample
        var isLarger = false
        for place in job.inputs.indices {
            let limit = context.subject.inputs.first { $0.name == job.inputs[place].name }?.maxBytes ?? .max
            guard limit >= hugeBytes,
                context.subject.inputs.first(where: { $0.name == job.inputs[place].name })?.isRequired ?? false
            else { continue }
            job.inputs[place].sizeBytes = hugeBytes
            isLarger = true
        }
        return isLarger ? job : nil
    }

    private static func missingOptional(_ context: CaseContext) async throws -> Verdict {
        guard try await context.fair() != nil else { return SequenceCases.noFairRun }
        let optional = Set(context.subject.inputs.filter { !$0.isRequired }.map(\.name))
        guard !optional.isEmpty else { return .skipped("the handler has no optional inputs") }
        var job = context.sample
        job.inputs.removeAll { optional.contains($0.name) }
        let (observation, run) = try await context.observe(job) { _ in }
        return RunJudge(subject: context.subject).verdict(observation, [run]) { facts, _ in
            .passed(StatusWord.text(facts.status))
        }
    }

    private static func leastPayload(_ context: CaseContext) async throws -> Verdict {
        guard try await context.fair() != nil else { return SequenceCases.noFairRun }
        var job = context.sample
        job.payload = .object([:])
        if let fault = context.subject.faultInPayload(job.payload) {
            return .skipped("the schema wants more: \(fault)")
        }
        let (observation, run) = try await context.observe(job) { _ in }
        return RunJudge(subject: context.subject).verdict(observation, [run]) { facts, _ in
            .passed(StatusWord.text(facts.status))
        }
    }
}
