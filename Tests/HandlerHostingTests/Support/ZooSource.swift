/// Handlers that behave badly in known ways, in C: what they do is chosen by the job's parameter `how`.
enum ZooSource {
    static let common = """
        #define _GNU_SOURCE
        #include "handler_abi.h"
        #include <errno.h>
        #include <fcntl.h>
        #include <signal.h>
        #include <stdio.h>
        #include <stdlib.h>
        #include <string.h>
        #include <sys/socket.h>
        #include <unistd.h>
        #define S(text) ((jh_str){text, sizeof text - 1})
        static const jh_host *host;
        static jh_str str(const char *text) { return (jh_str){text, strlen(text)}; }
        static int32_t fail(jh_job *job, int32_t status, const char *code, const char *message, int64_t after) {
            jh_error error = {.size = sizeof error, .code = str(code), .message = str(message), .retry_after_ms = after};
            host->set_error(job, &error);
            return status;
        }
        static int32_t result(jh_job *job, const char *name, long long value) {
            char text[128];
            snprintf(text, sizeof text, "{\\"%s\\":%lld}", name, value);
            host->set_result_json(job, str(text));
            return JH_OK;
        }
        static int is(const char *payload, const char *how) {
            char quoted[64];
            snprintf(quoted, sizeof quoted, "\\"%s\\"", how);
            return strstr(payload, quoted) != NULL;
        }
        static int32_t create_ok(const jh_host *given, jh_str config, void **self) {
            (void)config; host = given; *self = NULL; return JH_OK;
        }
        """

    /// Everything that happens inside `run`.
    static let zoo =
        common + endings + evils + keeping + """
            static int32_t run(void *self, jh_job *job) {
                (void)self;
                char payload[512];
                int64_t length = host->payload_json(job, payload, sizeof payload - 1);
                payload[length < 511 ? length : 511] = 0;
                int32_t status = -100;
                if ((status = endings(job, payload)) != -100) return status;
                if ((status = evils(job, payload)) != -100) return status;
                if ((status = keeping(job, payload)) != -100) return status;
                return JH_OK;
            }
            static const jh_handler table = {
                .size = sizeof table, .abi_major = 1, .name = {"zoo", 3}, .version = {"1.0.0", 5},
                .create = create_ok, .run = run};
            JH_EXPORT const jh_handler *jobhandler_v1(const jh_host *given) { (void)given; return &table; }
            """

