import Testing

@testable import HandlerHosting

@Suite("Inspection of libraries")
struct ELFInspectionTests {
    private let library: [UInt8]

    init() throws {
        let path = Zoo.freshPath("elf.so")
        try Zoo.compile(ZooSource.creating("return JH_OK;"), to: path)
        library = try Zoo.read(path)
    }

    @Test("A handler's library has no fault")
    func sound() {
        #expect(ELFInspection.fault(in: library) == nil)
    }

    @Test("A library for another machine is named with both machines")
    func machine() {
        var other = library
        (other[18], other[19]) = (243, 0)
        #expect(ELFInspection.fault(in: other)?.hasPrefix("is built for riscv; this machine is ") ?? false)
    }

    @Test("A program is no library")
    func program() {
        var other = library
        other[16] = 2
        #expect(ELFInspection.fault(in: other) == "is an ELF file, but no shared library")
    }

    @Test("A library cut short anywhere is refused")
    func truncated() {
        // The table of sections is the last thing in the file.
        for count in stride(from: 0, to: library.count - 64, by: 97) {
            #expect(ELFInspection.fault(in: Array(library[..<count])) != nil)
        }
    }

    @Test("Damage in the headers is survived", arguments: [UInt8(0x00), 0x7F, 0xFF])
    func damaged(_ byte: UInt8) {
        let sections = library.count - 64 * 40
        var verdicts = Set<String?>()
        for place in Array(0..<64) + Array(max(sections, 64)..<library.count) {
            var damaged = library
            damaged[place] = byte
            verdicts.insert(ELFInspection.fault(in: damaged))
        }
        #expect(verdicts.contains(nil))
        #expect(verdicts.count > 2)
    }
}
