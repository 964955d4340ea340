/*
 * The system calls behind the checks of handlers: what a process looks like from
 * the inside, memory with a wall behind it, and a watch over system calls.
 *
 * Unless said otherwise a function returns 0 or more on success and a negated
 * errno on failure.
 */
#ifndef HEADRACE_HANDLER_PROBE_H
#define HEADRACE_HANDLER_PROBE_H

#include <stdint.h>

#define PROBE_PATH_BYTES 4096
#define PROBE_LOCALE_BYTES 512

/* What all code in a process shares. */
typedef struct probe_surroundings {
    int64_t resident_bytes;
    int64_t descriptors;
    int64_t threads;
    uint32_t umask;
    uint32_t reserved;
    uint64_t handled_signals; /* bit n-1: signal n is caught or ignored */
    uint64_t blocked_signals; /* as above, of the calling thread */
    uint64_t environment;     /* a digest of names and values */
    char directory[PROBE_PATH_BYTES];
    char locale[PROBE_LOCALE_BYTES];
} probe_surroundings;

/* Looks at this process. */
int32_t probe_look(probe_surroundings *surroundings);

/* Memory of that size whose end is the end of a page, with an unreadable page
   behind it; NULL without memory. Lives as long as the process. */
void *probe_walled(uint64_t size);

/* Makes memory of probe_walled read-only. */
int32_t probe_seal(void *memory, uint64_t size);

/* What a watched system call is about. */
#define PROBE_CALL_OPEN 1    /* opens a file; writes: it may create or change it */
#define PROBE_CALL_CHANGE 2  /* makes, removes, renames or otherwise changes a file */
#define PROBE_CALL_NETWORK 3 /* makes a socket or an io_uring */
#define PROBE_CALL_PROCESS 4 /* starts a process or a program */
#define PROBE_CALL_FOREIGN 5 /* reads, writes, traces or signals another process */
#define PROBE_CALL_KERNEL 6  /* mounts, keys, modules, namespaces and the like */

/* A system call that waits for its answer. */
typedef struct probe_call {
    uint64_t id;
    int32_t pid;
    int32_t kind;         /* PROBE_CALL_ */
    int32_t number;       /* as the kernel numbers it */
    int32_t writes;       /* PROBE_CALL_OPEN: 1 when not read-only */
    char name[24];        /* as manual pages spell it */
    char path[PROBE_PATH_BYTES]; /* absolute where known; empty when there is none or it cannot be read */
} probe_call;

/* Puts this thread, and all that it starts later, under watch; returns the
   descriptor that the watcher reads. Gives up all new privileges. */
int32_t probe_watch(void);

/* Takes the next watched call; -EAGAIN when it has gone in the meantime. */
int32_t probe_next_call(int32_t watch, probe_call *call);

/* Lets a call go on (refusal 0) or fail with an errno. */
int32_t probe_answer(int32_t watch, const probe_call *call, int32_t refusal);

#endif
