import Glibc
import Testing

@Suite("C header of the handler ABI")
struct CHeaderTests {
    static let compilers = ["gcc -std=c11 -x c", "g++ -std=c++17 -x c++"]
    /// Versions with a golden file in `Fixtures/abi`; a new minor version adds one and changes none.
    static let versions = ["1.0"]

    @Test("The header compiles without a warning as C11 and C++17", arguments: compilers)
    func compiles(_ compiler: String) {
        let status = system("\(compiler) -Wall -Wextra -pedantic -Werror -fsyntax-only '\(Zoo.headers)/handler_abi.h'")
        #expect(status == 0)
    }

    @Test("All structs, members and constants of the header are looked at")
    func parser() throws {
        let header = try Self.header()
        #expect(header.structs.map(\.name) == ["jh_str", "jh_field", "jh_error", "jh_host", "jh_handler"])
        #expect(header.structs.first?.members == ["ptr", "len"])
        #expect(header.structs.last?.members.last == "extension")
        #expect(header.constants.contains("JH_E_STATE"))
        #expect(header.constants.contains("JH_MAX_RESULT_BYTES"))
    }

    @Test("C and C++ see the layout of this version's golden file", arguments: compilers)
    func layout(_ compiler: String) throws {
        #expect(try Self.layout(compiler) == Self.golden(try #require(Self.versions.last)))
    }

    @Test("What a version had stays where it was; later ones only append", arguments: versions)
    func appendOnly(_ version: String) throws {
        let now = try Self.layout(Self.compilers[0])
        for (name, before) in Self.members(try Self.golden(version)) {
            let members = Self.members(now)[name] ?? []
            #expect(Array(members.prefix(before.count)) == before, "\(name) of \(version)")
        }
        let constants = now.filter { $0.hasPrefix("constant ") }
        for constant in try Self.golden(version) where constant.hasPrefix("constant ") {
            if constant.hasPrefix("constant JH_ABI_MINOR ") { continue }
            #expect(constants.contains(constant))
        }
    }

    private static func header() throws -> ABIHeader {
        ABIHeader(String(decoding: try Zoo.read(Zoo.headers + "/handler_abi.h"), as: UTF8.self))
    }

    private static func golden(_ version: String) throws -> [String] {
        lines(try Zoo.read("\(Zoo.package)/Fixtures/abi/\(version)/layout.txt"))
    }

    private static func layout(_ compiler: String) throws -> [String] {
        let path = Zoo.freshPath("layout")
        try Zoo.write(try header().program, to: path + ".c")
        let command = "\(compiler) -w -I'\(Zoo.headers)' -o '\(path)' '\(path).c' && '\(path)' > '\(path).txt'"
        try #require(system(command) == 0)
        return lines(try Zoo.read(path + ".txt"))
    }

    /// Struct to its members' lines, in order.
    private static func members(_ lines: [String]) -> [String: [String]] {
        let members = lines.filter { !$0.hasPrefix("struct ") && !$0.hasPrefix("constant ") }
        return Dictionary(grouping: members) { String($0.prefix { $0 != "." }) }
    }

    private static func lines(_ bytes: [UInt8]) -> [String] {
        String(decoding: bytes, as: UTF8.self).split(separator: "\n").map(String.init)
    }
}
