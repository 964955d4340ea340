import ArgumentParser
import HandlerHosting
import Offloading
import PureJSON

extension HandlerCommand {
    /// `headrace handler pack`.
    struct Pack: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Make one archive of a handler, to be installed elsewhere.",
            discussion: """
                A tar file with the manifest, what it refers to, README and licence, and what --include names; the \
                same files give the same bytes. Digests that are still `dev` are written on the way, and with --key \
                the handler is signed; the folder itself stays as it is.
                """)

        @OptionGroup var folder: HandlerFolderOption

        @Option(
            help: ArgumentHelp("The archive; NAME-VERSION.handler.tar when not given.", valueName: "file"),
            completion: .file())
        var output: String?

        @Option(help: ArgumentHelp("A further file or folder of the handler's folder.", valueName: "path"))
        var include: [String] = []

        @OptionGroup var key: SigningKeyOptions
        @OptionGroup var global: GlobalOptions

        func run() async throws {
            let console = try global.session().console
            let packer = HandlerPacker(
                folder: folder.folder.path, included: include, secretKey: try key.secretIfGiven(), keyID: key.keyID)
            let output = output
            let result = await BlockingWork.run { () -> Result<HandlerPacker.Packed, CommandFailure> in
                do throws(CommandFailure) {
                    return .success(try packer.pack(to: output))
                } catch {
                    return .failure(error)
                }
            }
            let packed = try result.get()
            if console.writesJSON {
                return console.json([
                    "archive": .string(packed.archive), "name": .string(packed.name),
                    "version": .string(packed.version), "files": .integer(Int64(packed.files)),
                    "sha256": .string(packed.sha256), "key_id": packed.keyID.map { .string($0) } ?? .null,
                ])
            }
            console.facts([
                ("archive", packed.archive), ("handler", "\(packed.name) \(packed.version), \(packed.files) files"),
                ("SHA-256", packed.sha256), ("signed", packed.keyID ?? "not now"),
            ])
        }
    }

    /// `headrace handler install`.
    struct Install: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Unpack a handler's archive where the runner looks for handlers.",
            discussion: """
                The handler is checked first, with the configuration's rules for signatures; what is refused leaves \
                no trace. A handler of the same name is replaced in one step, and a running runner takes the new one \
                over without losing a job.
                """)

        @Argument(
            help: ArgumentHelp("An archive of `headrace handler pack`.", valueName: "archive"), completion: .file())
        var archive: String

        @Option(
            help: ArgumentHelp("The folder to install into; the first of handlers.directories.", valueName: "dir"),
            completion: .directory)
        var into: String?

        @OptionGroup var global: GlobalOptions

        func run() async throws {
            let session = try global.session()
            let composition = Composition(session)
            guard let directory = into.map(LocalFile.absolute) ?? composition.handlerDirectories.first else {
                throw CommandFailure(
                    .configuration, "handlers.directories is empty", next: "Name a folder with --into.")
            }
            let installation = HandlerInstallation(
                archive: LocalFile.absolute(archive), directory: directory,
                loader: try composition.handlerLoader(logger: .silent))
            let result = await BlockingWork.run { () -> Result<HandlerInstallation.Installed, CommandFailure> in
                do throws(CommandFailure) {
                    return .success(try installation.install())
                } catch {
                    return .failure(error)
                }
            }
            let installed = try result.get()
            if session.console.writesJSON {
                return session.console.json([
                    "name": .string(installed.name), "version": .string(installed.version),
                    "folder": .string(installed.folder), "replaced": .bool(installed.isReplacement),
                ])
            }
            let verb = installed.isReplacement ? "replaced" : "installed"
            session.console.out.line("\(verb) \(installed.name) \(installed.version) in \(installed.folder)")
        }
    }
}
