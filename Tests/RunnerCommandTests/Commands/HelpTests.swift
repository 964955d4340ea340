import ArgumentParser
import Testing

@testable import RunnerCommand

@Suite("Command line")
struct HelpTests {
    @Test("The root help shows the commands in groups, each line within 80 columns")
    func rootHelp() {
        let help = HeadraceCommand.helpMessage(columns: 80)
        for words in [
            "START HERE SUBCOMMANDS:", "demo", "up", "doctor", "JOBS SUBCOMMANDS:", "submit", "jobs",
            "OPERATION SUBCOMMANDS:", "run", "queue", "db", "handler", "Exit codes: 0 ok, 1 the job failed",
        ] {
            #expect(help.contains(words), "\(words) is missing in:\n\(help)")
        }
        #expect(help.split(separator: "\n").allSatisfy { $0.count <= 80 })
    }

    @Test(
        "Every command explains itself and takes --json",
        arguments: [
            ["demo"], ["up"], ["doctor"], ["submit"], ["run"], ["jobs", "list"], ["jobs", "show"], ["jobs", "watch"],
            ["jobs", "result"], ["jobs", "cancel"], ["queue", "status"], ["queue", "create"], ["db", "status"],
            ["db", "migrate"], ["handler", "list"], ["handler", "new"], ["handler", "run"],
        ])
    func everyHelp(path: [String]) throws {
        do {
            var command = try HeadraceCommand.parseAsRoot(path + ["--help"])
            try command.run()
            Issue.record("--help did not ask for help")
        } catch {
            let help = HeadraceCommand.fullMessage(for: error)
            #expect(help.hasPrefix("OVERVIEW: "))
            #expect(help.contains("--json"))
            #expect(HeadraceCommand.exitCode(for: error) == .success)
        }
    }

    @Test(
        "A mistyped command names the nearest one",
        arguments: [
            (["dmeo"], "Did you mean `headrace demo`?"), (["jobs", "shwo", "x"], "Did you mean `headrace jobs show`?"),
            (["xyzzy"], "See `headrace --help`."),
        ])
    func mistyped(arguments: [String], next: String) {
        let failure = UnknownCommand.failure(in: arguments)
        #expect(failure?.status == .usage)
        #expect(failure?.nextStep?.contains(next) == true)
    }

    @Test("Words of a known command are never taken for commands", arguments: [["submit", "frob"], ["--version"], []])
    func known(arguments: [String]) { #expect(UnknownCommand.failure(in: arguments) == nil) }

    @Test(
        "Values that no command could use are refused while parsing",
        arguments: [
            ["up", "--port", "70000"], ["up", "--bucket", "NO"], ["jobs", "show", "a..b"],
            ["jobs", "list", "--limit", "0"],
            ["jobs", "list", "--state", "sleeping"], ["jobs", "watch", "j", "--timeout", "soon"],
            ["submit", "h", "f", "--priority", "urgent"], ["submit", "h", "f", "--tenant", "a b"],
            ["demo", "--rows", "0"],
        ])
    func refused(arguments: [String]) {
        #expect(throws: (any Error).self) { try HeadraceCommand.parseAsRoot(arguments) }
    }

    @Test("Completion scripts are generated for the usual shells", arguments: ["bash", "zsh", "fish"])
    func completion(shell: String) {
        let script = HeadraceCommand.completionScript(for: CompletionShell(rawValue: shell) ?? .bash)
        #expect(script.contains("headrace"))
    }
}
