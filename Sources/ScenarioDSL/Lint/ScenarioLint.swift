internal import PureJSON

/// Finds what a valid scenario hardly means.
enum ScenarioLint {
    /// All findings in a file.
    ///
    /// - Parameters:
    ///   - root: the file.
    ///   - scenarios: the scenarios of its cells.
    ///   - reading: what reading the cells has brought to light.
    /// - Returns: warnings, in no order.
    static func findings(in root: SourceNode, scenarios: [Scenario], reading: CellReading) -> [Diagnostic] {
        general(root) + unusedNames(root, reading) + unreachable(reading)
            + scenarios.flatMap { TimingLint.findings(in: $0) + FaultLint.findings(in: $0) }
            + scenarios.flatMap { EmptyClaimLint.findings(in: $0) } + seeds(root, scenarios)
    }

    private static func general(_ root: SourceNode) -> [Diagnostic] {
        var found: [Diagnostic] = []
        let name = root.members?.first { $0.name == "name" }
        if root["why"] == nil {
            found.append(Diagnostic(.missingWhy, at: name?.place ?? root.place, "the scenario has no \"why\""))
        }
        if let mode = root["time"]?["mode"], mode.text == TimeMode.real.rawValue,
            !(root["tags"]?.elements ?? []).contains(where: { $0.text == "slow" })
        {
            found.append(Diagnostic(.realWithoutSlow, at: mode.place, "a scenario in real time needs the tag slow"))
        }
        let checks = ["expect", "invariants", "explore"].contains { key in
            root[key].map { $0.elements?.isEmpty != true } ?? false
        }
        if !checks, !hasChecks(root["steps"]) {
            found.append(
                Diagnostic(
                    .nothingExpected, at: name?.place ?? root.place, "nothing is expected; the scenario cannot fail"))
        }
        return found
    }

    private static func hasChecks(_ steps: SourceNode?) -> Bool {
        (steps?.elements ?? []).contains { step in
            step["eventually"] != nil || step["expect"] != nil || hasChecks(step["do"])
                || (step["parallel"]?.elements ?? []).contains { hasChecks($0) }
        }
    }

    // MARK: - Names

    private static func unusedNames(_ root: SourceNode, _ reading: CellReading) -> [Diagnostic] {
        var paths: [[String]] = []
        collectPaths(root, into: &paths)
        let roots = Set(paths.map { $0[0] })
        let data = Set(paths.filter { $0[0] == "data" && $0.count > 1 }.map { $0[1] })
        var found: [Diagnostic] = []
        for member in root["matrix"]?.members ?? [] where !reading.used.contains("matrix." + member.name) {
            found.append(
                Diagnostic(
                    .unusedDimension, at: member.place,
                    "nothing uses ${matrix.\(member.name)}; all its cells are the same run"))
        }
        for member in root["vars"]?.members ?? [] where !reading.used.contains("vars." + member.name) {
            found.append(Diagnostic(.unusedName, at: member.place, "nothing uses ${vars.\(member.name)}"))
        }
        for member in root["setup"]?["data"]?.members ?? [] where !data.contains(member.name) {
            found.append(Diagnostic(.unusedName, at: member.place, "nothing uses ${data.\(member.name)}"))
        }
        for label in captures(root["steps"]) where !roots.contains(label.text ?? "") {
            found.append(Diagnostic(.unusedName, at: label.place, "nothing uses ${\(label.text ?? "")}"))
        }
        return found
    }

    /// The names of all expressions; texts that are none are reported elsewhere.
    private static func collectPaths(_ node: SourceNode, into paths: inout [[String]]) {
        for inner in (node.elements ?? []) + (node.members ?? []).map(\.value) { collectPaths(inner, into: &paths) }
        let condition = node["when"].flatMap { try? $0.expression() }
        paths += condition?.paths.map(\.path) ?? []
        guard node.isComputed, let template = try? node.template() else { return }
        paths += template.expressions.flatMap { $0.paths.map(\.path) }
    }

    private static func captures(_ steps: SourceNode?) -> [SourceNode] {
        (steps?.elements ?? []).flatMap { step -> [SourceNode] in
            let own = ["capture", "pause", "run", "wait", "upload"].compactMap { step[$0]?["as"] }
            return own + captures(step["do"]) + (step["parallel"]?.elements ?? []).flatMap { captures($0) }
        }
    }

    private static func unreachable(_ reading: CellReading) -> [Diagnostic] {
        (reading.neverKept ?? []).map {
            Diagnostic(.unreachable, at: $0, "the condition is false in every cell; this is never done")
        }
    }

    // MARK: - Seeds

    private static func seeds(_ root: SourceNode, _ scenarios: [Scenario]) -> [Diagnostic] {
        guard root["seeds"] == nil, root["explore"] == nil else { return [] }
        let drawn = firstRandom(root)
        let shared = scenarios.flatMap(\.faults).first { fault in
            if case .latency(_, let jitter) = fault.action, jitter > .zero { return true }
            return fault.share < 1
        }
        guard let place = drawn ?? shared?.place else { return [] }
        return [Diagnostic(.missingSeeds, at: place, "this is drawn from the seed, and the scenario has no \"seeds\"")]
    }

    private static func firstRandom(_ node: SourceNode) -> SourcePlace? {
        if node.isComputed, let template = try? node.template(),
            let expression = template.expressions.first(where: \.isRandom)
        {
            return expression.place
        }
        for inner in (node.elements ?? []) + (node.members ?? []).map(\.value) {
            if let place = firstRandom(inner) { return place }
        }
        return nil
    }
}
