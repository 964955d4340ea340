#define _GNU_SOURCE
#include "CTaskHook.h"

#include <dlfcn.h>
#include <stddef.h>
#include <stdint.h>

/* The hooks' calling convention is Swift's; gcc and clang pass these arguments alike. */
#if defined(__has_attribute) && __has_attribute(swiftcall)
#define SWIFT_CONVENTION __attribute__((swiftcall))
#else
#define SWIFT_CONVENTION
#endif

/* An executor as the runtime passes it: its object and its conformance. */
struct executor_reference {
    void *identity;
    uintptr_t implementation;
};

static task_hook_enqueue enqueue_job;

static SWIFT_CONVENTION void on_job(void *job, void *original) {
    (void)original;
    enqueue_job(job);
}

/* One thread runs everything, so every isolation holds. */
static SWIFT_CONVENTION void on_check(struct executor_reference executor, void *original) {
    (void)executor;
    (void)original;
}

int task_hook_install(task_hook_enqueue enqueue) {
    void **job_hook = dlsym(RTLD_DEFAULT, "swift_task_enqueueGlobal_hook");
    void **check_hook = dlsym(RTLD_DEFAULT, "swift_task_checkIsolated_hook");
    if (job_hook == NULL || check_hook == NULL) return -1;
    enqueue_job = enqueue;
    *check_hook = (void *)on_check;
    *job_hook = (void *)on_job;
    return 0;
}
