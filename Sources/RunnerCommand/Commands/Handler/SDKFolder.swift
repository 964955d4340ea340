import HandlerScaffold

/// The folder with the SDK for handlers and the projects that they start from.
struct SDKFolder: Hashable {
    /// The absolute path.
    let path: String

    /// Where it is looked for, seen from the folder of the executable: beside it, and where packages install it.
    private static let places = ["/sdk", "/../share/headrace/sdk"]

    /// Finds the one that belongs to this executable.
    static func beside(_ executableDirectory: String) throws(CommandFailure) -> SDKFolder {
        for place in places where LocalFile.isDirectory(executableDirectory + place + "/templates") {
            return SDKFolder(path: executableDirectory + place)
        }
        throw CommandFailure(
            .configuration,
            "the folder \(executableDirectory)/sdk with the SDK and the templates is missing",
            next: "Run `make release` in Headrace's sources, or install the folder sdk beside headrace.")
    }

    /// The files that projects in a language start from.
    func project(
        _ name: HandlerProjectName, _ language: HandlerLanguage, sdk: SDKReference
    ) throws(CommandFailure) -> HandlerProject {
        let header = try text("include/handler_abi.h")
        let shared = try files("templates/shared")
        let template = try files("templates/" + language.rawValue)
        do {
            return try HandlerProject.make(
                name, language, shared: shared, template: template, header: header, sdk: sdk,
                platform: Self.platform)
        } catch {
            throw CommandFailure(
                .configuration, "\(path) cannot be used: \(error)",
                next: "Install the folder sdk of the same version as headrace.")
        }
    }

    /// The platform that this executable was built for, as manifests spell it.
    private static var platform: String {
        #if arch(x86_64)
            "linux-x86_64"
        #elseif arch(arm64)
            "linux-aarch64"
        #endif
    }

    private func files(_ folder: String) throws(CommandFailure) -> [HandlerProject.File] {
        var files: [HandlerProject.File] = []
        for entry in try LocalFolder.entries(below: path + "/" + folder) {
            files.append(HandlerProject.File(path: entry.path, text: try text(folder + "/" + entry.path)))
        }
        return files
    }

    private func text(_ file: String) throws(CommandFailure) -> String {
        guard let text = try LocalFile.read(path + "/" + file) else {
            throw CommandFailure(
                .configuration, "the SDK has no file \(path)/\(file)",
                next: "Install the folder sdk of the same version as headrace.")
        }
        return text
    }
}
