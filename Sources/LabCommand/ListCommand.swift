internal import ArgumentParser
internal import PureJSON
internal import ScenarioDSL

/// `lab list`: what scenario files there are, and how many runs they make.
struct ListCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "list", abstract: "List scenarios, their tags, cells and seeds.")

    @Argument(help: "Files and folders; Scenarios when there are none.")
    var paths: [String] = []

    @Option(help: "Only scenarios with this tag.")
    var tag: String?

    @Flag(help: "One line for each cell of the matrix.")
    var cells = false

    @Flag(help: "Write JSON.")
    var json = false

    func run() throws {
        let files = try ScenarioPaths(paths).parsed()
        let writer = DiagnosticText(usesColor: Output.usesColor)
        let invalid = files.filter(\.isInvalid)
        for file in invalid { Output.error(writer.report(file)) }
        let listed = files.filter { file in
            guard let first = file.scenarios.first else { return false }
            return tag.map { first.tags.contains($0) } ?? true
        }
        if json {
            Output.line(JSONValue.array(listed.map(Self.json)).serialized(.pretty))
        } else {
            writeTable(listed)
        }
        if !invalid.isEmpty { throw ExitCode(LabExitStatus.invalidInput.rawValue) }
    }

    private func writeTable(_ files: [ScenarioFile]) {
        let width = files.map(\.text.path.count).max() ?? 0
        var runs = 0
        for file in files {
            guard let first = file.scenarios.first else { continue }
            let count = file.scenarios.count * first.seeds.count
            runs += count
            let path = file.text.path + String(repeating: " ", count: width - file.text.path.count)
            let tags = first.tags.isEmpty ? "" : "  [\(first.tags.joined(separator: ", "))]"
            Output.line("\(path)  \(Self.padded(count)) runs  \(first.name)\(tags)")
            guard cells else { continue }
            for scenario in file.scenarios where !scenario.cell.id.isEmpty {
                Output.line("    --cell \(scenario.cell.id)")
            }
        }
        Output.line(
            "\(files.count) scenario\(files.count == 1 ? "" : "s"), \(runs) run\(runs == 1 ? "" : "s")")
    }

    private static func padded(_ number: Int) -> String {
        String(repeating: " ", count: max(4 - String(number).count, 0)) + String(number)
    }

    private static func json(_ file: ScenarioFile) -> JSONValue {
        let first = file.scenarios.first
        return [
            "path": .string(file.text.path), "name": .string(first?.name ?? ""),
            "why": first?.why.map { .string($0) } ?? .null,
            "tags": .array((first?.tags ?? []).map { .string($0) }),
            "cells": .array(file.scenarios.map { .string($0.cell.id) }),
            "seeds": .array((first?.seeds ?? []).map { .integer(Int64(clamping: $0)) }),
        ]
    }
}
