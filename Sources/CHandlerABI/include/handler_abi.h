/*
 * Handler ABI, version 1: the whole contract between a job handler and the
 * process that hosts it. C11 and C++17.
 *
 * A handler is a shared library that exports one symbol, JH_ENTRY_SYMBOL:
 *
 *     const jh_handler *jobhandler_v1(const jh_host *host);
 *
 * The major version is in the symbol's name. Within a major version structs
 * only grow at their end: read a member only when
 * offset + width <= the struct's own `size`.
 *
 * Rules that hold everywhere
 *   text     UTF-8, pointer and length, not NUL-terminated; {NULL, 0} is empty.
 *   owner    whoever made memory frees it; nobody frees the other side's.
 *   borrow   an argument is valid until the call that got it returns.
 *   result   int32_t and int64_t results below 0 are JH_E_* codes.
 *   unwinding no exception, panic or longjmp may cross a function of this header.
 *
 * Thread tags of functions
 *   [load]   one thread, never at the same time as another [load] call
 *   [job]    the thread that `run` was called on, or one that it started and
 *            that ends before `run` returns; one stream, one thread at a time
 *   [any]    any thread, at any time between the start and the return of `run`
 *
 * Life of a handler: entry -> create -> run (1..n, one after the other)
 * -> destroy -> the process ends. The library is never unloaded.
 */
#ifndef HEADRACE_HANDLER_ABI_H
#define HEADRACE_HANDLER_ABI_H

#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

#define JH_ABI_MAJOR 1
#define JH_ABI_MINOR 0
#define JH_ENTRY_SYMBOL "jobhandler_v1"

/* What `create` and `run` return. Any other value is treated as JH_PERMANENT. */
#define JH_OK 0            /* done; the outputs and the result are kept */
#define JH_RETRYABLE 1     /* a passing fault; see jh_error.retry_after_ms */
#define JH_INVALID_INPUT 2 /* the submitter's fault; never retried */
#define JH_PERMANENT 3     /* a fault of the handler or its configuration */
#define JH_CANCELLED 4     /* stopped because `cancelled` said so */
#define JH_RESOURCE 5      /* a limit; jh_error.code names it */

/* What host functions return on failure. */
#define JH_E_ARGUMENT (-1)  /* null pointer, length out of range, not UTF-8 */
#define JH_E_STALE (-2)     /* the job or stream is over, or never was */
#define JH_E_NOT_FOUND (-3) /* no input, output or extension of that name */
#define JH_E_IO (-4)        /* reading or writing failed; the host logged why */
#define JH_E_LIMIT (-5)     /* a limit of the manifest is reached */
#define JH_E_STATE (-6)     /* not now: output already open, stream closed */

/* Levels of `log`. */
#define JH_LOG_DEBUG 0
#define JH_LOG_INFO 1
#define JH_LOG_WARNING 2
#define JH_LOG_ERROR 3

/* Kinds of `metric`. */
#define JH_METRIC_COUNTER 0   /* value is added to what was counted before; not below 0 */
#define JH_METRIC_GAUGE 1     /* value replaces the last one */
#define JH_METRIC_HISTOGRAM 2 /* value is one observation */

/* Lengths above these are JH_E_ARGUMENT. */
#define JH_MAX_NAME_BYTES 255
#define JH_MAX_LOG_BYTES 16384
#define JH_MAX_RESULT_BYTES 1048576
#define JH_MAX_DETAILS_BYTES 65536

/* Keys that one handler has at most. */
#define JH_MAX_KEYS 10000

/* UTF-8 text or bytes of somebody else. */
typedef struct jh_str {
    const char *ptr; /* owner: the other side; borrowed until the call returns */
    uint64_t len;    /* bytes */
} jh_str;

/* One key and value of a log line. */
typedef struct jh_field {
    jh_str key;   /* borrowed until the call returns */
    jh_str value; /* borrowed until the call returns */
} jh_field;

/* One run of the handler. A handle, not an address: stale ones give JH_E_STALE. */
typedef struct jh_job jh_job;

/* An input or output that is open. A handle, as jh_job. */
typedef struct jh_stream jh_stream;

