/*
 * The system calls behind host processes: spawning, confinement, descriptors
 * over a socket, sealed copies, and what a process has used.
 *
 * Unless said otherwise a function returns 0 or more on success and a negated
 * errno on failure, and may be called from any thread.
 */
#ifndef HEADRACE_HOST_PROCESS_H
#define HEADRACE_HOST_PROCESS_H

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

/* Layers of confinement. */
#define HOST_LAYER_PARENT 1u     /* killed when the runner's thread ends */
#define HOST_LAYER_PRIVILEGES 2u /* no new privileges */
#define HOST_LAYER_LIMITS 4u     /* resource limits */
#define HOST_LAYER_SYSCALLS 8u   /* system call filter */

/* What a host process may do. */
typedef struct host_confinement {
    int32_t parent;            /* the runner's pid; another parent is a failure of HOST_LAYER_PARENT */
    uint32_t open_files;       /* RLIMIT_NOFILE; 0 leaves it */
    uint64_t data_limit_bytes; /* RLIMIT_DATA; 0 leaves it */
    int32_t deny_network;      /* 1: socket and io_uring fail */
    int32_t deny_processes;    /* 1: fork and exec fail */
} host_confinement;

/* Part one, at the start of a host process: dies with its parent, no core
   files, fixed umask and directory. Returns the layers that failed. */
uint32_t host_settle(int32_t parent);

/* Part two, before a library is loaded. Returns the layers that failed. */
uint32_t host_confine(const host_confinement *limits);

/* Forgets the peak of the resident set of this process, so that the next
   host_own_peak_bytes is about what follows. */
int32_t host_reset_own_peak(void);
int64_t host_own_peak_bytes(void);

/* Flushes C streams and ends this process at once, without destructors. */
void host_leave(int32_t code) __attribute__((noreturn));

#endif
