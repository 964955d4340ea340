import ArgumentParser

/// Options that every command takes.
struct GlobalOptions: ParsableArguments {
    @Option(
        help: ArgumentHelp(
            "Configuration file; headrace.yml when it exists.", valueName: "file"),
        completion: .file(extensions: ["yml", "yaml"]))
    var config: String?

    @Option(
        help: ArgumentHelp(
            "Data directory of `headrace up`; .headrace is found by itself, and is the default of `up`.",
            valueName: "dir"),
        completion: .directory)
    var data: String?

    @Flag(help: "Write results as JSON for programs.")
    var json = false
}
