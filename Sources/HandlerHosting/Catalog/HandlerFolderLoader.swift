import Glibc
import HostProtocol
import JobCore
import Logging
import PureJSON

/// Makes a handler that can run jobs out of one folder.
struct HandlerFolderLoader: Sendable {
    let hostExecutable: String
    let runnerVersion: String
    let policy: OperatorPolicy
    /// The runner's variables, of which handlers get what they ask for and are granted.
    let environment: [String: String]
    let hosting: HostingSettings
    let state: any HandlerStateStore
    let logger: Logger

    /// Reads, checks and prepares everything; nothing of the handler runs yet.
    func load(_ folder: String) -> Result<HostedHandler, ManifestFaults> {
        let file = folder + "/" + HandlerCatalogLoader.manifestName
        let content: ManifestContent
        switch ManifestContent.read(folder: folder) {
        case .failure(let faults): return .failure(faults)
        case .success(let found): content = found
        }
        do throws(HandlerFault) {
            return .success(try hosted(content, folder: Self.absolute(folder), file: file))
        } catch {
            return .failure(ManifestFaults(list: [error]))
        }
    }

    private func hosted(
        _ content: ManifestContent, folder: String, file: String
    ) throws(HandlerFault) -> HostedHandler {
        let manifest = content.manifest
        guard let library = manifest.library else { throw HandlerFault(file: file, message: "no library") }
        let path = folder + "/" + library.path
        if library.digest == .dev, !policy.allowsDevelopment {
            throw HandlerFault(
                library.digestPlace,
                "library.sha256: dev is for handlers under development; write the digest there with "
                    + "`headrace handler stamp`, or set handlers.development to true")
        }
        let sealed: SealedLibrary
        do throws(LibraryFault) {
            sealed = try LibraryVerifier.verify(path: path, digest: library.digest)
        } catch {
            throw HandlerFault(file: file, message: error.message)
        }
        var known = content.digests
        if case .sha256(let digest) = library.digest { known[library.path] = digest }
        let check = SignatureCheck(policy: policy, folder: folder, file: file)
        let signature = try check.state(of: manifest, known: known)
        let table = GrantTable(request: manifest.request, grant: policy.grants(for: manifest.name))
        let grant = EffectiveGrant(table)
        let references = policy.settings[manifest.name]?.secrets ?? []
        let secrets = try SecretStore(environment: environment).values(of: references, wanted: grant.secrets)
        let config = try configuration(manifest, secrets: secrets, folder: folder, file: file)
        let launch = HandlerLaunch(
            hostExecutable: hostExecutable, runnerVersion: runnerVersion, name: manifest.name,
            version: manifest.version, libraryPath: path, sealedLibrary: sealed, config: config,
            environment: variables(grant, library: path),
            outputs: manifest.outputs.map { HostRun.Output(name: $0.name, contentType: $0.contentType) },
            inputLimits: Dictionary(
                uniqueKeysWithValues: manifest.inputs.compactMap { input in input.maxBytes.map { (input.name, $0) } }),
            limits: HandlerLimits(grant), denyNetwork: grant.network == .none, denyProcesses: grant.processes == 0,
            cancelGrace: grant.cancelGrace, silence: grant.stall, readPaths: [folder] + grant.readPaths,
            scratchRoot: hosting.scratchDirectory, requiresConfinement: hosting.requiresConfinement)
        let recycling = RecyclingRule(
            afterRuns: grant.isolation == .processPerJob ? 1 : manifest.recycleAfterJobs,
            aboveBytes: manifest.recycleAboveBytes)
        let pool = HostPool(
            launch: launch, slots: grant.concurrency, recycling: recycling, state: state, logger: logger)
        return HostedHandler(
            folder: folder, manifest: manifest, signature: signature, grants: table, grant: grant,
            redactor: SecretRedactor(secrets.values), pool: pool)
    }

    /// The operator's configuration with the schema's defaults, checked, the handler's own folder, and its secrets.
    private func configuration(
        _ manifest: HandlerManifest, secrets: [String: String], folder: String, file: String
    ) throws(HandlerFault) -> [UInt8] {
        let settings = policy.settings[manifest.name]
        let given = settings?.config ?? JSONObject()
        var config = manifest.config?.addingDefaults(to: given) ?? given
        if let mismatch = manifest.config?.mismatch(of: .object(config)) {
            let message =
                "the configuration of \(manifest.name) does not fit at "
                + "\(mismatch.pointer.isEmpty ? "the top level" : mismatch.pointer): \(mismatch.reason)"
            throw settings?.configPlace.map { HandlerFault($0, message) } ?? HandlerFault(file: file, message: message)
        }
        config["handlerDirectory"] = .string(folder)
        if !secrets.isEmpty {
            var values = JSONObject()
            for name in secrets.keys.sorted() { values[name] = secrets[name].map { .string($0) } }
            config["secrets"] = .object(values)
        }
        return Array(JSONValue.object(config).serialized().utf8)
    }

    /// Fixed settings, and what the handler is granted of the runner's own.
    private func variables(_ grant: EffectiveGrant, library: String) -> [String] {
        let folder = library.split(separator: "/", omittingEmptySubsequences: false).dropLast().joined(separator: "/")
        // A library that is loaded from sealed memory has no folder of its own to look for others in.
        let libraries = [environment["LD_LIBRARY_PATH"], folder].compactMap { $0 }.filter { !$0.isEmpty }
        var settings = [
            "LANG=C.UTF-8", "LC_ALL=C.UTF-8", "TZ=UTC", "SWIFT_BACKTRACE=enable=no",
            "LD_LIBRARY_PATH=\(libraries.joined(separator: ":"))",
        ]
        for name in grant.environment {
            if let value = environment[name] { settings.append("\(name)=\(value)") }
        }
        return settings
    }

    private static func absolute(_ folder: String) -> String {
        guard let resolved = unsafe realpath(folder, nil) else { return folder }
        defer { unsafe free(resolved) }
        return unsafe String(cString: resolved)
    }
}

extension HandlerLimits {
    /// The limits that a grant sets.
    init(_ grant: EffectiveGrant) {
        self.init(
            memoryBytes: grant.memoryBytes, cpuSeconds: grant.cpuSeconds, openFiles: grant.openFiles,
            outputBytes: grant.outputBytes ?? .max, scratchBytes: grant.scratchBytes,
            checkpointBytes: grant.checkpointBytes ?? Self.stateBytesLimit,
            keyValueBytes: grant.kvBytes ?? Self.stateBytesLimit)
    }
}
