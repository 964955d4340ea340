import FoundationEssentials
import JobCore

extension HeadraceConfiguration {
    /// The file that is read when neither a flag nor `HEADRACE_CONFIG` names one and it exists.
    package static let defaultFile = "headrace.yml"

    /// Puts a configuration together: defaults, then the file, then the environment, then flags.
    ///
    /// - Parameters:
    ///   - file: the path given with `--config`; must exist. Without it `HEADRACE_CONFIG`, which must exist, then
    ///     ``defaultFile``, which need not.
    ///   - environment: the process's variables; empty ones count as not set.
    ///   - overrides: values from flags; a later one wins.
    /// - Returns: the checked configuration, with ``entries`` filled in.
    /// - Throws: ``ConfigurationError`` with the place, for the first fault in the order of the layers.
    package static func load(
        file: String?, environment: [String: String], overrides: [ConfigurationOverride] = []
    ) throws(ConfigurationError) -> HeadraceConfiguration {
        let variables = environment.filter { !$0.value.isEmpty }
        var loader = ConfigurationLoader()
        if let path = file ?? variables["HEADRACE_CONFIG"] {
            try loader.apply(ConfigurationFile(path: path))
        } else if FileManager.default.fileExists(atPath: defaultFile) {
            try loader.apply(ConfigurationFile(path: defaultFile))
        }
        try loader.apply(environment: variables)
        try loader.apply(overrides)
        return try loader.finish(environment: variables)
    }

    /// Checks what a runner cannot do without.
    ///
    /// - Throws: ``ConfigurationError/missing(key:purpose:)`` when no bucket may be read.
    package func checkForRunning() throws(ConfigurationError) {
        if storage.allowedBuckets.isEmpty {
            throw .missing(key: "storage.allowed_buckets", purpose: "without it every message would be refused")
        }
    }
}

/// The configuration while its layers are put on each other.
struct ConfigurationLoader {
    private var configuration = HeadraceConfiguration()
    private var origins: [String: ConfigurationOrigin] = [:]

    mutating func apply(_ file: ConfigurationFile) throws(ConfigurationError) {
        configuration.file = file.path
        for (key, value) in file.values { try assign(value, to: key) }
        for (key, node) in file.blocks {
            try HandlerPolicyBlock.read(key, node, of: file, into: &configuration.handlers.policy)
            origins[key] = file.origin(of: node)
        }
    }

    mutating func apply(environment: [String: String]) throws(ConfigurationError) {
        let ignoresEndpoints = environment["AWS_IGNORE_CONFIGURED_ENDPOINT_URLS"]?.lowercased() == "true"
        var known: Set<String> = ["HEADRACE_CONFIG"]
        for setting in ConfigurationSetting.all {
            let own = ConfigurationSetting.variable(for: setting.key)
            known.insert(own)
            let others = setting.otherVariables.filter { !(ignoresEndpoints && $0.hasPrefix("AWS_ENDPOINT_URL")) }
            guard let name = ([own] + others).first(where: { environment[$0] != nil }), let text = environment[name]
            else { continue }
            let origin = ConfigurationOrigin.environment(variable: name)
            try assign(RawValue(texts: [text], isList: false, origin: origin), to: setting.key)
        }
        let strangers = environment.keys.filter { $0.hasPrefix("HEADRACE_") && !known.contains($0) }.sorted()
        configuration.warnings += strangers.map { name in
            let nearest = NearestName.of(name, among: known.sorted())
            return "$\(name) is no setting and is ignored" + (nearest.map { "; did you mean $\($0)?" } ?? "")
        }
    }

    mutating func apply(_ overrides: [ConfigurationOverride]) throws(ConfigurationError) {
        for override in overrides {
            let origin = ConfigurationOrigin.flag(override.flag)
            guard ConfigurationSetting.named(override.key) != nil else {
                let nearest = NearestName.of(override.key, among: ConfigurationSetting.all.map(\.key))
                throw .unknownKey(override.key, nearest: nearest, origin: origin)
            }
            try assign(RawValue(texts: [override.value], isList: false, origin: origin), to: override.key)
        }
    }

    /// Fills in what follows from other settings, checks what must go together, and writes the entries.
    func finish(environment: [String: String]) throws(ConfigurationError) -> HeadraceConfiguration {
        var result = configuration
        var origins = origins
        if origins["dead_letter.name"] == nil, origins["queue.name"] != nil {
            result.deadLetter.name = Self.deadLetterName(for: result.queue.name)
            origins["dead_letter.name"] = .derived(from: "queue.name")
        }
        if origins["scratch.directory"] == nil, let temporary = environment["TMPDIR"] {
            result.scratch.directory = temporary + (temporary.hasSuffix("/") ? "headrace" : "/headrace")
            origins["scratch.directory"] = .environment(variable: "TMPDIR")
        }
        try Self.checkPairs(result, origins)
        result.entries = ConfigurationSetting.all.map { setting in
            ConfigurationEntry(
                key: setting.key, value: setting.show(result), origin: origins[setting.key] ?? .builtIn,
                summary: setting.summary)
        }
        result.entries += HandlerPolicyBlock.entries(result.handlers.policy, origins)
        return result
    }

    private mutating func assign(_ value: RawValue, to key: String) throws(ConfigurationError) {
        guard let setting = ConfigurationSetting.named(key) else {
            throw .unknownKey(key, nearest: nil, origin: value.origin)
        }
        do throws(ValueFault) {
            try setting.assign(&configuration, value)
        } catch {
            throw .badValue(key: key, expected: error.expected, found: error.found, origin: value.origin)
        }
        origins[key] = value.origin
    }

    private static func deadLetterName(for queue: String) -> String {
        let isFIFO = queue.hasSuffix(".fifo")
        let stem = isFIFO ? String(queue.dropLast(5)) : queue
        let ending = isFIFO ? "-dlq.fifo" : "-dlq"
        return stem.prefix(80 - ending.utf8.count) + ending
    }

    private static func checkPairs(
        _ result: HeadraceConfiguration, _ origins: [String: ConfigurationOrigin]
    ) throws(ConfigurationError) {
        func refuse(_ key: String, _ otherKey: String, _ reason: String) -> ConfigurationError {
            let origin = origins[key] ?? origins[otherKey] ?? .builtIn
            return .conflict(key: key, otherKey: otherKey, reason: reason, origin: origin)
        }
        let storage = result.storage
        if storage.stagingPrefix.hasPrefix(storage.outputPrefix)
            || storage.outputPrefix.hasPrefix(storage.stagingPrefix)
        {
            throw refuse(
                "storage.staging_prefix", "storage.output_prefix", "neither may lie below the other")
        }
        if result.deadLetter.name == result.queue.name {
            throw refuse("dead_letter.name", "queue.name", "they must be two queues")
        }
        if result.retry.maxBackoff < result.retry.initialBackoff {
            throw refuse("retry.max_backoff", "retry.initial_backoff", "it is shorter")
        }
    }
}
