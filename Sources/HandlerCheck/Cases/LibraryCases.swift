/// Checks of the library's file; nothing of it runs.
enum LibraryCases {
    /// The oldest C library that handlers are to run with: Debian 12's.
    private static let baseline = (major: 2, minor: 36)
    private static let entryPoint = "jobhandler_v1"
    private static let entryPrefix = "jobhandler_v"
    /// What linkers define by themselves.
    private static let linkerNames: Set<String> = ["__bss_start", "_edata", "_end", "_fini", "_init"]
    /// Mangled names of Swift and C++ clash with nobody's; more than this many are the whole inside of the library.
    private static let mangledLimit = 4_000

    static let all: [CheckCase] = [
        look("format", "It is a shared object for this machine") { format($0) },
        look("entry-point", "It exports the entry point") { entryPoint(in: $0) },
        look("dependencies", "Every library that it needs is found") { dependencies(of: $0, $1) },
        look("search-path", "It looks for libraries in no folder of the machine that built it") { object, _ in
            searchPath(object)
        },
        look("c-library", "It needs no C library newer than 2.36") { object, _ in
            glibc(object.neededVersions)
        },
        look("exports", "It exports its entry point, and no plain names beside it") { object, _ in exports(object) },
        look("stack", "Its stack is not executable") { object, _ in
            object.wantsExecutableStack
                ? .failed("the stack is executable; link with -z noexecstack, and mark assembler files") : .passed()
        },
        look("text-relocations", "Its code needs no adjustment") { object, _ in
            object.hasTextRelocations
                ? .failed("the code must be made writable to load it; compile with -fPIC") : .passed()
        },
        look("writable-code", "No part of it is writable and executable") { object, _ in
            object.hasWritableCode ? .failed("a segment is writable and executable") : .passed()
        },
        look("unloading", "It stays loaded once it is") { object, _ in
            .passed(object.refusesUnloading ? "linked with -z nodelete" : "the host opens it with RTLD_NODELETE")
        },
        look("debug-information", "How much of it is debug information") { object, _ in
            object.debugBytes == 0
                ? .passed()
                : .passed("\(object.debugBytes >> 10) of \(object.sizeBytes >> 10) KiB; `strip` takes it out")
        },
    ]

    private static func look(
        _ name: String, _ title: String, _ judge: @escaping @Sendable (SharedObject, CheckSubject) -> Verdict
    ) -> CheckCase {
        CheckCase(.library, name, title) { context in
            switch context.library {
            case .failure(let fault): name == "format" ? .failed(fault.reason) : .skipped("library.format says why")
            case .success(let object): judge(object, context.subject)
            }
        }
    }

    private static func look(
        _ name: String, _ title: String, _ judge: @escaping @Sendable (SharedObject) -> Verdict
    ) -> CheckCase {
        look(name, title) { object, _ in judge(object) }
    }

    static func format(_ object: SharedObject) -> Verdict {
        guard object.machineName == LibraryFile.ownMachine else {
            return .failed("it is built for \(object.machineName), this machine is \(LibraryFile.ownMachine)")
        }
        return .passed("\(object.machineName), \(object.sizeBytes >> 10) KiB")
    }

    static func entryPoint(in object: SharedObject) -> Verdict {
        if object.exported.contains(entryPoint) { return .passed() }
        if let other = object.exported.filter({ $0.hasPrefix(entryPrefix) }).max() {
            return .failed("it exports \(other), this version speaks \(entryPoint); rebuild it with an SDK of major 1")
        }
        return .failed("it does not export \(entryPoint): it is no handler, or the entry point is hidden")
    }

    static func dependencies(of object: SharedObject, _ subject: CheckSubject) -> Verdict {
        let folders = LibraryFile.searchFolders(object, subject)
        let lost = object.needed.filter { name in !folders.contains { LibraryFile.exists($0 + "/" + name) } }
        guard lost.isEmpty else {
            return .failed("\(lost.joined(separator: ", ")) is not found; link it in, or put it beside the library")
        }
        return .passed(object.needed.joined(separator: " "))
    }

    static func searchPath(_ object: SharedObject) -> Verdict {
        let foreign = object.searchPaths.filter { path in
            !path.hasPrefix("$ORIGIN") && !path.hasPrefix("${ORIGIN}") && !path.hasPrefix("/usr/lib")
                && !path.hasPrefix("/lib")
        }
        guard let first = foreign.first else { return .passed() }
        return .warned("RUNPATH names \(first): a folder of the machine that built it; link without it")
    }

    static func glibc(_ names: [String]) -> Verdict {
        let versions = names.compactMap { name -> (major: Int, minor: Int)? in
            guard name.hasPrefix("GLIBC_") else { return nil }
            let numbers = name.dropFirst(6).split(separator: ".").compactMap { Int($0) }
            return numbers.count >= 2 ? (numbers[0], numbers[1]) : nil
        }
        guard let newest = versions.max(by: { $0 < $1 }) else { return .passed() }
        guard newest <= baseline else {
            return .warned(
                "it needs GLIBC_\(newest.major).\(newest.minor), Debian 12 has \(baseline.major).\(baseline.minor); "
                    + "build it on an older system")
        }
        return .passed("GLIBC_\(newest.major).\(newest.minor)")
    }

    static func exports(_ object: SharedObject) -> Verdict {
        let others = object.exported.filter { $0 != entryPoint }
        let plain = others.filter { name in
            !linkerNames.contains(name) && !["$s", "_Z", "__swift"].contains { name.hasPrefix($0) }
        }
        if let first = plain.min() {
            return .warned(
                "it exports \(plain.count) plain names beside the entry point, such as \(first); "
                    + "compile with -fvisibility=hidden")
        }
        guard others.count <= mangledLimit else {
            return .warned("it exports \(others.count) mangled names; hide them with a version script")
        }
        return .passed(others.isEmpty ? "" : "and \(others.count) mangled names")
    }
}
