import Glibc
import JobCore
import LabLink
import SystemTime

/// What every command starts from: settings, environment, console and clock.
struct Session: Sendable {
    /// The settings, with those of the data directory and of flags applied.
    let configuration: HeadraceConfiguration
    /// The process's variables, with the data directory's keys in place of others.
    let environment: [String: String]
    /// Where words go.
    let console: Console
    /// Time.
    var clock: any RunnerClock
    /// The lab's world, when this process takes part in one.
    var world: LabWorld?
    /// The data directory of this machine's own cloud; `nil` when the configured services are used.
    let data: DataDirectory?
    /// Where the embedded cloud of ``data`` answers, or answered last.
    let endpoint: DataDirectory.Endpoint?

    /// Throws when the embedded cloud that this session talks to has been stopped.
    func checkEmbeddedCloud() throws(CommandFailure) {
        guard let data, let endpoint, kill(endpoint.processID, 0) != 0, errno == ESRCH else { return }
        let flag = data.path == DataDirectory.defaultPath ? "" : " --data \(data.path)"
        throw CommandFailure(
            .unreachable, "the embedded S3 and SQS of \(data.path) are not running",
            next: "Start them with `headrace up\(flag)`.")
    }

    /// The bucket that local files are uploaded to when no flag names one.
    var uploadBucket: String? {
        endpoint?.bucket ?? configuration.storage.outputBucket ?? configuration.storage.allowedBuckets.first
    }

    /// Who asks, for audit trails: `user@host`.
    var actor: String {
        let known = getpwuid(getuid()).map { String(cString: $0.pointee.pw_name) }
        let user = environment["USER"] ?? known ?? "uid \(getuid())"
        return "\(user)@\(Self.hostName)"
    }

    /// This machine's name.
    static var hostName: String {
        var buffer = [CChar](repeating: 0, count: 256)
        guard gethostname(&buffer, buffer.count - 1) == 0 else { return "localhost" }
        return String(decoding: buffer.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
    }

    /// The folder of the running executable.
    static var executableDirectory: String {
        var buffer = [CChar](repeating: 0, count: 4_096)
        let count = readlink("/proc/self/exe", &buffer, buffer.count)
        guard count > 0 else { return "." }
        let path = String(decoding: buffer.prefix(count).map { UInt8(bitPattern: $0) }, as: UTF8.self)
        return LocalFile.directory(of: path)
    }

    /// Which services a command talks to.
    enum Place: Sendable, Hashable {
        /// Those of a data directory if one is given or found, else those of the configuration.
        case discovered
        /// Those of the configuration, unless a data directory is given.
        case configured
    }

    /// Reads the settings and finds the services.
    static func open(
        _ options: GlobalOptions, place: Place, overrides: [ConfigurationOverride] = [],
        environment: [String: String], console: Console
    ) throws(CommandFailure) -> Session {
        let found = try dataDirectory(options, place, environment)
        guard let (data, endpoint) = found else {
            let configuration = try load(options.config, environment, overrides)
            return Session(
                configuration: configuration, environment: environment, console: console, clock: SystemClock(),
                data: nil, endpoint: nil)
        }
        guard let keys = try data.keys() else {
            throw CommandFailure(
                .configuration, "\(data.credentialsFile) is missing",
                next: "Start `headrace up --data \(data.path)`; it makes the file.")
        }
        let variables = Self.environment(environment, for: endpoint, keys: keys)
        let layers = Self.overrides(for: data, endpoint: endpoint) + overrides
        let configuration = try load(options.config, variables, layers)
        return Session(
            configuration: configuration, environment: variables, console: console, clock: SystemClock(),
            data: data, endpoint: endpoint)
    }

    /// Loads the configuration; its faults are failures of the command.
    static func load(
        _ file: String?, _ environment: [String: String], _ overrides: [ConfigurationOverride]
    ) throws(CommandFailure) -> HeadraceConfiguration {
        do {
            return try HeadraceConfiguration.load(file: file, environment: environment, overrides: overrides)
        } catch {
            // The sentence names place and remedy itself.
            throw CommandFailure(.configuration, error.description)
        }
    }

    /// The settings that point at an embedded cloud.
    static func overrides(
        for data: DataDirectory, endpoint: DataDirectory.Endpoint
    ) -> [ConfigurationOverride] {
        let flag = "--data \(data.path)"
        return [
            ConfigurationOverride("aws.endpoint_url", endpoint.url, flag: flag),
            ConfigurationOverride("aws.endpoint_url_sqs", endpoint.url, flag: flag),
            ConfigurationOverride("aws.endpoint_url_s3", endpoint.url, flag: flag),
            ConfigurationOverride("aws.region", endpoint.region, flag: flag),
            ConfigurationOverride("queue.name", endpoint.queue, flag: flag),
            ConfigurationOverride("dead_letter.name", endpoint.deadLetterQueue, flag: flag),
            ConfigurationOverride("database.path", LocalFile.absolute(data.databaseFile), flag: flag),
            ConfigurationOverride("scratch.directory", LocalFile.absolute(data.scratchDirectory), flag: flag),
        ]
    }

    /// The environment in which the usual AWS rules find the embedded cloud's keys and nothing else.
    static func environment(
        _ environment: [String: String], for endpoint: DataDirectory.Endpoint, keys: DataDirectory.Keys
    ) -> [String: String] {
        var variables = environment.filter { !$0.key.hasPrefix("AWS_") }
        variables["AWS_ACCESS_KEY_ID"] = keys.accessKeyID
        variables["AWS_SECRET_ACCESS_KEY"] = keys.secretAccessKey
        variables["AWS_REGION"] = endpoint.region
        variables["AWS_ENDPOINT_URL"] = endpoint.url
        return variables
    }

    private static func dataDirectory(
        _ options: GlobalOptions, _ place: Place, _ environment: [String: String]
    ) throws(CommandFailure) -> (DataDirectory, DataDirectory.Endpoint)? {
        if let path = options.data {
            let data = DataDirectory(path)
            guard let endpoint = try data.endpoint() else {
                throw CommandFailure(
                    .configuration, "\(path) is not a data directory of `headrace up`: it has no endpoint.json",
                    next: "Start `headrace up --data \(path)` first.")
            }
            return (data, endpoint)
        }
        let isConfigured = options.config != nil || environment["HEADRACE_CONFIG"].map { !$0.isEmpty } ?? false
        guard place == .discovered, !isConfigured else { return nil }
        let data = DataDirectory(DataDirectory.defaultPath)
        return try data.endpoint().map { (data, $0) }
    }
}
