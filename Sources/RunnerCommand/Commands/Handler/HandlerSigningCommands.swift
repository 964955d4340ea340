import ArgumentParser
import HandlerHosting
import Offloading
import PureJSON

extension HandlerCommand {
    /// `headrace handler keygen`.
    struct KeyGen: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "keygen", abstract: "Make a key pair to sign handlers with.",
            discussion: """
                Writes NAME.pem, which is secret, and NAME.pub.pem, which operators list under \
                handlers.trusted_keys. The same as `openssl genpkey -algorithm ed25519` and `openssl pkey -pubout`.
                """)

        @Argument(help: ArgumentHelp("The files' name without its ending.", valueName: "name"))
        var name: String

        @OptionGroup var global: GlobalOptions

        func run() async throws {
            let (secretFile, publicFile) = (name + ".pem", name + ".pub.pem")
            for file in [secretFile, publicFile] where LocalFile.isFile(file) {
                throw CommandFailure(.usage, "\(file) is there already", next: "Choose another name, or remove it.")
            }
            let pair: (secret: [UInt8], public: [UInt8])
            do {
                pair = try Ed25519.makeKeyPair()
            } catch {
                throw CommandFailure(.unreachable, error.reason)
            }
            try LocalFile.write(pair.secret, to: secretFile, mode: 0o600)
            try LocalFile.write(pair.public, to: publicFile)
            let console = try global.session().console
            if console.writesJSON {
                return console.json(["secret_key": .string(secretFile), "public_key": .string(publicFile)])
            }
            console.facts([("secret key", secretFile), ("public key", publicFile)])
        }
    }

    /// `headrace handler stamp`.
    struct Stamp: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Write the SHA-256 of a handler's libraries into its manifest.")

        @OptionGroup var folder: HandlerFolderOption
        @OptionGroup var global: GlobalOptions

        func run() async throws {
            let console = try global.session().console
            let folder = folder.folder
            let result = await BlockingWork.run { Self.stamp(folder) }
            let digests = try result.get()
            if console.writesJSON {
                var object = JSONObject()
                for path in digests.keys.sorted() { object[path] = digests[path].map { .string($0) } }
                return console.json(.object(object))
            }
            for path in digests.keys.sorted() { console.out.line("\(digests[path] ?? "")  \(path)") }
        }

        private static func stamp(_ folder: HandlerFolder) -> Result<[String: String], CommandFailure> {
            do throws(ManifestFaults) {
                return .success(try folder.stamp())
            } catch {
                return .failure(CommandFailure(error))
            }
        }
    }

    /// `headrace handler sign`.
    struct Sign: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Sign every file of a handler's folder.",
            discussion: """
                Writes handler.sha256, a list that `sha256sum --check` reads, and its Ed25519 signature, 64 bytes \
                that `openssl pkeyutl -verify -rawin` checks. A manifest that names no key gets a line that does.
                """)

        @OptionGroup var folder: HandlerFolderOption
        @OptionGroup var key: SigningKeyOptions
        @OptionGroup var global: GlobalOptions

        func run() async throws {
            let console = try global.session().console
            let secret = try key.secret()
            let (folder, keyID) = (folder.folder, key.keyID)
            let result = await BlockingWork.run { Self.sign(folder, secret, keyID) }
            let signed = try result.get()
            if console.writesJSON {
                return console.json(["key_id": .string(signed.keyID), "files": .integer(Int64(signed.files))])
            }
            console.out.line("signed \(signed.files) files as \(signed.keyID)")
        }

        private static func sign(
            _ folder: HandlerFolder, _ secret: [UInt8], _ keyID: String?
        ) -> Result<(keyID: String, files: Int), CommandFailure> {
            do throws(ManifestFaults) {
                return .success(try folder.sign(secretKey: secret, keyID: keyID))
            } catch {
                return .failure(CommandFailure(error))
            }
        }
    }

    /// `headrace handler verify`.
    struct Verify: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Check a handler's manifest, digests and signature; exits 3 when one is not good.")

        @OptionGroup var folder: HandlerFolderOption

        @Option(
            help: ArgumentHelp(
                "A public key to trust; those of handlers.trusted_keys when not given.", valueName: "file"),
            completion: .file(extensions: ["pem"]))
        var key: String?

        @OptionGroup var global: GlobalOptions

        func run() async throws {
            let session = try global.session()
            var policy = session.configuration.handlers.policy
            // Whoever gives a key wants to know of a signature.
            if key != nil || policy.signatures == .off { policy.signatures = .required }
            let (folder, publicKey, wanted) = (folder.folder, key.map(LocalFile.absolute), policy)
            let result = await BlockingWork.run { Self.verify(folder, wanted, publicKey) }
            let (manifest, state) = try result.get()
            if session.console.writesJSON {
                return session.console.json([
                    "name": .string(manifest.name), "version": .string(manifest.version),
                    "signature": .string("\(state)"),
                ])
            }
            session.console.out.line("\(manifest.name) \(manifest.version): \(state)")
        }

        private static func verify(
            _ folder: HandlerFolder, _ policy: OperatorPolicy, _ publicKey: String?
        ) -> Result<(manifest: HandlerManifest, state: SignatureState), CommandFailure> {
            do throws(ManifestFaults) {
                return .success(try folder.verify(policy, publicKey: publicKey))
            } catch {
                return .failure(CommandFailure(error))
            }
        }
    }

    /// `headrace handler schema`.
    struct Schema: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Print the JSON Schema of manifests, for editors.",
            discussion: """
                Write it to a file and name that in the first line of handler.yml: \
                # yaml-language-server: $schema=handler.schema.json
                """)

        func run() throws {
            Console.standard(writesJSON: false, environment: HeadraceProgram.environment).out.line(
                PublishedSchema.text)
        }
    }
}

/// The folder of a handler.
struct HandlerFolderOption: ParsableArguments {
    @Argument(
        help: ArgumentHelp("The handler's folder, with handler.yml.", valueName: "dir"), completion: .directory)
    var path: String

    /// The folder, by its absolute path.
    var folder: HandlerFolder { HandlerFolder(LocalFile.absolute(path)) }
}

/// A key to sign with.
struct SigningKeyOptions: ParsableArguments {
    @Option(
        help: ArgumentHelp("A PEM file with a secret Ed25519 key.", valueName: "file"),
        completion: .file(extensions: ["pem"]))
    var key: String?

    @Option(
        help: ArgumentHelp(
            "The key's name in handlers.trusted_keys, for a manifest that does not name one.", valueName: "name"))
    var keyID: String?

    /// Reads the key that must be given.
    func secret() throws(CommandFailure) -> [UInt8] {
        guard let secret = try secretIfGiven() else {
            throw CommandFailure(.usage, "no key is given", next: "Name its file with --key.")
        }
        return secret
    }

    /// Reads the key; `nil` when none is given.
    func secretIfGiven() throws(CommandFailure) -> [UInt8]? {
        guard let key else { return nil }
        guard let text = try LocalFile.read(key, limit: 16 << 10) else {
            throw CommandFailure(.usage, "there is no key \(key)", next: "Make one with `headrace handler keygen`.")
        }
        return Array(text.utf8)
    }
}

extension CommandFailure {
    /// What is wrong with a handler: the first fault, and how many there are.
    init(_ faults: ManifestFaults) {
        let first = faults.list.first?.description ?? "the handler cannot be used"
        let count = faults.list.count
        self.init(.configuration, count > 1 ? "\(first) (the first of \(count) faults)" : first)
    }
}
