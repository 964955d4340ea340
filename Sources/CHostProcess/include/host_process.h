/*
 * The system calls behind host processes: spawning, confinement, descriptors
 * over a socket, sealed copies, and what a process has used.
 *
 * Unless said otherwise a function returns 0 or more on success and a negated
 * errno on failure, and may be called from any thread.
 */
#ifndef HEADRACE_HOST_PROCESS_H
#define HEADRACE_HOST_PROCESS_H

#include "confinement.h"

#include <stdint.h>

/* The descriptor of the control socket inside a host process. */
#define HOST_CONTROL_FD 3
/* The most descriptors that go with one packet. */
#define HOST_MAX_FDS 128

/* A running host process, seen from the runner. The caller owns the descriptors. */
typedef struct host_child {
    int32_t pid;     /* leader of its own process group */
    int32_t pidfd;   /* readable once the process has ended */
    int32_t control; /* our end of the SOCK_SEQPACKET pair */
    int32_t output;  /* read end of the pipe behind its stdout and stderr; non-blocking */
} host_child;

/* Starts a host process: own process group, default signals, stdin from
   /dev/null, stdout and stderr into a pipe, the control socket as descriptor 3,
   no other descriptors. arguments and environment end with NULL. */
int32_t host_spawn(const char *executable, char *const *arguments, char *const *environment, host_child *child);

/* How a process ended. */
typedef struct host_exit {
    int32_t signal; /* 0 when it exited */
    int32_t code;   /* exit code; 0 when a signal ended it */
} host_exit;

/* Reaps without waiting: 1 reaped, 0 still running. */
int32_t host_reap(int32_t pid, host_exit *end);

/* Sends a signal to the whole process group of a host process. */
int32_t host_kill_group(int32_t pid, int32_t signal);

/* The resident set of a process in bytes. */
int64_t host_resident_bytes(int32_t pid);

/* The processor time that a process has used, in nanoseconds. */
int64_t host_cpu_nanoseconds(int32_t pid);

/* Sends one packet with up to HOST_MAX_FDS descriptors. */
int32_t host_send(int32_t socket, const void *bytes, uint64_t length, const int32_t *fds, uint32_t count);

/* Receives one packet; 0 is the end. wait: 0 gives -EAGAIN where no packet is
   there. fds: room for HOST_MAX_FDS; received descriptors are close-on-exec and
   belong to the caller. */
int64_t host_receive(
    int32_t socket, int32_t wait, void *buffer, uint64_t capacity, int32_t *fds, uint32_t *count);

/* Copies a file into memory that nobody can change any more; returns its descriptor. */
int32_t host_sealed_copy(int32_t source, const char *name);

/* Waits until one of the descriptors (at most 8; -1 is skipped) can be read or
   has ended, at most that long. Returns a bit for each that is, lowest first. */
int32_t host_poll(const int32_t *fds, uint32_t count, int64_t nanoseconds);

/* A descriptor that wakes a poll, and its two uses. */
int32_t host_wake_open(void);
int32_t host_wake_signal(int32_t fd);
int32_t host_wake_drain(int32_t fd);

/* Time since the machine started, and since 1970; nanoseconds. */
int64_t host_monotonic_nanoseconds(void);
int64_t host_wall_nanoseconds(void);

/* Fills a buffer with random bytes. */
int32_t host_random(void *buffer, uint64_t length);

/* Directories that a handler writes to, by the descriptor of their parent; no
   link is followed. Removes a file or a tree. */
int32_t host_remove_tree(int32_t parent, const char *name);

/* Makes a directory for this user alone and opens it. */
int32_t host_make_directory(int32_t parent, const char *name);

/* Moves one file into another directory, by a copy where it must; returns its
   size. -ENXIO: it is no regular file of one name, and is not kept. */
int64_t host_take_file(int32_t parent, const char *name, int32_t target);

/* The room that a tree takes on disk in bytes; stops counting beyond the limit. */
int64_t host_tree_bytes(int32_t parent, const char *name, int64_t limit);

/* Opens a directory and takes it for this process; -EWOULDBLOCK when another
   process has it. The hold ends with the descriptor. */
int32_t host_hold_directory(const char *path);

/* Makes this process opaque: others of the same user cannot read its memory or
   its environment, and it leaves no core file. */
int32_t host_become_opaque(void);

/* Overwrites the value of a variable where the process got it, so that it is
   not in /proc/PID/environ any more, and removes it. 1 when there was one. */
int32_t host_forget_variable(const char *name);

/* Opens what host_reset_own_peak needs, before files are confined. */
void host_prepare_own_peak(void);

/* Forgets the peak of the resident set of this process, so that the next
   host_own_peak_bytes is about what follows. */
int32_t host_reset_own_peak(void);
int64_t host_own_peak_bytes(void);

/* Flushes C streams and ends this process at once, without destructors. */
void host_leave(int32_t code) __attribute__((noreturn));

#endif
