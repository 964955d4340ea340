import Testing

@testable import HandlerCheck

@Suite("What a library's file says")
struct SharedObjectTests {
    private static let sound: Result<[UInt8], any Error> = Result {
        let folder = try CheckFixture.handler()
        defer { CheckFixture.remove(folder) }
        return try #require(Workspace.read(folder + "/liblines.so"))
    }

    private let bytes: [UInt8]

    init() throws { bytes = try Self.sound.get() }

    @Test("A sound library is read whole")
    func sound() throws {
        let object = try #require(SharedObject(bytes))
        #expect(object.machineName == LibraryFile.ownMachine)
        #expect(object.exported == ["jobhandler_v1"])
        #expect(object.needed == ["libc.so.6"])
        #expect(object.neededVersions.contains { $0.hasPrefix("GLIBC_2.") })
        #expect(!object.wantsExecutableStack && !object.hasWritableCode && !object.hasTextRelocations)
        #expect(object.searchPaths == [])
    }

    @Test("A library that is cut short anywhere is refused")
    func truncated() {
        // The table of sections is the last thing in the file.
        for count in stride(from: 0, to: bytes.count - 64, by: 101) {
            #expect(SharedObject(Array(bytes[..<count])) == nil, "\(count) bytes")
        }
    }

    @Test("Damage anywhere in the file is survived", arguments: [UInt8(0x00), 0x7F, 0xFF])
    func damaged(_ byte: UInt8) {
        var refused = 0
        for place in stride(from: 0, to: bytes.count, by: 7) {
            var damaged = bytes
            damaged[place] = byte
            if SharedObject(damaged) == nil { refused += 1 }
        }
        #expect(refused > 0 && refused < bytes.count / 7)
    }

    @Test(
        "The C library's version is compared as numbers",
        arguments: [
            (["GLIBC_2.2.5", "GLIBC_2.36"], false), (["GLIBC_2.4", "CXXABI_1.3"], false), (["GLIBC_2.38"], true),
            ([], false),
        ])
    func glibc(_ versions: [String], _ isNewer: Bool) {
        #expect(LibraryCases.glibc(versions).isWarning == isNewer)
    }
}
