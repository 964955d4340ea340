internal import FoundationEssentials
internal import ScenarioDSL

/// Finds and reads the scenario files that a command line names.
struct ScenarioPaths: Sendable {
    /// The files in the order in which they were named; those of a folder sorted by path.
    let files: [String]

    /// Looks up files and folders.
    ///
    /// - Parameter paths: files, and folders whose `.yml` and `.yaml` files are meant; `Scenarios` when there are none.
    /// - Throws: a failure for a path that does not exist, and for folders without any scenario.
    init(_ paths: [String]) throws(LabFailure) {
        var files: [String] = []
        for path in paths.isEmpty ? ["Scenarios"] : paths {
            var isFolder = false
            guard FileManager.default.fileExists(atPath: path, isDirectory: &isFolder) else {
                throw Self.failure("expected a scenario file or a folder, found nothing at \(path)")
            }
            files += isFolder ? try Self.files(in: path) : [path]
        }
        guard !files.isEmpty else {
            throw Self.failure("expected .yml files in \(paths.joined(separator: ", ")), found none")
        }
        self.files = files
    }

    /// Reads one file after the other.
    func parsed() throws(LabFailure) -> [ScenarioFile] {
        var parsed: [ScenarioFile] = []
        for path in files {
            do {
                parsed.append(ScenarioParser.parse(Array(try Data(contentsOf: URL(filePath: path))), path: path))
            } catch {
                throw LabFailure(
                    status: .environment, message: "\(path) cannot be read: \(error)",
                    nextStep: "Check its permissions.")
            }
        }
        return parsed
    }

    private static func files(in folder: String) throws(LabFailure) -> [String] {
        let names: [String]
        do {
            // A link to a folder has no subpaths of its own.
            names = try FileManager.default.subpathsOfDirectory(
                atPath: URL(filePath: folder).resolvingSymlinksInPath().path)
        } catch {
            throw LabFailure(
                status: .environment, message: "\(folder) cannot be listed: \(error)",
                nextStep: "Check its permissions.")
        }
        let separator = folder.hasSuffix("/") ? "" : "/"
        let isScenario: (String) -> Bool = { name in
            (name.hasSuffix(".yml") || name.hasSuffix(".yaml")) && name.split(separator: "/").last != "lab.yml"
                && !name.split(separator: "/").contains { $0.hasPrefix(".") }
        }
        return names.filter(isScenario).sorted().map { folder + separator + $0 }
    }

    private static func failure(_ message: String) -> LabFailure {
        LabFailure(
            status: .invalidInput, message: message, nextStep: "Name scenario files, or folders that hold some.")
    }
}
