import Glibc
import HandlerHosting
import JobCore
import PureJSON
import Testing

/// Libraries that do harm outside of `run`.
@Suite("Zoo of libraries", .timeLimit(.minutes(5)))
struct ZooLibraryTests {
    /// A handler in C or C++ with something beside a harmless `run`.
    private static func source(_ more: String, run: String = "return JH_OK;", members: String = "") -> String {
        ZooSource.common + """

            \(more)
            static int32_t run(void *self, jh_job *job) { (void)self; (void)fail; (void)is; (void)result; \(run) }
            static const jh_handler table = {
                .size = sizeof table, .abi_major = 1, .name = {"zoo", 3}, .version = {"1.0.0", 5},
                .create = create_ok, .run = run, \(members)};
            JH_EXPORT const jh_handler *jobhandler_v1(const jh_host *given) { (void)given; return &table; }

            """
    }

    @Test("A crash in a constructor of the library ends one attempt")
    func constructor() async throws {
        let report = try await Self.run(
            Self.source("__attribute__((constructor)) static void boom(void) { *(volatile int *)8 = 1; }"))
        #expect(report.outcome.signal == SIGSEGV)
        #expect(report.outcome.crashMessage?.contains("while it loaded zoo") ?? false)
    }

    @Test("Constructors are confined already", .enabled(if: Zoo.isConfined))
    func confinedConstructor() async throws {
        let report = try await Self.run(
            Self.source(
                """
                static int met;
                __attribute__((constructor)) static void call_home(void) {
                    met = socket(AF_INET, SOCK_STREAM, 0) < 0 ? errno : 0;
                }
                """, run: "return result(job, \"errno\", met);"))
        #expect(report.outcome == .completed(["errno": .integer(Int64(EPERM))]))
    }

    @Test("A crash in destroy costs nothing: the runs before it have been told")
    func destroy() async throws {
        let report = try await Self.run(
            Self.source(
                "static void destroy(void *self) { (void)self; *(volatile int *)8 = 1; }", members: ".destroy = destroy"
            ))
        #expect(report.outcome == .completed(.null))
    }

    @Test("A destructor of the library is not run at all")
    func destructor() async throws {
        let report = try await Self.run(
            Self.source("__attribute__((destructor)) static void boom(void) { for (;;) pause(); }"))
        #expect(report.outcome == .completed(.null))
    }

    @Test("A table at no address ends one attempt")
    func wildTable() async throws {
        let report = try await Self.run(
            ZooSource.common + """

                JH_EXPORT const jh_handler *jobhandler_v1(const jh_host *given) {
                    (void)given; (void)fail; (void)is; (void)result; (void)create_ok;
                    return (const jh_handler *)8;
                }

                """)
        #expect(report.outcome.signal == SIGSEGV)
    }

    @Test("An exception that leaves a handler in C++ ends its process")
    func exception() async throws {
        let report = try await Self.run(
            """
            #include "handler_abi.h"
            static int32_t create(const jh_host *, jh_str, void **) { return JH_OK; }
            static int32_t run(void *, jh_job *) { throw 7; }
            static jh_handler table;
            JH_EXPORT const jh_handler *jobhandler_v1(const jh_host *) {
                table.size = sizeof table;
                table.abi_major = 1;
                table.name = {"zoo", 3};
                table.version = {"1.0.0", 5};
                table.create = create;
                table.run = run;
                return &table;
            }

            """, compiler: "c++ -std=c++17 -x c++")
        #expect(report.outcome.signal == SIGABRT)
        #expect(report.lastLogLines.contains { $0.contains("terminate called") })
    }

    /// Runs a library once and shuts its catalogue down.
    private static func run(_ source: String, compiler: String = "cc -std=gnu11") async throws -> HandlerReport {
        let folder = try Zoo.freshDirectory("library")
        try Zoo.compile(source, to: folder + "/libzoo.so", with: compiler)
        try Zoo.write(Zoo.manifest(), to: folder + "/handler.yml")
        let (catalog, faults) = Zoo.load([folder])
        try #require(faults == [])
        let report = try await catalog.run("noop")
        await catalog.shutdown()
        return report
    }
}
