internal import ArgumentParser
internal import Glibc
internal import PureJSON
internal import ScenarioDSL

/// `lab validate`: checks scenario files without starting anything.
struct ValidateCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "validate", abstract: "Check scenario files; start nothing.",
        discussion: """
            Prints what is wrong with line, column and a code; `lab explain CODE` tells more. Exit code 0 when all \
            files are valid, 2 when one is not. With --json each valid file's scenarios are there as well, one for \
            each cell of its matrix, with the matrix and the variables put in.
            """)

    /// How the findings are written.
    enum Format: String, ExpressibleByArgument, CaseIterable {
        case text, json, sarif, github
    }

    @Argument(help: "Files and folders; Scenarios when there are none.")
    var paths: [String] = []

    @Option(help: "How to write what is found: text, json, sarif (for code hosts) or github (annotations).")
    var format = Format.text

    @Flag(help: "The same as --format json.")
    var json = false

    @Flag(help: "Take warnings for errors.")
    var strict = false

    func run() throws {
        let files = try ScenarioPaths(paths).parsed()
        switch json ? .json : format {
        case .text: writeText(files)
        case .json: Output.line(DiagnosticReport.json(files).serialized(.pretty))
        case .sarif: Output.line(DiagnosticReport.sarif(files).serialized(.pretty))
        case .github:
            let lines = DiagnosticReport.github(files)
            if !lines.isEmpty { Output.line(lines) }
        }
        let isRefused = files.contains { $0.isInvalid || (strict && !$0.diagnostics.isEmpty) }
        if isRefused { throw ExitCode(LabExitStatus.invalidInput.rawValue) }
    }

    private func writeText(_ files: [ScenarioFile]) {
        let writer = DiagnosticText(usesColor: Output.usesColor)
        for file in files where !file.diagnostics.isEmpty { Output.line(writer.report(file)) }
        Output.line(DiagnosticText.summary(files))
    }
}
