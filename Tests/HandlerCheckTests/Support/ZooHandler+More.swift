extension ZooHandler {
    static let host: [ZooHandler] = [
        ZooHandler(
            "takes a short read for the end",
            "#define READ_BLOCK(stream, block, size) (host->read(stream, block, size) == size ? size : 0)",
            fails: ["contract.one-byte-reads", "contract.uneven-reads"]),
        ZooHandler(
            "takes what a read gives for a block",
            """
            static int64_t once(jh_stream *stream, char *block, int64_t size) {
                int64_t count = host->read(stream, block, (uint64_t)size);
                return count < 4 && count > 0 ? 0 : count;
            }
            #define READ_BLOCK once
            """, fails: ["contract.one-byte-reads"]),
        ZooHandler(
            "loses what a write does not take",
            """
            static int32_t once(jh_stream *stream, const char *bytes, int64_t length) {
                return host->write(stream, bytes, (uint64_t)length) > 0 ? JH_OK : JH_RETRYABLE;
            }
            #define WRITE_BLOCK once
            """, fails: ["contract.one-byte-writes", "contract.uneven-writes"]),
        ZooHandler(
            "takes a failed read for the end",
            """
            static int64_t read_block(jh_stream *stream, char *block, int64_t size);
            static int64_t careless(jh_stream *stream, char *block, int64_t size) {
                int64_t count = read_block(stream, block, size);
                return count < 0 ? 0 : count;
            }
            #define READ_BLOCK careless
            """, fails: ["contract.read-error-at-start", "contract.read-error-midway", "contract.read-error-at-end"]),
        ZooHandler(
            "does not look at failed writes",
            """
            static int32_t write_block(jh_stream *stream, const char *bytes, int64_t length);
            static int32_t careless(jh_stream *stream, const char *bytes, int64_t length) {
                write_block(stream, bytes, length);
                return JH_OK;
            }
            #define WRITE_BLOCK careless
            """, fails: ["contract.write-error-at-start", "contract.write-error-midway", "contract.output-limit"]),
        ZooHandler(
            "tries a failed read for ever",
            """
            static int64_t stubborn(jh_stream *stream, char *block, int64_t size) {
                int64_t count;
                while ((count = host->read(stream, block, (uint64_t)size)) < 0) {}
                return count;
            }
            #define READ_BLOCK stubborn
            """, fails: ["contract.read-error-midway"]),
        ZooHandler(
            "blames the submitter for the host",
            "#define fail(job, status, code, message) fail(job, JH_INVALID_INPUT, code, message)",
            warns: ["contract.read-error-midway"]),
        ZooHandler(
            "crashes on bytes that are no text", "#define AT_BLOCK if ((signed char)block[0] < 0) abort()",
            fails: ["contract.garbage-input"]),
        ZooHandler(
            "asks to try an empty input again",
            "#define AT_START if (status == GO_ON) { jh_stream *s; host->open_input(job, STR(\"text\"), &s); "
                + "if (host->input_size(s) == 0) return fail(job, JH_RETRYABLE, STR(\"empty\"), STR(\"empty\")); }",
            warns: ["contract.empty-input"]),
        ZooHandler(
            "reads all into memory", "#define AT_BLOCK keep((size_t)count * 8)",
            manifest: ["limits: { memory: 64MiB }"], fails: ["contract.huge-input"]),
        ZooHandler(
            "does not look at the flag", "#define IS_CANCELLED(job) 0\n#define AT_BLOCK usleep(20000)",
            manifest: ["timeout: { cancelGrace: 100ms }"],
            fails: ["contract.cancel-midway"]),
        ZooHandler(
            "calls a stop its own failure",
            "#define IS_CANCELLED(job) 0\n"
                + "#define AT_BLOCK if (host->cancelled(job)) return fail(job, JH_PERMANENT, STR(\"x\"), STR(\"stopped\"))",
            fails: ["contract.cancel-midway"]),
        ZooHandler(
            "divides by the time that is left",
            "#define AT_START volatile int64_t share = 1000 / host->time_left_ms(job)",
            fails: ["contract.deadline-now"]),
        ZooHandler(
            "waits for a checkpoint to be stored",
            "#define AT_START while (host->checkpoint_put(job, \"\", 0) != JH_OK) {}",
            fails: ["contract.checkpoint-error"]),
    ]

    static let claims: [ZooHandler] = [
        ZooHandler(
            "the clock in its output",
            "#define AT_BLOCK int64_t now = host->wall_ns(job); if (write_block(output, (char *)&now, 8)) return 1",
            fails: ["claims.deterministic"]),
        ZooHandler(
            "random bytes in its output",
            "#define AT_BLOCK char word[8]; host->random(job, word, 8); if (write_block(output, word, 8)) return 1",
            fails: ["claims.deterministic"]),
        ZooHandler(
            "counts how often it ran",
            """
            #define AT_START \\
                int64_t runs = 0; \\
                host->kv_get(job, STR("runs"), &runs, sizeof runs); \\
                runs++; \\
                host->kv_put(job, STR("runs"), &runs, sizeof runs)
            #define FIRST_LINES runs
            """, fails: ["claims.idempotent"]),
        ZooHandler(
            "counts again what the checkpoint has", "#define AT_BLOCK done->lines += place == 0 && done->bytes > 0",
            fails: ["claims.resumes-after-kill"]),
        ZooHandler(
            "goes on behind what was lost",
            "#define AT_BLOCK if (place + count <= done->bytes) { place += count; continue; }",
            fails: ["claims.resumes-after-kill"]),
    ]

    static let hygiene: [ZooHandler] = [
        ZooHandler("leaks memory", "#define AT_END keep(65536)", fails: ["hygiene.memory"]),
        ZooHandler(
            "leaks descriptors", "#define AT_END (void)!open(\"/dev/null\", O_RDONLY)",
            fails: ["hygiene.descriptors"]),
        ZooHandler(
            "leaks threads",
            """
            static void *wait_for_ever(void *none) { for (;;) pause(); return none; }
            #define AT_END pthread_t thread; pthread_create(&thread, NULL, wait_for_ever, NULL)
            """, fails: ["hygiene.threads"]),
        ZooHandler(
            "changes the directory", "#define AT_END if (chdir(\"/usr\")) return 1", fails: ["hygiene.shared-state"]),
        ZooHandler("changes the umask", "#define AT_END umask(0)", fails: ["hygiene.shared-state"]),
        ZooHandler(
            "changes the locale", "#define AT_END setlocale(LC_ALL, \"C.UTF-8\")", fails: ["hygiene.shared-state"]),
        ZooHandler(
            "changes the environment", "#define AT_END setenv(\"ZOO\", \"1\", 1)", fails: ["hygiene.shared-state"]),
        ZooHandler("handles signals", "#define AT_END signal(SIGTERM, SIG_IGN)", fails: ["hygiene.shared-state"]),
        ZooHandler("prints", "#define AT_END puts(\"done\")", warns: ["hygiene.standard-output"]),
    ]

    static let security: [ZooHandler] = [
        ZooHandler("makes a socket", "#define AT_END socket(AF_INET, SOCK_STREAM, 0)", fails: ["security.network"]),
        ZooHandler("starts a process", "#define AT_END if (fork() == 0) _exit(0)", fails: ["security.processes"]),
        ZooHandler("starts a program", "#define AT_END (void)!system(\"true\")", fails: ["security.processes"]),
        ZooHandler(
            "reads accounts", "#define AT_END (void)!open(\"/etc/passwd\", O_RDONLY)", fails: ["security.reads"]),
        ZooHandler(
            "reads its parent's environment",
            "#define AT_END char p[64]; snprintf(p, 64, \"/proc/%d/environ\", getppid()); (void)!open(p, O_RDONLY)",
            fails: ["security.reads"]),
        ZooHandler(
            "climbs out of its folder", "#define AT_END (void)!open(\"/usr/lib/../../etc/shadow\", O_RDONLY)",
            fails: ["security.reads"]),
        ZooHandler(
            "writes elsewhere", "#define AT_END (void)!open(\"/tmp/headrace-zoo\", O_WRONLY | O_CREAT, 0600)",
            fails: ["security.writes"]),
        ZooHandler("removes elsewhere", "#define AT_END unlink(\"/tmp/headrace-zoo\")", fails: ["security.writes"]),
        ZooHandler("signals its parent", "#define AT_END kill(getppid(), 0)", fails: ["security.other-processes"]),
        ZooHandler(
            "leaves its namespaces", "#include <sched.h>\n#define AT_END unshare(CLONE_NEWNET)",
            fails: ["security.kernel"]),
    ]
}
