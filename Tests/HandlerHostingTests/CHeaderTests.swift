import Glibc
import Testing

@Suite("C header of the handler ABI")
struct CHeaderTests {
    @Test(
        "The header compiles without a warning as C11 and C++17",
        arguments: ["cc -std=c11 -x c", "c++ -std=c++17 -x c++"])
    func compiles(_ compiler: String) {
        let status = system("\(compiler) -Wall -Wextra -pedantic -Werror -fsyntax-only '\(Zoo.headers)/handler_abi.h'")
        #expect(status == 0)
    }

    @Test("Sizes and places of version 1.0 never change; members are added at the end only")
    func layout() throws {
        let checks = [
            ("jh_str", 16, ""), ("jh_field", 32, ""), ("jh_error", 88, "retry_after_ms 80"),
            ("jh_host", 200, "random 192"), ("jh_handler", 104, "extension 96"),
        ]
        let asserts = checks.map { name, size, last in
            let place = last.split(separator: " ")
            let tail = place.count == 2 ? "_Static_assert(offsetof(\(name), \(place[0])) == \(place[1]), \"\");" : ""
            return "_Static_assert(sizeof(\(name)) >= \(size), \"\"); \(tail)"
        }
        let library = Zoo.freshPath("layout.so")
        try Zoo.compile(
            "#include <stddef.h>\n#include \"handler_abi.h\"\n" + asserts.joined(separator: "\n"), to: library)
    }
}
