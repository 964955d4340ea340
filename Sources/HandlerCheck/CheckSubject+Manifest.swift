import Glibc
package import HandlerHosting
import PureJSON

extension CheckSubject {
    /// Reads the handler in a folder.
    ///
    /// - Parameters:
    ///   - path: the folder, as the user gave it.
    ///   - environment: the checker's own variables, of which a handler gets what it asks for.
    /// - Returns: the handler, or all that is wrong with its manifest.
    package static func read(
        _ path: String, environment: [String: String]
    ) -> Result<CheckSubject, UnreadableManifest> {
        let folder = absolute(path)
        switch ManifestContent.read(folder: folder) {
        case .failure(let faults): return .failure(UnreadableManifest(faults: faults.list))
        case .success(let content):
            guard let library = content.manifest.library else {
                let file = folder + "/" + HandlerCatalogLoader.manifestName
                let fault = HandlerFault(file: file, message: "library: no entry for this machine")
                return .failure(UnreadableManifest(faults: [fault]))
            }
            return .success(
                CheckSubject(content.manifest, library, folder: folder, environment: environment))
        }
    }

    private init(
        _ manifest: HandlerManifest, _ library: HandlerManifest.Library, folder: String,
        environment: [String: String]
    ) {
        // Everything that is asked for is granted here: what the operator cuts is another machine's matter.
        let grant = EffectiveGrant(GrantTable(request: manifest.request, grant: manifest.request))
        var config = manifest.config?.addingDefaults(to: JSONObject()) ?? JSONObject()
        config["handlerDirectory"] = .string(folder)
        let libraryPath = folder + "/" + library.path
        self.init(
            folder: folder, name: manifest.name, version: manifest.version,
            title: manifest.title, license: manifest.license, libraryPath: libraryPath,
            hasDigest: library.digest != .dev, minHostMinor: manifest.abi.minMinor,
            inputs: manifest.inputs.map {
                Input(name: $0.name, from: $0.from, isRequired: $0.isRequired, maxBytes: $0.maxBytes)
            },
            outputs: manifest.outputs.map { Output(name: $0.name, to: $0.to, isRequired: $0.isRequired) },
            isReentrant: manifest.isReentrant, isDeterministic: manifest.isDeterministic,
            isIdempotent: manifest.isIdempotent, memoryLimit: grant.memoryBytes,
            outputLimit: grant.outputBytes ?? .max, checkpointLimit: grant.checkpointBytes ?? 1 << 20,
            keyValueLimit: grant.kvBytes ?? 1 << 20, openFiles: grant.openFiles, cancelGrace: grant.cancelGrace,
            readPaths: grant.readPaths, allowsNetwork: grant.network != .none, allowsProcesses: grant.processes > 0,
            environment: Self.variables(grant.environment, libraryPath: libraryPath, environment), config: config,
            examples: manifest.examples.map {
                Example(
                    name: $0.name, payload: $0.payload, config: $0.config, inputs: $0.inputs, expectation: $0.expect)
            },
            notEnforced: manifest.notEnforced, faultInPayload: { Self.fault(in: $0, manifest.payload) },
            faultInResult: { Self.fault(in: $0, manifest.result) })
    }

    private static func fault(in value: JSONValue, _ schema: JSONSchema?) -> String? {
        schema?.mismatch(of: value).map { mismatch in
            "\(mismatch.pointer.isEmpty ? "the top level" : mismatch.pointer): \(mismatch.reason)"
        }
    }

    /// Fixed settings, and what the manifest asks for.
    private static func variables(
        _ names: [String], libraryPath: String, _ environment: [String: String]
    ) -> [String] {
        let folder = libraryPath.split(separator: "/", omittingEmptySubsequences: false).dropLast()
            .joined(separator: "/")
        let libraries = [environment["LD_LIBRARY_PATH"], folder].compactMap { $0 }.filter { !$0.isEmpty }
        let fixed = [
            "LANG=C.UTF-8", "LC_ALL=C.UTF-8", "TZ=UTC", "SWIFT_BACKTRACE=enable=no",
            "LD_LIBRARY_PATH=\(libraries.joined(separator: ":"))",
        ]
        return fixed + names.compactMap { name in environment[name].map { "\(name)=\($0)" } }
    }

    private static func absolute(_ path: String) -> String {
        guard let resolved = unsafe realpath(path, nil) else { return path }
        defer { unsafe free(resolved) }
        return unsafe String(cString: resolved)
    }
}

/// Why a folder holds no handler that can be checked.
package struct UnreadableManifest: Error {
    /// All that is wrong, in the manifest's order.
    package var faults: [HandlerFault]
}
