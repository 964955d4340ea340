import FoundationEssentials
import HandlerScaffold
import Testing

/// The template files of this repository.
enum TemplateFiles {
    static let repository = #filePath.split(separator: "/", omittingEmptySubsequences: false)
        .dropLast(3)
        .joined(separator: "/")

    static func read(_ path: String) throws -> String {
        String(decoding: try Data(contentsOf: URL(filePath: repository + "/" + path)), as: UTF8.self)
    }

    /// The files below a folder of the templates, without what a build leaves there.
    static func files(_ folder: String) throws -> [HandlerProject.File] {
        let root = repository + "/Plugins/Template/" + folder
        let built = [".build", ".swiftpm", "lib", "out", "target", "Package.resolved", "Cargo.lock"]
        return try FileManager.default.subpathsOfDirectory(atPath: root).sorted().compactMap { path in
            var isDirectory = false
            guard FileManager.default.fileExists(atPath: root + "/" + path, isDirectory: &isDirectory),
                !isDirectory,
                !built.contains(where: { path == $0 || path.hasPrefix($0 + "/") })
            else { return nil }
            return HandlerProject.File(path: path, text: try read("Plugins/Template/\(folder)/\(path)"))
        }
    }

    static func project(
        _ language: HandlerLanguage, _ name: String = "row-count",
        sdk: SDKReference = .folder("/opt/sdk")
    ) throws -> HandlerProject {
        try HandlerProject.make(
            try #require(HandlerProjectName(name)), language, shared: try files("shared"),
            template: try files(language.rawValue),
            header: try read("Sources/CHandlerABI/include/handler_abi.h"),
            sdk: sdk, platform: "linux-aarch64")
    }
}

@Suite("Projects of new handlers")
struct HandlerProjectTests {
    @Test("Nothing of the template's own name is left", arguments: HandlerLanguage.allCases)
    func renamed(_ language: HandlerLanguage) throws {
        for file in try TemplateFiles.project(language).files {
            for text in [file.path, file.text] {
                #expect(
                    !text.lowercased().replacing("_", with: "-").contains("template-handler"), "\(file.path)")
                #expect(!text.contains("TemplateHandler"), "\(file.path)")
            }
        }
    }

    @Test("A project has what a handler needs", arguments: HandlerLanguage.allCases)
    func complete(_ language: HandlerLanguage) throws {
        let paths = try TemplateFiles.project(language).files.map(\.path)
        let name = try #require(HandlerProjectName("row-count"))
        for path in [
            ".gitignore", "Makefile", "README.md", "examples/customers.csv",
            "examples/customers.head.csv",
            "examples/empty.csv", "handler.yml", "payload.schema.json", "scenario.yml",
            language.mainFile(of: name),
        ] {
            #expect(paths.contains(path), "\(path)")
        }
        #expect(paths.contains("handler_abi.h") == [.c, .cpp].contains(language))
    }

    @Test("The manifest names the handler, its library and the platform")
    func manifest() throws {
        let manifest = try #require(
            try TemplateFiles.project(.c).files.first { $0.path == "handler.yml" })
        #expect(manifest.text.contains("\nname: row-count\n"))
        #expect(
            manifest.text.contains("{ platform: linux-aarch64, path: lib/librow_count.so, sha256: dev }"))
    }

    @Test(
        "A Swift package refers to the SDK by folder or by repository",
        arguments: [
            (SDKReference("/opt/sdk"), "?? \"/opt/sdk\")", "package: \"HandlerSDK\""),
            (SDKReference("../sdk"), "?? \"../sdk\")", "package: \"HandlerSDK\""),
            (
                SDKReference("https://example.com/mill/headrace.git"),
                "package(url: \"https://example.com/mill/headrace.git\", branch: \"main\")",
                "package: \"headrace\""
            ),
            (
                SDKReference("git@example.com:mill/headrace.git"),
                "package(url: \"git@example.com:mill/headrace.git\", branch: \"main\")",
                "package: \"headrace\""
            ),
        ])
    func sdk(_ sdk: SDKReference, _ dependency: String, _ product: String) throws {
        let package = try #require(
            try TemplateFiles.project(.swift, sdk: sdk).files.first { $0.path == "Package.swift" })
        #expect(package.text.contains(dependency))
        #expect(package.text.contains(product))
        #expect(!package.text.contains(".build/release/sdk"))
    }

    @Test("Templates of another version are named, not half used")
    func foreignTemplates() throws {
        let name = try #require(HandlerProjectName("row-count"))
        #expect(throws: ScaffoldError.incomplete(file: "row_count.c")) {
            try HandlerProject.make(
                name, .c, shared: [], template: [], header: "", sdk: .folder("/opt/sdk"),
                platform: "linux-x86_64")
        }
        #expect(
            throws: ScaffoldError.unknownForm(
                file: "Package.swift", missing: "let sdk = Package.Dependency.package(")
        ) {
            try HandlerProject.make(
                name, .swift, shared: [], template: [.init(path: "Package.swift", text: "")], header: "",
                sdk: .folder("/opt/sdk"), platform: "linux-x86_64")
        }
    }
}
