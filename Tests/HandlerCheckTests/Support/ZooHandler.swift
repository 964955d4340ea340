import Testing

/// A bad handler: what is wrong with it, in C, and the cases that must say so.
struct ZooHandler: Sendable, CustomTestStringConvertible {
    /// What it does.
    let name: String
    /// Definitions that take the place of what stands in `Fixtures/handlers/lines.c`.
    var mischief: String
    /// Lines that replace or follow those of the sound manifest.
    var manifest: [String] = []
    /// What the linker and the compiler are told beside the usual.
    var flags = ""
    /// The cases that must fail.
    var fails: [String] = []
    /// The cases that must warn.
    var warns: [String] = []

    init(
        _ name: String, _ mischief: String, manifest: [String] = [], flags: String = "", fails: [String] = [],
        warns: [String] = []
    ) {
        self.name = name
        self.mischief = mischief
        self.manifest = manifest
        self.flags = flags
        self.fails = fails
        self.warns = warns
    }

    var testDescription: String { "\(name) -> \((fails + warns).joined(separator: ", "))" }
}

extension ZooHandler {
    static let all = library + loading + running + host + claims + hygiene + security

    static let library: [ZooHandler] = [
        ZooHandler(
            "entry point of another major version", "#define ENTRY jobhandler_v2", fails: ["library.entry-point"]),
        ZooHandler("no entry point", "#define ENTRY something_else", fails: ["library.entry-point"]),
        ZooHandler("executable stack", "", flags: "-Wl,-z,execstack", fails: ["library.stack"]),
        ZooHandler(
            "writable code", #"__asm__(".section .writable,\"awx\",@progbits\n.long 0\n.text");"#,
            fails: ["library.writable-code"]),
        ZooHandler(
            "folder of the building machine", "", flags: "-Wl,-rpath,/opt/toolchain/lib", warns: ["library.search-path"]
        ),
        ZooHandler(
            "names of everything",
            "JH_EXPORT int helper(void) { return 0; } JH_EXPORT int json_parse(void) { return 0; }",
            warns: ["library.exports"]),
    ]

    static let loading: [ZooHandler] = [
        ZooHandler("crash in a constructor", "#define AT_LOAD abort()", fails: ["load.create"]),
        ZooHandler("crash in create", "#define AT_CREATE raise(SIGSEGV)", fails: ["load.create"]),
        ZooHandler("crash in destroy", "#define AT_DESTROY abort()", fails: ["load.create"]),
        ZooHandler("hang in create", "#define AT_CREATE for (;;) pause()", fails: ["load.create"]),
        ZooHandler(
            "create fails without a word", "#define AT_CREATE return JH_PERMANENT", fails: ["load.create"],
            warns: ["load.missing-files", "load.broken-config"]),
        ZooHandler("create returns no status", "#define AT_CREATE return 77", fails: ["load.broken-config"]),
        ZooHandler("NULL for a table", "#define TABLE return NULL", fails: ["load.create"]),
        ZooHandler("table too short", "#define TABLE table.size = 40", fails: ["load.create"]),
        ZooHandler("no run", "#define TABLE table.run = NULL", fails: ["load.create"]),
        ZooHandler("another handler's name", "#define TABLE table.name = STR(\"rows\")", fails: ["load.identity"]),
        ZooHandler("another major version", "#define TABLE table.abi_major = 2", fails: ["load.identity"]),
        ZooHandler(
            "looks past the host's table",
            "#define AT_CREATE if (((const uint64_t *)(given + 1))[0] == 42) return JH_PERMANENT",
            fails: ["load.exact-table"]),
        ZooHandler(
            "calls what it does not know",
            "#define AT_CREATE if (given->size > sizeof *given) ((int32_t (**)(void))(given + 1))[0]()",
            fails: ["load.future-table"]),
        ZooHandler(
            "changes the directory when loaded", "#define AT_LOAD if (chdir(\"/usr\")) abort()", fails: ["load.quiet"]),
        ZooHandler(
            "a thread from the start",
            """
            static void *wait_for_ever(void *none) { for (;;) pause(); return none; }
            #define AT_LOAD pthread_t thread; pthread_create(&thread, NULL, wait_for_ever, NULL)
            """, warns: ["load.quiet"]),
    ]

    static let running: [ZooHandler] = [
        ZooHandler("crash in run", "#define AT_START raise(SIGSEGV)", fails: ["contract.fair-run"]),
        ZooHandler("hang in run", "#define AT_START for (;;) pause()", fails: ["contract.fair-run"]),
        ZooHandler("exit in run", "#define AT_START exit(0)", fails: ["contract.fair-run"]),
        ZooHandler(
            "follows a handle", "#define AT_START status = *(volatile int32_t *)job", fails: ["contract.fair-run"]),
        ZooHandler("no status", "#define AT_END return 42", fails: ["contract.fair-run"]),
        ZooHandler("cancelled unasked", "#define AT_END return JH_CANCELLED", fails: ["contract.fair-run"]),
        ZooHandler(
            "result that is no JSON", "#define AT_END host->set_result_json(job, STR(\"{lines\"))",
            fails: ["contract.fair-run"]),
        ZooHandler(
            "result against its schema", "#define AT_END host->set_result_json(job, STR(\"{}\"))",
            manifest: ["result: { type: object, required: [lines] }"], fails: ["contract.fair-run"]),
        ZooHandler("required output is not there", "#define AT_START return JH_OK", fails: ["contract.fair-run"]),
        ZooHandler("failure without a word", "#define AT_START return JH_PERMANENT", fails: ["contract.fair-run"]),
        ZooHandler(
            "log of an unknown level", "#define AT_START host->log(job, 9, STR(\"hello\"), NULL, 0)",
            warns: ["contract.fair-run"]),
        ZooHandler(
            "stream after its end", "#define AT_END char byte; host->read(input, &byte, 1)",
            warns: ["contract.fair-run"]),
        ZooHandler(
            "handle of the run before",
            """
            static jh_job *last;
            #define AT_START if (last) host->log(last, 1, STR("again"), NULL, 0); last = job
            """, fails: ["contract.two-jobs"]),
        ZooHandler(
            "state of the run before",
            "static int64_t kept;\n#define FIRST_LINES kept\n#define AT_END kept = done.lines",
            fails: ["contract.two-jobs"]),
        ZooHandler(
            "calls from a thread that outlives run",
            """
            static void *call_later(void *job) {
                usleep(100000);
                host->log(job, 1, STR("late"), NULL, 0);
                return NULL;
            }
            #define AT_END pthread_t thread; pthread_create(&thread, NULL, call_later, job)
            """, fails: ["contract.late-calls"]),
    ]
}