    private static let endings = """
        static int32_t echo(jh_job *job, const char *type) {
            jh_stream *in, *out;
            static char block[70000];
            int64_t count, total = 0;
            if (host->open_input(job, S("csv"), &in) != JH_OK) return fail(job, JH_INVALID_INPUT, "no-csv", "none", -1);
            if (host->open_output(job, S("copy.csv"), str(type), &out) != JH_OK) return JH_PERMANENT;
            while ((count = host->read(in, block, sizeof block)) > 0)
                for (int64_t done = 0; done < count;) {
                    int64_t wrote = host->write(out, block + done, (uint64_t)(count - done));
                    if (wrote == JH_E_LIMIT) return fail(job, JH_RESOURCE, "outputBytes", "too much", -1);
                    if (wrote < 0) return JH_PERMANENT;
                    done += wrote;
                }
            host->seek(in, 0);
            while ((count = host->read(in, block, sizeof block)) > 0) total += count;
            return result(job, "bytes", total);
        }
        static int32_t endings(jh_job *job, const char *payload) {
            if (is(payload, "echo")) return echo(job, "text/csv");
            if (is(payload, "retry")) return fail(job, JH_RETRYABLE, "busy", "come back", 1500);
            if (is(payload, "invalid")) return fail(job, JH_INVALID_INPUT, "bad-row", "not a number", -1);
            if (is(payload, "failed")) return fail(job, JH_PERMANENT, "no-model", "model missing", -1);
            if (is(payload, "resource")) return fail(job, JH_RESOURCE, "rows", "too many rows", -1);
            if (is(payload, "unknown_status")) return fail(job, 77, "odd", "odd", -1);
            if (is(payload, "cancelled_unasked")) return JH_CANCELLED;
            if (is(payload, "bad_result")) { host->set_result_json(job, S("{nope")); return JH_OK; }
            if (is(payload, "stdout")) { puts("hello from stdout"); fflush(NULL); fprintf(stderr, "and stderr"); fflush(NULL); return JH_OK; }
            if (is(payload, "cancel_honoured")) {
                host->progress(job, 0.1, S("waiting"));
                while (!host->cancelled(job)) usleep(500);
                return JH_CANCELLED;
            }
            if (is(payload, "progress")) {
                jh_field field = {S("rows"), S("3")};
                host->log(job, JH_LOG_INFO, S("counted"), &field, 1);
                host->progress(job, 0.5, S("half"));
                host->progress(job, 1.0, S("all"));
                return JH_OK;
            }
            if (is(payload, "output_fails")) { jh_stream *out; host->open_output(job, S("copy.csv"), S(""), &out); host->write(out, "x", 1); return fail(job, JH_PERMANENT, "x", "x", -1); }
            if (is(payload, "output_unknown")) { jh_stream *out; return result(job, "code", host->open_output(job, S("../evil"), S(""), &out)); }
            if (is(payload, "output_twice")) { jh_stream *out; host->open_output(job, S("copy.csv"), S(""), &out); return result(job, "code", host->open_output(job, S("copy.csv"), S(""), &out)); }
            if (is(payload, "pid")) return result(job, "pid", getpid());
            if (is(payload, "environment")) return result(job, "given", (getenv("ZOO_SETTING") != NULL) + 10 * (getenv("AWS_SECRET_ACCESS_KEY") != NULL) + 100 * (getenv("HOME") != NULL));
            if (is(payload, "descriptors")) { int open = 0; for (int fd = 4; fd < 60; fd++) open += fcntl(fd, F_GETFD) >= 0; return result(job, "open", open); }
            if (is(payload, "network")) return result(job, "errno", socket(AF_INET, SOCK_STREAM, 0) < 0 ? errno : 0);
            if (is(payload, "fork")) { pid_t pid = fork(); if (pid == 0) _exit(0); return result(job, "errno", pid < 0 ? errno : 0); }
            if (is(payload, "kill_parent")) return result(job, "errno", kill(getppid(), SIGKILL) < 0 ? errno : 0);
            if (is(payload, "peak")) { volatile char *p = malloc(96 << 20); for (long n = 0; n < 96 << 20; n += 4096) p[n] = 1; free((void *)p); return JH_OK; }
            return -100;
        }
        """

    private static let evils = """
        static jh_job *old_job;
        static jh_stream *old_stream;
        static int depth(int n) { volatile char room[4096]; room[0] = (char)n; return n > 1 << 30 ? room[0] : depth(n + 1) + room[0]; }
        static int32_t evils(jh_job *job, const char *payload) {
            if (is(payload, "segv")) { host->progress(job, 0.25, S("quarter")); *(volatile int *)8 = 1; }
            if (is(payload, "abort")) { fprintf(stderr, "assertion failed: n > 0\\n"); abort(); }
            if (is(payload, "exit0")) exit(0);
            if (is(payload, "exit3")) _exit(3);
            if (is(payload, "stack_overflow")) return depth(0);
            if (is(payload, "hang")) { host->progress(job, 0, S("hanging")); for (;;) usleep(1000); }
            if (is(payload, "hang_hard")) { signal(SIGTERM, SIG_IGN); host->progress(job, 0, S("hanging")); for (;;) usleep(1000); }
            if (is(payload, "burn")) for (volatile long n = 0;; n++) { }
            if (is(payload, "leak")) for (;;) { char *p = malloc(8 << 20); if (p) memset(p, 1, 8 << 20); }
            if (is(payload, "close_control")) { close(3); for (;;) usleep(1000); }
            if (is(payload, "garbage_control")) { (void)!write(3, "\\0garbage", 8); for (;;) usleep(1000); }
            if (is(payload, "flood")) { for (int n = 0; n < 20000; n++) host->log(job, JH_LOG_INFO, S("again"), NULL, 0); return JH_OK; }
            if (is(payload, "bad_text")) return result(job, "code", host->log(job, JH_LOG_INFO, (jh_str){"\\xff\\xfe", 2}, NULL, 0));
            if (is(payload, "keep_handles")) { old_job = job; host->open_input(job, S("csv"), &old_stream); return JH_OK; }
            if (is(payload, "use_handles")) {
                char block[16];
                return result(job, "codes", host->progress(old_job, 0, S("")) * 100 + host->read(old_stream, block, 16));
            }
            return -100;
        }
        """

