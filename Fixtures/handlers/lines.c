/*
 * A handler that keeps the contract: counts the lines of an input, copies it to
 * an output, and stores a checkpoint after each block.
 *
 * Tests make bad handlers of it: what is defined in mischief.h takes the place
 * of what stands here.
 */
#define _GNU_SOURCE
#include "handler_abi.h"

#include <errno.h>
#include <fcntl.h>
#include <locale.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

/* What the places of mischief return when the handler is to go on. */
#define GO_ON (-1000)
#define STR(text) ((jh_str){text, sizeof text - 1})

static const jh_host *host;

static int32_t fail(jh_job *job, int32_t status, jh_str code, jh_str message) {
    const jh_error error = {.size = sizeof error, .code = code, .message = message, .retry_after_ms = -1};
    host->set_error(job, &error);
    return status;
}

/* Memory that is used, so that no compiler leaves it out. */
__attribute__((unused)) static void keep(size_t bytes) {
    volatile char *memory = malloc(bytes);
    for (size_t place = 0; memory && place < bytes; place += 1024) memory[place] = 1;
}

#include "mischief.h"

#ifndef AT_LOAD
#define AT_LOAD
#endif
#ifndef AT_CREATE
#define AT_CREATE
#endif
#ifndef AT_START
#define AT_START
#endif
#ifndef AT_BLOCK
#define AT_BLOCK
#endif
#ifndef AT_END
#define AT_END
#endif
#ifndef AT_DESTROY
#define AT_DESTROY
#endif
#ifndef TABLE
#define TABLE
#endif
#ifndef ENTRY
#define ENTRY jobhandler_v1
#endif
#ifndef READ_BLOCK
#define READ_BLOCK read_block
#endif
#ifndef WRITE_BLOCK
#define WRITE_BLOCK write_block
#endif
#ifndef IS_CANCELLED
#define IS_CANCELLED(job) (host->cancelled(job) == 1)
#endif
#ifndef OUTPUT
#define OUTPUT STR("copy")
#endif
#ifndef FIRST_LINES
#define FIRST_LINES 0
#endif

enum { largest_block = 65536 };

/* What a later attempt goes on from. */
typedef struct progress {
    int64_t bytes, lines;
} progress;

/* Fills a block as far as the input reaches; less than 0 is a failure. */
__attribute__((unused)) static int64_t read_block(jh_stream *stream, char *block, int64_t size) {
    int64_t filled = 0;
    while (filled < size) {
        int64_t count = host->read(stream, block + filled, (uint64_t)(size - filled));
        if (count < 0) return count;
        if (count == 0) break;
        filled += count;
    }
    return filled;
}

__attribute__((unused)) static int32_t write_block(jh_stream *stream, const char *bytes, int64_t length) {
    while (length > 0) {
        int64_t count = host->write(stream, bytes, (uint64_t)length);
        if (count <= 0) return (int32_t)count;
        bytes += count;
        length -= count;
    }
    return JH_OK;
}

static int32_t copy(jh_job *job, jh_stream *input, jh_stream *output, progress *done) {
    char block[largest_block];
    /* Four blocks, and as many checkpoints, or more of a large input. */
    int64_t size = (host->input_size(input) + 3) / 4, place = 0, count;
    if (size > largest_block) size = largest_block;
    while ((count = READ_BLOCK(input, block, size)) > 0) {
        if (IS_CANCELLED(job)) return fail(job, JH_CANCELLED, STR("cancelled"), STR("told to stop"));
        AT_BLOCK;
        if (WRITE_BLOCK(output, block, count) != JH_OK)
            return fail(job, JH_RETRYABLE, STR("output-unwritable"), STR("the copy cannot be written"));
        place += count;
        if (place <= done->bytes) continue;
        for (int64_t byte = 0; byte < count; byte++) done->lines += block[byte] == '\n';
        done->bytes = place;
        host->checkpoint_put(job, done, sizeof *done);
    }
    return count < 0 ? fail(job, JH_RETRYABLE, STR("input-unreadable"), STR("the text cannot be read")) : JH_OK;
}

static int32_t run(void *self, jh_job *job) {
    (void)self;
    int32_t status = GO_ON;
    (void)status;
    AT_START;
    jh_stream *input, *output;
    if (host->open_input(job, STR("text"), &input) != JH_OK)
        return fail(job, JH_RETRYABLE, STR("input-unreadable"), STR("the text cannot be opened"));
    if (host->input_size(input) == 0) return fail(job, JH_INVALID_INPUT, STR("empty"), STR("the text is empty"));
    if (host->open_output(job, OUTPUT, STR("text/plain"), &output) != JH_OK)
        return fail(job, JH_RETRYABLE, STR("output-unwritable"), STR("the copy cannot be opened"));
    progress done = {0, FIRST_LINES};
    if (host->checkpoint_get(job, &done, sizeof done) != sizeof done) done = (progress){0, FIRST_LINES};
    status = copy(job, input, output, &done);
    if (status != JH_OK) return status;
    host->close(input);
    if (host->close(output) != JH_OK)
        return fail(job, JH_RETRYABLE, STR("output-unwritable"), STR("the copy cannot be closed"));
    char result[64];
    int length = snprintf(result, sizeof result, "{\"lines\":%lld}", (long long)done.lines);
    host->set_result_json(job, (jh_str){result, (uint64_t)length});
    AT_END;
    return JH_OK;
}

static int32_t create(const jh_host *given, jh_str config, void **self) {
    (void)config;
    host = given;
    *self = NULL;
    AT_CREATE;
    return JH_OK;
}

static void destroy(void *self) {
    (void)self;
    AT_DESTROY;
}

__attribute__((constructor)) static void load(void) { AT_LOAD; }

static jh_handler table = {
    .size = sizeof table,
    .abi_major = JH_ABI_MAJOR,
    .name = {"lines", 5},
    .version = {"1.0.0", 5},
    .create = create,
    .run = run,
    .destroy = destroy,
};

JH_EXPORT const jh_handler *ENTRY(const jh_host *given) {
    (void)given;
    TABLE;
    return &table;
}