/* Why `create` or `run` did not return JH_OK; given to the host by `set_error`. */
typedef struct jh_error {
    uint32_t size;          /* sizeof(jh_error), set by the handler */
    int32_t reserved;       /* 0 */
    jh_str code;            /* stable kebab-case name; JH_RESOURCE: the limit's name */
    jh_str message;         /* one sentence for people */
    jh_str hint;            /* what to do next; may be empty */
    jh_str column;          /* the input's column, by name; may be empty */
    int64_t row;            /* the input's line, from 1; 0 when unknown */
    int64_t retry_after_ms; /* JH_RETRYABLE: not earlier than this; -1 when open */
    jh_str details_json;    /* more for programs, a JSON object; may be empty */
} jh_error;

/*
 * What the host offers. Owner: host. Lifetime: the process. Read only.
 * Functions with a jh_job take NULL where the tag also says [load].
 */
typedef struct jh_host {
    uint32_t size;         /* bytes of this struct that are valid */
    uint32_t abi_major;    /* JH_ABI_MAJOR of the host */
    uint32_t abi_minor;    /* JH_ABI_MINOR of the host */
    uint32_t reserved;     /* 0 */
    jh_str runner_version; /* such as 1.4.0; lives as long as the process */

    /* [any][load] A table for an extension such as "jh.trace/1"; NULL when the
       host does not have it. Lives as long as the process. */
    const void *(*extension)(jh_str id);

    /* [any][load] Writes a log line. job: NULL during create. fields: may be
       NULL when count is 0. Lines beyond the host's rate are counted, not kept. */
    int32_t (*log)(jh_job *job, int32_t level, jh_str message, const jh_field *fields, uint32_t count);

    /* [load][job] Says why the handler is about to return a status that is not
       JH_OK. job: NULL during create. The last call counts. */
    int32_t (*set_error)(jh_job *job, const jh_error *error);

    /* [any] Copies up to capacity bytes of the job's identifier and returns its
       whole length; call with capacity 0 to learn the length. */
    int64_t (*job_id)(jh_job *job, char *buffer, uint64_t capacity);

    /* [any] The attempt's number, from 1. */
    int64_t (*attempt)(jh_job *job);

    /* [any] The absolute path of an empty directory for this run alone, copied
       as job_id does. */
    int64_t (*scratch_directory)(jh_job *job, char *buffer, uint64_t capacity);

    /* [job] The job's parameters, a JSON text that fits the manifest's payload
       schema, copied as job_id does. */
    int64_t (*payload_json)(jh_job *job, char *buffer, uint64_t capacity);

    /* [job] Opens an input at its start. Each call gives a stream of its own. */
    int32_t (*open_input)(jh_job *job, jh_str name, jh_stream **stream);

    /* [job] The input's size in bytes. */
    int64_t (*input_size)(jh_stream *stream);

    /* [job] Reads up to capacity bytes (at least 1 unless capacity is 0);
       0 is the end. */
    int64_t (*read)(jh_stream *stream, void *buffer, uint64_t capacity);

    /* [job] Goes to a place of an input, in bytes from its start; returns it. */
    int64_t (*seek)(jh_stream *stream, uint64_t offset);

    /* [job] Starts an output; each name once in a run. Outputs are kept only
       when run returns JH_OK. content_type: may be empty. */
    int32_t (*open_output)(jh_job *job, jh_str name, jh_str content_type, jh_stream **stream);

    /* [job] Appends; returns how many bytes were taken, at least 1 unless
       length is 0. Call again for the rest. */
    int64_t (*write)(jh_stream *stream, const void *bytes, uint64_t length);

    /* [job] Ends a stream. Streams still open are ended when run returns. */
    int32_t (*close)(jh_stream *stream);

    /* [any] 1 when the handler must stop, else 0. Cheap: ask once a block. */
    int32_t (*cancelled)(jh_job *job);

    /* [any] Milliseconds until the deadline, 0 when it has passed. */
    int64_t (*time_left_ms)(jh_job *job);

    /* [any] How far the run is, 0...1, and a note for people. Calls beyond the
       host's rate replace each other. */
    int32_t (*progress)(jh_job *job, double fraction, jh_str note);

    /* [job] The result, a JSON text of at most JH_MAX_RESULT_BYTES. The last
       call counts; without one the result is null. */
    int32_t (*set_result_json)(jh_job *job, jh_str json);

    /* [any] Nanoseconds since 1970-01-01T00:00:00Z. */
    int64_t (*wall_ns)(jh_job *job);

    /* [any] Nanoseconds since an arbitrary start; never goes back. */
    int64_t (*mono_ns)(jh_job *job);

    /* [any] Fills the buffer with random bytes. */
    int32_t (*random)(jh_job *job, void *buffer, uint64_t length);

    /* [job] Replaces the job's checkpoint: what a later attempt at the same job
       needs in order to go on from here. Kept for the handler's major version,
       until the job has ended for good; on disk when this returns 0.
       JH_E_LIMIT: longer than limits.checkpointBytes, the old one stays.
       JH_E_STATE: the job belongs to another attempt by now; stop. */
    int32_t (*checkpoint_put)(jh_job *job, const void *bytes, uint64_t length);

    /* [job] The last checkpoint of this job, copied as job_id does;
       JH_E_NOT_FOUND when there is none. */
    int64_t (*checkpoint_get)(jh_job *job, void *buffer, uint64_t capacity);

    /* [job] Keeps a value under a key for all later runs of this handler, for
       caches and small state; results belong in outputs. NULL with length 0
       removes it. key: 1 to JH_MAX_NAME_BYTES bytes. JH_E_LIMIT: all keys and
       values of the handler together would be above limits.kvBytes, or the
       keys above JH_MAX_KEYS. */
    int32_t (*kv_put)(jh_job *job, jh_str key, const void *bytes, uint64_t length);

    /* [job] The value of a key, copied as job_id does: after a call whose
       capacity is too small, the next one for that key gives the same value.
       JH_E_NOT_FOUND when there is none. */
    int64_t (*kv_get)(jh_job *job, jh_str key, void *buffer, uint64_t capacity);

    /* [any] Reports a measurement of this run. kind: JH_METRIC_*; name: as in
       Prometheus; labels: may be NULL when count is 0. JH_E_LIMIT: more names
       or label values than the host keeps for a run. */
    int32_t (*metric)(
        jh_job *job, int32_t kind, jh_str name, double value, const jh_field *labels, uint32_t count);
} jh_host;

