/*
 * A handler against version 1.0 of handler_abi.h that calls every function of
 * the host once and says which of them did what the header promises. Its
 * library beside it is never built again: see SOURCE.md.
 */
#include "handler_abi.h"

#include <stdio.h>
#include <string.h>

#define S(text) ((jh_str){text, sizeof text - 1})

static const jh_host *host;
static int checks, instances;
static char failures[2048];

static void check(int holds, const char *name) {
    checks++;
    if (holds || strlen(failures) + strlen(name) + 4 > sizeof failures) return;
    if (failures[0]) strcat(failures, ",");
    strcat(failures, "\"");
    strcat(failures, name);
    strcat(failures, "\"");
}

static int32_t create(const jh_host *given, jh_str config, void **self) {
    host = given;
    *self = &instances;
    instances++;
    check(config.len > 1 && config.ptr[0] == '{', "config");
    check(host->log(NULL, JH_LOG_DEBUG, S("created"), NULL, 0) == JH_OK, "log in create");
    return JH_OK;
}

static void check_texts(jh_job *job) {
    char text[256];
    int64_t length = host->job_id(job, NULL, 0);
    check(length > 0 && host->job_id(job, text, sizeof text) == length, "job_id");
    check(host->attempt(job) >= 1, "attempt");
    check(host->scratch_directory(job, text, sizeof text) > 1 && text[0] == '/', "scratch_directory");
    check(host->payload_json(job, text, 1) >= 2 && text[0] == '{', "payload_json");
    check(host->runner_version.len > 0, "runner_version");
    check(host->extension(S("none/1")) == NULL, "extension");
}

static void check_streams(jh_job *job) {
    jh_stream *in = NULL, *out = NULL;
    char block[64];
    check(host->open_input(job, S("nothing"), &in) == JH_E_NOT_FOUND, "open_input of an unknown name");
    check(host->open_input(job, S("csv"), &in) == JH_OK, "open_input");
    int64_t size = host->input_size(in);
    check(size == 8, "input_size");
    check(host->read(in, block, 3) >= 1, "read");
    check(host->seek(in, 4) == 4, "seek");
    int64_t count = host->read(in, block, sizeof block);
    check(count == 4 && memcmp(block, "1,2\n", 4) == 0, "read after seek");
    check(host->read(in, block, sizeof block) == 0, "end of input");
    check(host->open_output(job, S("copy.csv"), S("text/csv"), &out) == JH_OK, "open_output");
    check(host->write(out, "done\n", 5) == 5, "write");
    check(host->close(out) == JH_OK && host->close(in) == JH_OK, "close");
}

static void check_state(jh_job *job) {
    char block[16];
    check(host->checkpoint_get(job, block, sizeof block) == JH_E_NOT_FOUND, "checkpoint_get before put");
    check(host->checkpoint_put(job, "half", 4) == JH_OK, "checkpoint_put");
    check(host->checkpoint_get(job, NULL, 0) == 4, "checkpoint_get for the length");
    check(host->checkpoint_get(job, block, sizeof block) == 4 && memcmp(block, "half", 4) == 0, "checkpoint_get");
    check(host->kv_get(job, S("key"), block, sizeof block) == JH_E_NOT_FOUND, "kv_get before put");
    check(host->kv_put(job, S("key"), "value", 5) == JH_OK, "kv_put");
    check(host->kv_get(job, S("key"), NULL, 0) == 5, "kv_get for the length");
    check(host->kv_get(job, S("key"), block, sizeof block) == 5 && memcmp(block, "value", 5) == 0, "kv_get");
    check(host->kv_put(job, S("key"), NULL, 0) == JH_OK, "kv_put to remove");
    check(host->kv_get(job, S("key"), block, sizeof block) == JH_E_NOT_FOUND, "kv_get after removal");
}

static void check_rest(jh_job *job) {
    const jh_field label = {S("kind"), S("good")};
    uint64_t noise[2] = {0, 0};
    check(host->log(job, JH_LOG_INFO, S("under way"), &label, 1) == JH_OK, "log");
    check(host->cancelled(job) == 0, "cancelled");
    check(host->time_left_ms(job) > 0, "time_left_ms");
    check(host->progress(job, 0.5, S("half")) == JH_OK, "progress");
    check(host->metric(job, JH_METRIC_COUNTER, S("rows_total"), 2, &label, 1) == JH_OK, "metric counter");
    check(host->metric(job, JH_METRIC_GAUGE, S("depth"), -1, NULL, 0) == JH_OK, "metric gauge");
    check(host->metric(job, JH_METRIC_HISTOGRAM, S("seconds"), 0.2, NULL, 0) == JH_OK, "metric histogram");
    check(host->metric(job, 7, S("other"), 1, NULL, 0) == JH_E_ARGUMENT, "metric of an unknown kind");
    check(host->wall_ns(job) > 0, "wall_ns");
    int64_t before = host->mono_ns(job);
    check(host->mono_ns(job) >= before, "mono_ns");
    check(host->random(job, noise, sizeof noise) == JH_OK && (noise[0] || noise[1]), "random");
    const jh_error error = {.size = sizeof error, .code = S("none"), .message = S("not an error"),
                            .retry_after_ms = -1, .details_json = S("{}")};
    check(host->set_error(job, &error) == JH_OK, "set_error");
}

static int32_t run(void *self, jh_job *job) {
    char result[2304];
    check(self == &instances && instances == 1, "self");
    check_texts(job);
    check_streams(job);
    check_state(job);
    check_rest(job);
    int length = snprintf(result, sizeof result, "{\"checks\":%d,\"failures\":[%s]}", checks, failures);
    return host->set_result_json(job, (jh_str){result, (uint64_t)length}) == JH_OK ? JH_OK : JH_PERMANENT;
}

static void cancel(void *self, jh_job *job) {
    (void)self;
    (void)job;
}

static void destroy(void *self) { (void)self; }

static const void *extension(void *self, jh_str id) {
    (void)self;
    (void)id;
    return NULL;
}

static const jh_handler table = {
    .size = sizeof table, .abi_major = JH_ABI_MAJOR, .min_host_minor = 0, .name = {"frozen", 6},
    .version = {"1.0.0", 5}, .sdk = {"none", 4}, .create = create, .run = run, .cancel = cancel, .destroy = destroy,
    .extension = extension};

JH_EXPORT const jh_handler *jobhandler_v1(const jh_host *given) {
    return given->abi_major == JH_ABI_MAJOR && given->size >= sizeof(jh_host) ? &table : NULL;
}
