/* Copies the header and the first rows of the input "csv" to the output "head.csv", and counts all rows. */
#include "handler_abi.h"

#include <inttypes.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define TEXT(literal) ((jh_str){(literal), sizeof(literal) - 1})
#define BLOCK_BYTES 65536

static const jh_host *host;

/* One run, from its start to its end. */
typedef struct run {
    jh_job *job;
    jh_stream *input;
    jh_stream *output;
    int64_t limit;     /* rows to keep; INT64_MAX for all */
    int64_t line_ends; /* seen so far */
    bool in_line;      /* the last byte was not a line end */
} run;

/* Says why the run ends without a result; gives the status back. */
static int32_t fail(jh_job *job, int32_t status, jh_str code, jh_str message, jh_str hint) {
    jh_error error = {.size = sizeof error, .code = code, .message = message, .hint = hint, .retry_after_ms = -1};
    host->set_error(job, &error);
    return status;
}

/* What a failure code of the host means for the job. */
static int32_t host_failure(jh_job *job, int64_t code, jh_str what) {
    jh_str none = {NULL, 0};
    if (code == JH_E_LIMIT) return fail(job, JH_RESOURCE, TEXT("outputBytes"), what, none);
    if (code == JH_E_IO) return fail(job, JH_RETRYABLE, TEXT("input-output"), what, none);
    return fail(job, JH_PERMANENT, TEXT("handler-defect"), what, none);
}

/* Reads {"limit": n}. The runner has checked the text against payload.schema.json: it has no other form. */
static int32_t read_payload(run *run) {
    char text[256];
    int64_t length = host->payload_json(run->job, text, sizeof text - 1);
    if (length < 0) return host_failure(run->job, length, TEXT("the parameters cannot be read"));
    if (length >= (int64_t)sizeof text) {
        return fail(run->job, JH_INVALID_INPUT, TEXT("payload-invalid"), TEXT("the parameters are too long"),
                    TEXT("Send at most the parameter limit."));
    }
    text[length] = '\0';
    run->limit = INT64_MAX;
    const char *name = strstr(text, "\"limit\"");
    const char *colon = name ? strchr(name, ':') : NULL;
    if (!colon) return JH_OK;
    char *end = NULL;
    run->limit = strtoll(colon + 1, &end, 10);
    if (end == colon + 1 || run->limit < 1) {
        return fail(run->job, JH_INVALID_INPUT, TEXT("payload-invalid"), TEXT("limit is not a number from 1"),
                    TEXT("Send limit as a whole number, 1 or more."));
    }
    return JH_OK;
}

/* Counts the lines of a block; gives how many of its bytes belong to the rows to keep. */
static uint64_t count_lines(run *run, const char *block, uint64_t length) {
    /* The header is one line more; written so that it cannot overflow. */
    uint64_t kept = run->line_ends <= run->limit ? length : 0;
    for (uint64_t place = 0; place < length; place++) {
        if (block[place] != '\n') continue;
        if (run->line_ends == run->limit) kept = place + 1;
        run->line_ends++;
    }
    run->in_line = length > 0 ? block[length - 1] != '\n' : run->in_line;
    return kept;
}

/* The host takes as much as it likes; the rest is offered again. */
static int32_t write_all(run *run, const char *bytes, uint64_t length) {
    for (uint64_t done = 0; done < length;) {
        int64_t taken = host->write(run->output, bytes + done, length - done);
        if (taken <= 0) return host_failure(run->job, taken, TEXT("head.csv cannot be written"));
        done += (uint64_t)taken;
    }
    return JH_OK;
}

static int32_t copy(run *run) {
    char block[BLOCK_BYTES];
    int64_t size = host->input_size(run->input);
    if (size < 0) return host_failure(run->job, size, TEXT("the size of csv is not known"));
    if (size == 0) {
        return fail(run->job, JH_INVALID_INPUT, TEXT("file-empty"),
                    TEXT("expected a header line, found an empty file"),
                    TEXT("Send a CSV file with a header line."));
    }
    for (int64_t done = 0;;) {
        if (host->cancelled(run->job)) {
            return fail(run->job, JH_CANCELLED, TEXT("cancelled"), TEXT("stopped because it was told to"),
                        (jh_str){NULL, 0});
        }
        int64_t length = host->read(run->input, block, sizeof block);
        if (length < 0) return host_failure(run->job, length, TEXT("csv cannot be read"));
        if (length == 0) return JH_OK;
        uint64_t kept = count_lines(run, block, (uint64_t)length);
        int32_t status = write_all(run, block, kept);
        if (status != JH_OK) return status;
        done += length;
        host->progress(run->job, (double)done / (double)size, TEXT("counting rows"));
    }
}

static int32_t report(run *run) {
    char text[96];
    int64_t lines = run->line_ends + (run->in_line ? 1 : 0);
    int64_t rows = lines > 0 ? lines - 1 : 0;
    int64_t kept = rows < run->limit ? rows : run->limit;
    int length = snprintf(text, sizeof text, "{\"rows\":%" PRId64 ",\"kept\":%" PRId64 "}", rows, kept);
    int32_t code = host->set_result_json(run->job, (jh_str){text, (uint64_t)length});
    return code == JH_OK ? JH_OK : host_failure(run->job, code, TEXT("the result cannot be set"));
}

static int32_t handler_create(const jh_host *table, jh_str config_json, void **self) {
    (void)config_json;
    (void)self;
    host = table;
    return JH_OK;
}

static int32_t handler_run(void *self, jh_job *job) {
    (void)self;
    run run = {.job = job};
    int32_t status = read_payload(&run);
    if (status != JH_OK) return status;
    int32_t code = host->open_input(job, TEXT("csv"), &run.input);
    if (code == JH_E_NOT_FOUND) {
        return fail(job, JH_INVALID_INPUT, TEXT("input-missing"), TEXT("the job has no input named csv"),
                    TEXT("Send the job with an input csv."));
    }
    if (code != JH_OK) return host_failure(job, code, TEXT("csv cannot be opened"));
    code = host->open_output(job, TEXT("head.csv"), (jh_str){NULL, 0}, &run.output);
    if (code != JH_OK) return host_failure(job, code, TEXT("head.csv cannot be opened"));
    status = copy(&run);
    if (status != JH_OK) return status;
    code = host->close(run.output);
    if (code != JH_OK) return host_failure(job, code, TEXT("head.csv cannot be closed"));
    return report(&run);
}

const jh_handler *jobhandler_v1(const jh_host *table) {
    static const jh_handler handler = {
        .size = sizeof(jh_handler),
        .abi_major = JH_ABI_MAJOR,
        .name = {"template-handler", sizeof "template-handler" - 1},
        .version = {"0.1.0", sizeof "0.1.0" - 1},
        .sdk = {"c", 1},
        .create = handler_create,
        .run = handler_run,
    };
    (void)table;
    return &handler;
}