/*
 * What the handler offers. Owner: handler. Lifetime: the process, with all that
 * it points to.
 */
typedef struct jh_handler {
    uint32_t size;           /* sizeof(jh_handler), set by the handler */
    uint32_t abi_major;      /* JH_ABI_MAJOR that it was built with */
    uint32_t min_host_minor; /* the oldest abi_minor that it can live with */
    uint32_t reserved;       /* 0 */
    jh_str name;             /* as in the manifest */
    jh_str version;          /* as in the manifest */
    jh_str sdk;              /* what it was built with, for people; may be empty */

    /* [load] Makes the handler. config_json: an object that fits the manifest's
       config schema, and the member "handlerDirectory", an absolute path. *self
       is given back to the functions below. Any status but JH_OK: nothing else
       is called. */
    int32_t (*create)(const jh_host *host, jh_str config_json, void **self);

    /* [job] Does one job. No host call may be under way when it returns. */
    int32_t (*run)(void *self, jh_job *job);

    /* [any] Optional (NULL). Tells a run to stop soon; `cancelled` is 1 already. */
    void (*cancel)(void *self, jh_job *job);

    /* [load] Optional (NULL). Ends the handler; no run is under way. */
    void (*destroy)(void *self);

    /* [load] Optional (NULL). A table of the handler for an extension. */
    const void *(*extension)(void *self, jh_str id);
} jh_handler;

#if defined(__GNUC__)
#define JH_EXPORT __attribute__((visibility("default")))
#else
#define JH_EXPORT
#endif

/* [load] The entry point: called once, before create. host: lives as long as
   the process. Returns a table as owned by the handler; NULL refuses to load. */
JH_EXPORT const jh_handler *jobhandler_v1(const jh_host *host);

#ifdef __cplusplus
}
#endif

#endif
