internal import JobCore

/// Finds faults that can never fire.
enum FaultLint {
    /// What runners and the lab call.
    static let operations = [
        "s3.AbortMultipartUpload", "s3.CompleteMultipartUpload", "s3.CopyObject", "s3.CreateMultipartUpload",
        "s3.DeleteObject", "s3.DeleteObjects", "s3.GetObject", "s3.HeadBucket", "s3.HeadObject", "s3.ListObjectsV2",
        "s3.PutObject", "s3.UploadPart", "sqs.ChangeMessageVisibility", "sqs.ChangeMessageVisibilityBatch",
        "sqs.DeleteMessage", "sqs.DeleteMessageBatch", "sqs.GetQueueAttributes", "sqs.GetQueueUrl",
        "sqs.ReceiveMessage", "sqs.SendMessage", "sqs.SendMessageBatch",
    ]

    static func findings(in scenario: Scenario) -> [Diagnostic] {
        let armed = scenario.faults + scenario.steps.flatMap { faults(in: $0) }
        var found = armed.filter(\.mustFire).flatMap { reasons(against: $0, scenario) }
        if let last = scenario.steps.last, case .fault(let fault) = last.action, fault.mustFire,
            scenario.background.isEmpty
        {
            found.append(
                Diagnostic(
                    .faultNeverFires, at: last.place, "the fault is armed by the last step; nothing comes after it"))
        }
        return found
    }

    private static func faults(in step: Step) -> [Fault] {
        switch step.action {
        case .fault(let fault): [fault]
        case .repeat(let action): action.steps.flatMap { faults(in: $0) }
        case .parallel(let branches): branches.flatMap { $0.flatMap { faults(in: $0) } }
        default: []
        }
    }

    private static func reasons(against fault: Fault, _ scenario: Scenario) -> [Diagnostic] {
        func finding(_ message: String) -> [Diagnostic] { [Diagnostic(.faultNeverFires, at: fault.place, message)] }
        if fault.share == 0 { return finding("a fault with a rate of 0% never fires") }
        if fault.duration == .zero { return finding("a fault that waits for no time never fires") }
        if scenario.setup.runners.isEmpty, !starts(scenario.steps) {
            return finding("no runner is set up or started; the fault can hit nothing")
        }
        if fault.delay > scenario.time.limit { return finding("the fault is armed after time.limit has ended the run") }
        guard case .call(let call) = fault.target else { return [] }
        if !operations.contains(where: { Wildcard.fits($0, call.operation) }) {
            let hint = NearestName.sentence(for: call.operation, among: operations)
            return finding("nobody calls \(call.operation)\(hint)")
        }
        return []
    }

    private static func starts(_ steps: [Step]) -> Bool {
        steps.contains { step in
            switch step.action {
            case .start: true
            case .repeat(let action): starts(action.steps)
            case .parallel(let branches): branches.contains { starts($0) }
            default: false
            }
        }
    }
}
