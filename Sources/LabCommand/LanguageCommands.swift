internal import ArgumentParser
internal import PureJSON
internal import ScenarioDSL

/// `lab schema`: the language of scenario files, for editors and for readers.
struct SchemaCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "schema", abstract: "Print the JSON Schema of scenario files.",
        discussion: """
            Editors with a YAML language server check and complete scenario files with it; put this on a file's first line:
              # yaml-language-server: $schema=scenario.schema.json
            """)

    @Flag(help: "Print the reference page, as Markdown, instead.")
    var reference = false

    func run() {
        Output.line(reference ? ReferencePage.text : ScenarioSchema.document.serialized(.pretty))
    }
}

/// `lab explain`: what a code or a word of the language means.
struct ExplainCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "explain",
        abstract: "Explain a code such as LAB102, a verb, a fault, an assertion, an event or an invariant.")

    @Argument(
        help: "The code or word; a list of all when there is none.", completion: .list(Explanation.names))
    var name: String?

    func run() throws {
        guard let name else { return Output.line(Explanation.names.joined(separator: "\n")) }
        if let text = Explanation.text(for: name) ?? Explanation.text(for: name.uppercased()) {
            return Output.line(text)
        }
        let hint = Explanation.nearest(to: name).map { "Did you mean `lab explain \($0)`?" }
        throw LabFailure(
            status: .usage, message: "there is nothing called \"\(name)\" to explain",
            nextStep: hint ?? "`lab explain` without a name lists all.")
    }
}