    /// What handlers keep between runs, and what they measure.
    private static let keeping = """
        static int32_t length(jh_job *job) { return result(job, "length", host->checkpoint_get(job, NULL, 0)); }
        static int32_t keeping(jh_job *job, const char *payload) {
            static char large[3000];
            if (is(payload, "checkpoint_crash")) { host->checkpoint_put(job, "half", 4); *(volatile int *)8 = 1; }
            if (is(payload, "checkpoint_length")) return length(job);
            if (is(payload, "checkpoint_large")) {
                host->checkpoint_put(job, "old", 3);
                return result(job, "codes", host->checkpoint_put(job, large, sizeof large) * 100 + host->checkpoint_get(job, NULL, 0));
            }
            if (is(payload, "checkpoint_cancelled")) {
                host->progress(job, 0.1, S("waiting"));
                while (!host->cancelled(job)) usleep(500);
                return host->checkpoint_put(job, "stop", 4) == JH_OK ? JH_CANCELLED : JH_PERMANENT;
            }
            if (is(payload, "value_put")) return result(job, "code", host->kv_put(job, S("k"), "value", 5));
            if (is(payload, "value_length")) return result(job, "length", host->kv_get(job, S("k"), NULL, 0));
            if (is(payload, "value_large")) return result(job, "code", host->kv_put(job, S("k"), large, sizeof large));
            if (is(payload, "value_nameless")) return result(job, "code", host->kv_put(job, S(""), "x", 1));
            if (is(payload, "many_series")) {
                char name[32];
                int refused = 0;
                for (int n = 0; n < 150; n++) {
                    snprintf(name, sizeof name, "series_%d", n);
                    refused += host->metric(job, JH_METRIC_COUNTER, str(name), 1, NULL, 0) == JH_E_LIMIT;
                }
                return result(job, "refused", refused);
            }
            if (is(payload, "details")) {
                jh_error error = {.size = sizeof error, .code = S("bad-row"), .message = S("not a number"), .retry_after_ms = -1, .details_json = S("{\\"row\\":7}")};
                host->set_error(job, &error);
                return JH_INVALID_INPUT;
            }
            if (is(payload, "details_text")) {
                jh_error error = {.size = sizeof error, .code = S("bad-row"), .message = S("not a number"), .retry_after_ms = -1, .details_json = S("row 7")};
                host->set_error(job, &error);
                return JH_INVALID_INPUT;
            }
            if (is(payload, "short_error")) {
                jh_error error = {.size = 88, .code = S("old"), .message = S("of the first header"), .retry_after_ms = -1, .details_json = {(const char *)8, 8}};
                return host->set_error(job, &error) == JH_OK ? JH_PERMANENT : JH_OK;
            }
            return -100;
        }
        """

    /// A handler whose `create` does something.
    static func creating(_ body: String) -> String {
        common + """
            static int32_t create(const jh_host *given, jh_str config, void **self) {
                (void)config; (void)self; host = given; \(body)
            }
            static int32_t run(void *self, jh_job *job) { (void)self; (void)job; (void)create_ok; (void)result; (void)is; (void)fail; return JH_OK; }
            static const jh_handler table = {
                .size = sizeof table, .abi_major = 1, .name = {"zoo", 3}, .version = {"1.0.0", 5},
                .create = create, .run = run};
            JH_EXPORT const jh_handler *jobhandler_v1(const jh_host *given) { (void)given; return &table; }
            """
    }

    /// A handler whose table is as given.
    static func table(_ members: String) -> String {
        common + """
            static int32_t run(void *self, jh_job *job) { (void)self; (void)job; (void)result; (void)is; (void)fail; return JH_OK; }
            static const jh_handler table = {\(members), .create = create_ok, .run = run};
            JH_EXPORT const jh_handler *jobhandler_v1(const jh_host *given) { (void)given; return &table; }
            """
    }
}
