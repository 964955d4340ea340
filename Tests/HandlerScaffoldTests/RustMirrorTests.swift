import Testing

@Suite("The header's declarations in Rust")
struct RustMirrorTests {
    /// The members of a C struct, in order.
    private func members(ofC name: String, in header: String) throws -> [String] {
        let start = try #require(header.firstRange(of: "typedef struct \(name) {")).upperBound
        let end = try #require(header[start...].firstRange(of: "} \(name);")).lowerBound
        let body = header[start..<end].replacing(#/\/\*(.|\n)*?\*\//#, with: "")
        return body.split(separator: ";").compactMap { declaration in
            if let function = declaration.firstMatch(of: #/\(\*(\w+)\)/#) { return String(function.1) }
            return declaration.firstMatch(of: #/(\w+)\s*$/#).map { String($0.1) }
        }
    }

    /// The members of a Rust struct, in order.
    private func members(ofRust name: String, in source: String) throws -> [String] {
        let start = try #require(source.firstRange(of: "pub struct \(name) {")).upperBound
        let end = try #require(source[start...].firstRange(of: "\n}\n")).lowerBound
        return source[start..<end].matches(of: #/\n    pub (\w+):/#).map { String($0.1) }
    }

    @Test(
        "Structs have the header's members in the header's order",
        arguments: [
            ("jh_str", ["Str"]), ("jh_field", ["Field"]), ("jh_error", ["Error"]),
            ("jh_handler", ["Handler"]),
            ("jh_host", ["Host", "NewerHost"]),
        ])
    func structs(_ name: String, _ rust: [String]) throws {
        let header = try TemplateFiles.read("Sources/CHandlerABI/include/handler_abi.h")
        let source = try TemplateFiles.read("Plugins/Template/rust/src/abi.rs")
        let mirrored = try rust.flatMap { try members(ofRust: $0, in: source) }.filter { $0 != "host" }
        let expected = try members(ofC: name, in: header)
        #expect(!expected.isEmpty)
        #expect(mirrored == expected)
    }

    @Test("Constants have the header's values")
    func constants() throws {
        let header = try TemplateFiles.read("Sources/CHandlerABI/include/handler_abi.h")
        let source = try TemplateFiles.read("Plugins/Template/rust/src/abi.rs")
        let constants = source.matches(of: #/pub const (\w+): [iu]32 = (-?\d+);/#)
        #expect(constants.count > 10)
        for constant in constants {
            let define = "#define JH_\(constant.1) "
            let line = try #require(
                header.split(separator: "\n").first { $0.hasPrefix(define) }, "\(define)")
            let value = line.dropFirst(define.count).drop { $0 == "(" || $0 == " " }.prefix {
                $0 == "-" || $0.isNumber
            }
            #expect(value == constant.2, "\(constant.1)")
        }
    }
}
