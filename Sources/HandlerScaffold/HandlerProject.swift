/// The files of a new handler's project, made from those of the project that all begin as.
package struct HandlerProject: Sendable, Hashable {
    /// One file.
    package struct File: Sendable, Hashable {
        /// The path below the project's folder.
        package var path: String
        /// The content.
        package var text: String

        /// Makes a file.
        package init(path: String, text: String) {
            self.path = path
            self.text = text
        }
    }

    /// The handler's name.
    package let name: HandlerProjectName
    /// The files, sorted by path.
    package let files: [File]

    /// The name of the project that is copied, in its three spellings.
    static let template = (
        label: "template-handler", snakeCase: "template_handler", typeName: "TemplateHandler"
    )
    /// The platform that the copied manifest names.
    static let templatePlatform = "linux-x86_64"

    /// Makes the files.
    ///
    /// - Parameters:
    ///   - name: the handler's name.
    ///   - language: its language.
    ///   - shared: the files that projects of all languages have.
    ///   - template: those of the language.
    ///   - header: the C header.
    ///   - sdk: where a Swift project finds the SDK.
    ///   - platform: the platform that it is built for, as manifests have it: `linux-x86_64`.
    /// - Returns: the project.
    /// - Throws: ``ScaffoldError`` when the copied files are not those that this version knows.
    package static func make(
        _ name: HandlerProjectName, _ language: HandlerLanguage, shared: [File], template: [File],
        header: String,
        sdk: SDKReference, platform: String
    ) throws(ScaffoldError) -> HandlerProject {
        var files: [File] = []
        for file in shared + template {
            var text = file.text
            if file.path == "Package.swift" { text = try referring(to: sdk, text) }
            if file.path == "handler.yml" { text = text.replacing(templatePlatform, with: platform) }
            files.append(File(path: renamed(path(file.path), to: name), text: renamed(text, to: name)))
        }
        if language.usesHeader { files.append(File(path: "handler_abi.h", text: header)) }
        for path in [language.mainFile(of: name), "handler.yml", "Makefile"] {
            guard files.contains(where: { $0.path == path }) else { throw .incomplete(file: path) }
        }
        return HandlerProject(name: name, files: files.sorted { $0.path < $1.path })
    }

    private static func renamed(_ text: String, to name: HandlerProjectName) -> String {
        text.replacing(template.typeName, with: name.typeName)
            .replacing(template.snakeCase, with: name.snakeCase)
            .replacing(template.label, with: name.label)
    }

    /// Kept without its dot so that it does not rule the repository that it stands in.
    private static func path(_ path: String) -> String { path == "gitignore" ? ".gitignore" : path }

    private static func referring(to sdk: SDKReference, _ text: String) throws(ScaffoldError)
        -> String
    {
        let lines = text.split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
        let declaration = "let sdk = Package.Dependency.package("
        guard let start = lines.firstIndex(of: declaration), start + 1 < lines.count else {
            throw .unknownForm(file: "Package.swift", missing: declaration)
        }
        var result = Array(lines[..<start]) + [sdk.dependency] + Array(lines[(start + 2)...])
        if case .repository = sdk {
            result = result.map {
                $0.hasPrefix("/// The SDK is a folder") ? "/// The SDK, from its repository." : $0
            }
        }
        return result.joined(separator: "\n")
            .replacing("package: \"HandlerSDK\"", with: "package: \"\(sdk.packageName)\"")
    }
}

/// Why no project can be made of the files beside the program.
package enum ScaffoldError: Error, Sendable, Hashable, CustomStringConvertible {
    /// A file is not there.
    case incomplete(file: String)
    /// A file is there and is not of this version.
    case unknownForm(file: String, missing: String)

    /// One sentence.
    package var description: String {
        switch self {
        case .incomplete(let file): "the project templates have no \(file)"
        case .unknownForm(let file, let missing): "the template's \(file) has no line \"\(missing)\""
        }
    }
}
