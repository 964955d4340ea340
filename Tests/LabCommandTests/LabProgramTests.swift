import ArgumentParser
import Testing

@testable import LabCommand

@Suite("The lab's command line")
struct LabProgramTests {
    @Test("Help and the version are no failures", arguments: [["--help"], ["--version"], ["serve", "--help"]])
    func help(arguments: [String]) async {
        #expect(await LabProgram.run(arguments) == LabExitStatus.ok.rawValue)
    }

    @Test(
        "A wrong command line is exit code 6",
        arguments: [
            ["dance"], ["serve", "--port", "x"], ["serve", "--port", "65536"], ["serve", "--port", "-1"],
            ["serve", "--clock", "soon"], ["serve", "--clock", "+2"], ["serve", "--auth", "maybe"], ["serve", "more"],
            ["serve", "--colour"], ["serve", "--data"],
        ])
    func usage(arguments: [String]) async {
        #expect(await LabProgram.run(arguments) == LabExitStatus.usage.rawValue)
    }

    @Test("A seed file that cannot be used is exit code 2, and nothing is started")
    func invalidSeed() async {
        let status = await LabProgram.run(["serve", "--port", "0", "--seed-file", "/nowhere/seed.yml"])
        #expect(status == LabExitStatus.invalidInput.rawValue)
    }

    @Test("Without options the server is this machine's alone, verifies, and keeps nothing")
    func defaults() throws {
        let command = try ServeCommand.parse([])
        #expect(command.port == 9_324)
        #expect(command.host == "127.0.0.1")
        #expect(command.data == nil)
        #expect(command.clock == "real")
        #expect(command.auth == .verify)
        #expect(command.region == "us-east-1")
        #expect(!command.json)
    }

    @Test(
        "A clock is real, frozen, or an offset in either direction",
        arguments: ["real", "frozen", "+2h", "-15m", "14d"])
    func clocks(text: String) throws {
        #expect(try ServeCommand.parse(["--clock", text]).clock == text)
    }
}
