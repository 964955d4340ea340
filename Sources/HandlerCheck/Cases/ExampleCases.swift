import PureJSON

/// The manifest's examples, run as production runs jobs.
enum ExampleCases {
    static func all(_ subject: CheckSubject) -> [CheckCase] {
        subject.examples.enumerated().map { place, example in
            CheckCase(.examples, "\(place + 1)", example.name) { context in
                let job = SampleJob(example, of: context.subject)
                let run = await context.production.run(job, of: context.subject, in: context.workspace)
                return judge(run, example, folder: context.subject.folder)
            }
        }
    }

    /// Compares a run with what its example expects.
    static func judge(_ run: ProductionRun, _ example: CheckSubject.Example, folder: String) -> Verdict {
        guard run.status == example.status else {
            return .failed(
                "expected \(example.status), found \(run.status)\(run.code.isEmpty ? "" : " (\(run.code))"): \(run.message)"
            )
        }
        guard let expected = example.expectation else { return .passed(run.status) }
        if let code = expected["code"]?.stringValue, code != run.code {
            return .failed("expected the code \(code), found \(run.code): \(run.message)")
        }
        if let result = expected["result"], let fault = mismatch(run.result ?? .null, result, at: "result") {
            return .failed(fault)
        }
        for (name, value) in expected["outputs"]?.objectValue ?? JSONObject() {
            if let fault = outputFault(name, value, run, folder: folder) { return .failed(fault) }
        }
        return .passed("\(run.status)\(run.code.isEmpty ? "" : " \(run.code)"), \(run.milliseconds) ms")
    }

    /// An output is expected as a file below the handler's folder with the same bytes, or as null: not there.
    private static func outputFault(
        _ name: String, _ expected: JSONValue, _ run: ProductionRun, folder: String
    ) -> String? {
        guard let path = run.outputs[name] else {
            return expected.isNull ? nil : "expected the output \(name), found none"
        }
        guard let file = expected.stringValue else {
            return expected.isNull ? "expected no output \(name), found one" : nil
        }
        guard let golden = Workspace.read(folder + "/" + file) else { return "the file \(file) cannot be read" }
        let found = Workspace.read(path) ?? []
        guard found != golden else { return nil }
        let place = zip(found, golden).enumerated().first { $0.element.0 != $0.element.1 }?.offset
        return
            "\(name) differs from \(file) at byte \(place ?? min(found.count, golden.count)); if the new one is right, "
            + "copy it over the old"
    }

    /// Where a value does not have what is expected: objects may have more members, everything else is compared whole.
    static func mismatch(_ found: JSONValue, _ expected: JSONValue, at place: String) -> String? {
        guard case .object(let members) = expected, case .object(let object) = found else {
            return found == expected
                ? nil : "\(place): expected \(expected.serialized()), found \(found.serialized().prefix(200))"
        }
        for (name, value) in members {
            guard let member = object[name] else {
                return "\(place).\(name): expected \(value.serialized()), found nothing"
            }
            if let fault = mismatch(member, value, at: "\(place).\(name)") { return fault }
        }
        return nil
    }
}
