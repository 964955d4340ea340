package import AWSWire
package import HTTPTransport
package import JobCore

/// The sources of credentials in AWS's order: environment, web identity, shared files, container endpoint,
/// instance metadata.
///
/// Keeps what it found. Temporary credentials are refreshed five minutes before they expire, by one caller at a time;
/// while that goes wrong the old ones are used until their end.
package actor CredentialChain: CredentialProvider {
    static let refreshMargin = Duration.seconds(300)
    /// After a failed refresh, how long the old credentials are used before the next attempt.
    static let refreshPause = Duration.seconds(30)

    private let sources: [any CredentialSource]
    private let clock: any RunnerClock
    private var cached: AWSCredentials?
    private var nextRefresh: Timestamp?
    private var isLoading = false
    private var waiting: [CheckedContinuation<Void, Never>] = []

    /// Makes the chain from a process environment.
    package init(environment: [String: String], transport: any HTTPTransport, clock: any RunnerClock) {
        self.init(
            sources: [
                EnvironmentCredentials(environment: environment),
                WebIdentityCredentials(environment: environment, transport: transport),
                SharedFileCredentials(environment: environment),
                ContainerCredentials(environment: environment, transport: transport),
                InstanceCredentials(environment: environment, transport: transport),
            ], clock: clock)
    }

    init(sources: [any CredentialSource], clock: any RunnerClock) {
        self.sources = sources
        self.clock = clock
    }

    /// Credentials that are good now.
    package func credentials() async throws(CredentialError) -> AWSCredentials {
        while true {
            let now = clock.now()
            if let cached, isGood(cached, at: now), isLoading || !isDue(cached, at: now) { return cached }
            guard isLoading else { return try await load(at: now) }
            await withCheckedContinuation { waiting.append($0) }
        }
    }

    /// Forgets these credentials, if they are still the current ones.
    package func invalidate(_ credentials: AWSCredentials) async {
        if cached == credentials { cached = nil }
    }

    private func load(at now: Timestamp) async throws(CredentialError) -> AWSCredentials {
        isLoading = true
        defer {
            isLoading = false
            let waiting = waiting
            self.waiting = []
            for continuation in waiting { continuation.resume() }
        }
        do throws(CredentialError) {
            let found = try await search()
            cached = found
            nextRefresh = nil
            return found
        } catch {
            guard let cached, isGood(cached, at: clock.now()) else { throw error }
            nextRefresh = now + Self.refreshPause
            return cached
        }
    }

    private func search() async throws(CredentialError) -> AWSCredentials {
        var tried: [String] = []
        for source in sources {
            switch try await source.load() {
            case .found(let credentials): return credentials
            case .absent(let reason): tried.append("\(source.name) (\(reason))")
            }
        }
        throw .notFound(tried: tried)
    }

    private func isGood(_ credentials: AWSCredentials, at now: Timestamp) -> Bool {
        credentials.expiration.map { now < $0 } ?? true
    }

    private func isDue(_ credentials: AWSCredentials, at now: Timestamp) -> Bool {
        guard let expiration = credentials.expiration, now >= expiration - Self.refreshMargin else { return false }
        return nextRefresh.map { now >= $0 } ?? true
    }
}

/// `AWS_ACCESS_KEY_ID`, `AWS_SECRET_ACCESS_KEY` and `AWS_SESSION_TOKEN`.
struct EnvironmentCredentials: CredentialSource {
    let environment: [String: String]

    let name = "environment"

    func load() async throws(CredentialError) -> CredentialLookup {
        let key = environment["AWS_ACCESS_KEY_ID"] ?? ""
        let secret = environment["AWS_SECRET_ACCESS_KEY"] ?? ""
        switch (key.isEmpty, secret.isEmpty) {
        case (false, false):
            return .found(
                AWSCredentials(
                    accessKeyID: key, secretAccessKey: secret, sessionToken: environment["AWS_SESSION_TOKEN"]))
        case (true, true): return .absent(reason: "AWS_ACCESS_KEY_ID is not set")
        case (false, true):
            throw .invalidSetting("AWS_ACCESS_KEY_ID is set and AWS_SECRET_ACCESS_KEY is not; set both or neither")
        case (true, false):
            throw .invalidSetting("AWS_SECRET_ACCESS_KEY is set and AWS_ACCESS_KEY_ID is not; set both or neither")
        }
    }
}
