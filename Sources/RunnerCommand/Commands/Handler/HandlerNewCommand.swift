import ArgumentParser
import HandlerScaffold
import PureJSON

extension HandlerCommand {
    /// `headrace handler new`.
    struct New: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Start a handler: a project that builds, runs and passes `handler check` as it is.",
            discussion: """
                The project holds the source, handler.yml, the schema of its parameters, examples with the outputs \
                that they must give, a scenario for the lab, a Makefile and a README. It needs no network.

                Examples:
                  headrace handler new row-count
                  headrace handler new row-count --lang rust --directory handlers/row-count
                """)

        @Flag(help: "Write results as JSON for programs.")
        var json = false

        @Argument(
            help: ArgumentHelp(
                "The handler's name: lower-case letters, digits and single hyphens.", valueName: "name"))
        var name: String

        @Option(
            name: [.customLong("lang"), .customLong("language")], help: "The language to write it in.")
        var language: HandlerLanguage = .swift

        @Option(
            name: [.customLong("directory"), .customShort("C")],
            help: ArgumentHelp(
                "Where the project is made; a folder named as the handler.", valueName: "dir"),
            completion: .directory)
        var directory: String?

        @Option(
            help: ArgumentHelp(
                "The SDK that a Swift project uses: a folder, or the address of a repository. The one beside headrace.",
                valueName: "path|url"),
            completion: .directory)
        var sdk: String?

        func run() async throws {
            let environment = HeadraceProgram.environment
            let console = Console.standard(writesJSON: json, environment: environment)
            let name = try projectName()
            let folder = LocalFile.absolute(directory ?? name.label)
            let source = try SDKFolder.beside(Session.executableDirectory)
            let project = try source.project(name, language, sdk: try reference(source))
            try ProjectWriter.write(project, to: folder)
            report(project, folder: folder, console)
            if sdk != nil, language != .swift {
                console.warning("--sdk is for Swift; a project in \(language.title) holds all that it needs itself")
            }
            let path = environment["PATH"] ?? ""
            for program in ["make", language.compiler] where !Self.isFound(program, path: path) {
                console.warning("\(program) is not on the PATH; `make` in the project needs it")
            }
        }

        private func projectName() throws(CommandFailure) -> HandlerProjectName {
            if let name = HandlerProjectName(name) { return name }
            let nearest = HandlerProjectName.suggestion(for: name).map { " Try \($0)." } ?? ""
            throw CommandFailure(
                .usage, "\"\(name)\" cannot be a handler's name",
                next:
                    "Use 1 to \(HandlerProjectName.maximumLength) lower-case letters, digits and single hyphens, "
                    + "a letter first.\(nearest)")
        }

        private func reference(_ source: SDKFolder) throws(CommandFailure) -> SDKReference {
            guard let sdk, language == .swift else { return .folder(source.path) }
            guard case .folder(let path) = SDKReference(sdk) else { return SDKReference(sdk) }
            let absolute = LocalFile.absolute(path)
            guard LocalFile.isFile(absolute + "/Package.swift") else {
                throw CommandFailure(
                    .usage, "--sdk: \(absolute) holds no Package.swift",
                    next: "Name the folder sdk that lies beside headrace, or leave --sdk out.")
            }
            return .folder(absolute)
        }

        private func report(_ project: HandlerProject, folder: String, _ console: Console) {
            if console.writesJSON {
                return console.json([
                    "name": .string(project.name.label), "language": .string(language.rawValue),
                    "directory": .string(folder), "files": .array(project.files.map { .string($0.path) }),
                ])
            }
            let out = console.out
            out.line(
                "\(out.styled(project.name.label, .bold)): a handler in \(language.title), in \(folder)")
            console.heading("Next")
            console.facts([
                ("cd \(ShellText.quoted(directory ?? project.name.label))", "the project"),
                ("make", "builds lib/lib\(project.name.snakeCase).so"),
                (
                    "headrace handler run . --input csv=examples/customers.csv --param limit=2",
                    "one job, without AWS"
                ),
                ("headrace handler check .", "is it sound?"),
                (language.mainFile(of: project.name), "where your work goes"),
            ])
        }

        private static func isFound(_ program: String, path: String) -> Bool {
            path.split(separator: ":").contains { LocalFile.isExecutable("\($0)/\(program)") }
        }
    }
}

extension HandlerLanguage: ExpressibleByArgument {}

/// Writes a project as a whole or not at all.
enum ProjectWriter {
    /// Writes the files; refuses to touch a folder that has anything in it.
    static func write(_ project: HandlerProject, to folder: String) throws(CommandFailure) {
        if LocalFile.isDirectory(folder) {
            guard try LocalFolder.names(in: folder).isEmpty else {
                throw CommandFailure(
                    .usage, "\(folder) is not empty, and nothing in it is overwritten",
                    next: "Choose another name or --directory.")
            }
        } else if LocalFile.isFile(folder) {
            throw CommandFailure(
                .usage, "\(folder) is a file", next: "Choose another name or --directory.")
        }
        let staging = folder + ".partial"
        try LocalFile.makeDirectory(LocalFile.directory(of: folder))
        guard !LocalFile.isDirectory(staging) else {
            throw CommandFailure(
                .usage, "\(staging) is left over from an interrupted run", next: "Delete it.")
        }
        for file in project.files {
            try LocalFile.makeDirectory(LocalFile.directory(of: staging + "/" + file.path))
            try LocalFile.write(file.text, to: staging + "/" + file.path)
        }
        try LocalFile.rename(staging, to: folder)
    }
}

/// Words for a shell.
enum ShellText {
    /// The word, in quotes where the shell would read more into it.
    static func quoted(_ word: String) -> String {
        let isPlain =
            !word.isEmpty
            && word.utf8.allSatisfy { byte in
                switch byte {
                case 0x30...0x39, 0x41...0x5A, 0x61...0x7A, 0x2B...0x2F, 0x3A, 0x3D, 0x40, 0x5F: true
                default: false
                }
            }
        return isPlain ? word : "'" + word.replacing("'", with: "'\\''") + "'"
    }
}
