/* Takes over where Swift's concurrency runtime puts tasks that are ready to run.
 *
 * The runtime looks up one function pointer before each such task is queued
 * (swift_task_enqueueGlobal_hook and its kind in libswift_Concurrency). Setting
 * it is process-wide and cannot be undone safely. */
#ifndef CTASKHOOK_H
#define CTASKHOOK_H

/* Given a task's job that is ready to run, on the thread that made it ready. */
typedef void (*task_hook_enqueue)(void *job);

/* From now on gives every job that belongs to no executor of its own to
 * `enqueue`; checks of isolation that cannot know this pass. Jobs of the main
 * actor stay with the main thread.
 *
 * Returns 0, or -1 when this runtime has no such hooks: nothing was changed. */
int task_hook_install(task_hook_enqueue enqueue);

#endif
