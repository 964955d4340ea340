import ArgumentParser
import HandlerHosting
import JobCore

extension HandlerCommand {
    /// `headrace handler run`.
    struct Run: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract:
                "Run one job of a handler here: no queue, no S3, no database; exits 1 when the job fails.",
            discussion: """
                The handler runs in the same host process and behind the same limits as in production. A project \
                with a Makefile is built first. Checkpoints and stored values live as long as the command.

                Examples:
                  headrace handler run . --input csv=sample.csv --param limit=3
                  headrace handler run . --input sample.csv --payload '{"limit": 3}' --watch
                  headrace handler run . --example "the first two rows" --json
                  headrace handler run csv-validate --input customers.csv
                """)

        @OptionGroup var global: GlobalOptions

        @Argument(
            help: ArgumentHelp(
                "The folder with handler.yml, or the name of an installed handler.", valueName: "path"),
            completion: .directory)
        var path = "."

        @Option(
            name: .customLong("input"), parsing: .singleValue,
            help: ArgumentHelp(
                "An input: its name and file, or the main input's file alone.", valueName: "name=file"))
        var inputs: [String] = []

        @Option(
            name: .customLong("param"), parsing: .singleValue,
            help: ArgumentHelp("A parameter; the value is JSON or plain text.", valueName: "key=value"))
        var params: [String] = []

        @Option(help: ArgumentHelp("All parameters, as a JSON object.", valueName: "json"))
        var payload: String?

        @Option(
            help: ArgumentHelp(
                "Take inputs and parameters of this example of the manifest.", valueName: "name"))
        var example: String?

        @Option(
            name: .shortAndLong, help: ArgumentHelp("Where outputs are written.", valueName: "dir"),
            completion: .directory)
        var output = "out"

        @Flag(help: "Stay, and build and run again at each change of the project or of an input.")
        var watch = false

        @Flag(
            name: .customLong("no-build"), help: "Do not run make, although the project has a Makefile.")
        var skipsBuild = false

        func run() async throws {
            let session = try global.session()
            let place = try place()
            let build = skipsBuild ? nil : place.project.flatMap(ProjectBuild.init(folder:))
            let bench = TrialBench(
                composition: Composition(session), console: session.console, place: place, build: build,
                outputFolder: LocalFile.absolute(output),
                texts: TrialOrder.Texts(inputs: inputs, payload: payload, params: params, example: example))
            guard watch else {
                if let failure = try await bench.trial().failure { throw failure }
                return
            }
            guard let folder = place.project else {
                throw CommandFailure(
                    .usage, "--watch needs a project's folder, found the installed handler \(path)")
            }
            try await follow(folder, bench, session)
        }

        /// Builds and runs at each change, until interrupted.
        private func follow(_ folder: String, _ bench: TrialBench, _ session: Session) async throws {
            let files = inputs.map { text in
                text.firstIndex(of: "=").map { String(text[text.index(after: $0)...]) } ?? text
            }
            let watch = ProjectWatch(
                folder: folder, files: files.map(LocalFile.absolute),
                ignored: ProjectWatch.built.union([LocalFile.name(of: LocalFile.absolute(output))]),
                clock: session.clock)
            var state = try watch.state()
            while true {
                do throws(CommandFailure) {
                    if let failure = try await bench.trial().failure { session.console.report(failure) }
                } catch {
                    session.console.report(error)
                }
                session.console.note("watching \(folder); end with Ctrl-C")
                let change = try await watch.change(from: state)
                state = change.state
                session.console.note("changed: \(change.paths.joined(separator: ", "))")
            }
        }

        private func place() throws(CommandFailure) -> TrialBench.Place {
            let folder = LocalFile.absolute(path)
            if LocalFile.isFile(folder + "/" + HandlerCatalogLoader.manifestName) {
                return .project(folder)
            }
            guard !path.contains("/"), !LocalFile.isDirectory(folder) else {
                throw CommandFailure(
                    .usage, "\(folder) holds no \(HandlerCatalogLoader.manifestName)",
                    next: "Name a handler's folder; `headrace handler new NAME` makes one.")
            }
            return .installed(name: path)
        }
    }
}
