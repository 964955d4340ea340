/// Which module may import which: the arrows of the design, as code.
///
/// A target that is not in the table, and an import that is not in its row, is a finding. Tests are free: the
/// compiler's own check holds them to what Package.swift declares.
enum ImportRules {
    /// The operating system's own modules and the standard library's.
    static let platform: Set<String> = ["Darwin", "Dispatch", "Glibc", "Musl", "Synchronization"]

    /// Target to the modules that it may import.
    static let arrows: [String: Set<String>] = [
        // Leaves and the domain: standard library only.
        "PureJSON": [],
        "Offloading": platform,
        "YAMLDocument": ["PureJSON", "Yams"],
        "JobCore": ["PureJSON"],
        "HostProtocol": [],
        "TabularData": platform,
        "SampleData": [],
        // Wire.
        "HTTPTransport": platform.union(["CCurlShims", "CLibcurl", "HTTPTypes"]),
        "AWSWire": platform.union(["CLibcrypto", "HTTPTypes", "JobCore", "PureJSON"]),
        // Adapters: never each other.
        "AWSAdapters": platform.union([
            "AWSWire", "FoundationEssentials", "HTTPTransport", "HTTPTypes", "JobCore", "Offloading", "PureJSON",
        ]),
        "SystemTime": platform.union(["JobCore"]),
        "SQLiteJobStore": platform.union(["FoundationEssentials", "GRDB", "JobCore", "PureJSON"]),
        "FakeCloud": platform.union([
            "AWSWire", "CMemory", "GRDB", "HTTPTypes", "HummingbirdCore", "JobCore", "Logging", "NIOCore", "NIOPosix",
            "PureJSON", "ServiceLifecycle",
        ]),
        // Handlers: authors' side, hosting side.
        "HandlerScaffold": [],
        "HandlerSDK": platform.union(["CHandlerABI", "PureJSON"]),
        "HandlerCalls": platform.union(["CHandlerABI", "HostProtocol"]),
        "headrace-host": platform.union(["CHandlerABI", "CHostProcess", "HandlerCalls", "HostProtocol"]),
        "ProbeProtocol": [],
        "headrace-probe": platform.union([
            "CHandlerABI", "CHandlerProbe", "CHostProcess", "HandlerCalls", "HostProtocol", "ProbeProtocol", "PureJSON",
        ]),
        "HandlerCheck": platform.union([
            "CHandlerABI", "CHandlerProbe", "CHostProcess", "HandlerHosting", "HostProtocol", "JobCore", "Logging",
            "ProbeProtocol", "PureJSON",
        ]),
        "HandlerHosting": platform.union([
            "CHandlerABI", "CHostProcess", "CLibcrypto", "FoundationEssentials", "HostProtocol", "JobCore", "Logging",
            "PureJSON", "Yams",
        ]),
        "CSVValidate": handler, "ColumnMap": handler, "ChurnPredict": handler,
        "CSVValidatePlugin": entry("CSVValidate"), "ColumnMapPlugin": entry("ColumnMap"),
        "ChurnPredictPlugin": entry("ChurnPredict"),
        // Engine: ports only, no adapter.
        "JobRunner": platform.union(["JobCore", "Logging", "PureJSON"]),
        // The lab's world: what both sides speak, the runner's side, the lab's side.
        "LabProtocol": ["PureJSON"],
        "LabLink": platform.union([
            "CTaskHook", "HTTPTransport", "HTTPTypes", "JobCore", "LabProtocol", "Offloading", "PureJSON",
        ]),
        "LabEngine": platform.union([
            "AWSWire", "CLabProcess", "FakeCloud", "JobCore", "LabProtocol", "Logging", "PureJSON", "ServiceLifecycle",
            "SystemTime",
        ]),
        // The composition root knows everything.
        "RunnerCommand": platform.union([
            "AWSAdapters", "AWSWire", "ArgumentParser", "FakeCloud", "Foundation", "FoundationEssentials",
            "HTTPTransport", "HTTPTypes", "HandlerCheck", "HandlerHosting", "HandlerScaffold", "JobCore", "JobRunner",
            "LabLink", "Logging", "Offloading", "PureJSON", "SQLiteJobStore", "SampleData", "ServiceLifecycle",
            "SystemTime", "TabularData", "UnixSignals", "Yams",
        ]),
        "headrace": platform.union(["RunnerCommand"]),
        "ScenarioDSL": ["JobCore", "PureJSON", "YAMLDocument", "Yams"],
        "LabCommand": platform.union([
            "AWSWire", "ArgumentParser", "FakeCloud", "FoundationEssentials", "JobCore", "Logging", "PureJSON",
            "ScenarioDSL", "ServiceLifecycle", "SystemTime", "UnixSignals", "Yams",
        ]),
        "lab": platform.union(["LabCommand"]),
        // Tests only.
        "JobTestKit": platform.union(["Foundation", "JobCore", "PureJSON"]),
    ]

    private static let handler = platform.union(["HandlerSDK", "PureJSON", "TabularData"])

    private static func entry(_ handler: String) -> Set<String> {
        platform.union(["CHandlerABI", handler, "HandlerSDK"])
    }

    static func findings(in file: SourceFile) -> [Finding] {
        guard let target = target(of: file.path) else { return [] }
        guard let allowed = arrows[target] else {
            return [Finding(path: file.path, line: 1, reason: "target \(target) has no row in ImportRules")]
        }
        return imports(in: file).filter { !allowed.contains($0.module) }.map {
            Finding(path: file.path, line: $0.line, reason: "\(target) may not import \($0.module)")
        }
    }

    /// The target that a source file belongs to; `nil` for tests, and for projects that are packages of their own.
    static func target(of path: String) -> String? {
        let parts = path.split(separator: "/").map(String.init)
        guard parts.count > 2 else { return nil }
        switch (parts[0], parts[2]) {
        case ("Sources", _): return parts[1]
        case ("Plugins", _) where parts[1] == "Template": return nil
        case ("Plugins", "Entry"): return parts[1] + "Plugin"
        case ("Plugins", _): return parts[1]
        default: return nil
        }
    }

    static func imports(in file: SourceFile) -> [(module: String, line: Int)] {
        guard SourceFile.contains("import ", in: file.code) else { return [] }
        let kinds: Set<Substring> = ["class", "enum", "func", "let", "protocol", "struct", "typealias", "var"]
        return file.codeLines.enumerated().compactMap { index, line in
            let words = line.split { $0 == " " || $0 == "." || $0 == ";" }
            guard let place = words.firstIndex(of: "import"), place + 1 < words.count,
                words[..<place].allSatisfy({ isModifier($0) })
            else { return nil }
            let next = words[place + 1]
            let module = kinds.contains(next) && place + 2 < words.count ? words[place + 2] : next
            return (String(module), index + 1)
        }
    }

    private static func isModifier(_ word: Substring) -> Bool {
        word.hasPrefix("@") || ["public", "package", "internal", "fileprivate", "private"].contains(word)
    }
}
