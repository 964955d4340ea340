import Glibc
import HandlerCheck
import Testing

/// Handlers' folders that tests make, and what checks them.
enum CheckFixture {
    /// Where the programs of this build are: beside the tests'.
    static var productsDirectory: String {
        var buffer = [CChar](repeating: 0, count: 4_096)
        let count = readlink("/proc/self/exe", &buffer, buffer.count)
        let path = String(decoding: buffer.prefix(max(count, 0)).map { UInt8(bitPattern: $0) }, as: UTF8.self)
        return path.split(separator: "/", omittingEmptySubsequences: false).dropLast().joined(separator: "/")
    }

    private static var package: String {
        #filePath.split(separator: "/", omittingEmptySubsequences: false).dropLast(4).joined(separator: "/")
    }

    /// What the sound handler counts: four lines in 60 bytes, so that its four blocks are whole.
    private static let text = "the first line\nthe second line\nthe third line\nand a fourth\n\n"

    private static let manifest = [
        "manifest: 1", "name: lines", "version: 1.0.0", "title: Count lines", "license: Apache-2.0",
        "abi: { major: 1 }",
        "library: [{ platform: linux-x86_64, path: liblines.so, sha256: dev }, "
            + "{ platform: linux-aarch64, path: liblines.so, sha256: dev }]",
        "payload: { type: object, additionalProperties: false }", "inputs: { text: { from: /inputs/text } }",
        "outputs: { copy: { to: \"{job}/copy\", contentType: text/plain } }",
        "timeout: { run: 1m, cancelGrace: 10s }", "limits: { memory: 256MiB }", "deterministic: true",
        "idempotent: true",
        "examples: [{ name: some lines, payload: {}, inputs: { text: lines.txt }, "
            + "expect: { status: ok, result: { lines: 5 }, outputs: { copy: lines.txt } } }, "
            + "{ name: nothing, payload: {}, inputs: { text: empty.txt }, expect: { status: invalid-input, code: empty } }]",
    ]

    /// Makes the folder of a handler: the sound one with some mischief.
    ///
    /// - Parameters:
    ///   - mischief: C definitions that take the place of the sound handler's.
    ///   - lines: take the place of the sound manifest's lines with the same keys.
    ///   - flags: for the compiler, beside the usual.
    /// - Returns: the folder's path.
    /// - Throws: when the folder cannot be made, or its library.
    static func handler(mischief: String = "", manifest lines: [String] = [], flags: String = "") throws -> String {
        let folder = try freshFolder()
        try write(mischief + "\n", to: folder + "/mischief.h")
        try write(text, to: folder + "/lines.txt")
        try write("", to: folder + "/empty.txt")
        let keys = lines.map { $0.prefix { $0 != ":" } }
        let kept = manifest.filter { line in !keys.contains(line.prefix { $0 != ":" }) }
        try write((kept + lines).joined(separator: "\n") + "\n", to: folder + "/handler.yml")
        try compile("cc -std=gnu11 -O1 -w -I'\(folder)'", "lines.c", flags, into: folder)
        return folder
    }

    /// Compiles a file of `Fixtures/handlers` into a handler's library.
    static func compile(_ compiler: String, _ source: String, _ flags: String = "", into folder: String) throws {
        let command =
            "\(compiler) -shared -fPIC -fvisibility=hidden -I'\(package)/Sources/CHandlerABI/include' "
            + "-o '\(folder)/liblines.so' '\(package)/Fixtures/handlers/\(source)' \(flags) 2>'\(folder)/compiler.log'"
        try #require(system(command) == 0, "the fixture does not compile: \(command)")
    }

    /// A checker that loses its patience soon.
    static func checker(seed: UInt64 = 1, patience: Duration = .seconds(10)) -> HandlerChecker {
        HandlerChecker(
            programs: HandlerChecker.Programs(
                host: productsDirectory + "/headrace-host", probe: productsDirectory + "/headrace-probe",
                runnerVersion: "1.0.0", temporaryDirectory: "/tmp"),
            environment: [:], seed: seed, patience: patience)
    }

    static func remove(_ folder: String) { _ = system("rm -rf '\(folder)'") }

    static func write(_ text: String, to path: String) throws {
        let file = try #require(fopen(path, "w"))
        defer { fclose(file) }
        try #require(fputs(text, file) >= 0)
    }

    private static func freshFolder() throws -> String {
        var template = Array("/tmp/headrace-zoo-XXXXXX".utf8CString)
        try #require(mkdtemp(&template) != nil)
        return String(decoding: template.dropLast().map { UInt8(bitPattern: $0) }, as: UTF8.self)
    }
}
