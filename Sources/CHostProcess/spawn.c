#define _GNU_SOURCE
#include "host_process.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <spawn.h>
#include <stddef.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/time.h>
#include <sys/wait.h>
#include <unistd.h>

static void close_if_open(int fd) {
    if (fd >= 0) close(fd);
}

/* The descriptors that the child will have as 0...3 are moved above 9 first, so
   that no dup2 overwrites the source of a later one. */
static int raised(int fd) {
    int high = fcntl(fd, F_DUPFD_CLOEXEC, 10);
    int saved = errno;
    close(fd);
    errno = saved;
    return high;
}

static int describe(posix_spawn_file_actions_t *actions, int control, int output) {
    int failed = posix_spawn_file_actions_addopen(actions, 0, "/dev/null", O_RDONLY, 0);
    if (!failed) failed = posix_spawn_file_actions_adddup2(actions, output, 1);
    if (!failed) failed = posix_spawn_file_actions_adddup2(actions, output, 2);
    if (!failed) failed = posix_spawn_file_actions_adddup2(actions, control, HOST_CONTROL_FD);
    if (!failed) failed = posix_spawn_file_actions_addclosefrom_np(actions, HOST_CONTROL_FD + 1);
    return failed;
}

static int settle_attributes(posix_spawnattr_t *attributes) {
    sigset_t all, none;
    sigfillset(&all);
    sigemptyset(&none);
    int failed = posix_spawnattr_setpgroup(attributes, 0);
    if (!failed) failed = posix_spawnattr_setsigdefault(attributes, &all);
    if (!failed) failed = posix_spawnattr_setsigmask(attributes, &none);
    if (!failed)
        failed = posix_spawnattr_setflags(
            attributes, POSIX_SPAWN_SETPGROUP | POSIX_SPAWN_SETSIGDEF | POSIX_SPAWN_SETSIGMASK);
    return failed;
}

static int start(const char *executable, char *const *arguments, char *const *environment, int control, int output,
                 pid_t *pid) {
    posix_spawn_file_actions_t actions;
    posix_spawnattr_t attributes;
    int failed = posix_spawn_file_actions_init(&actions);
    if (failed) return failed;
    failed = posix_spawnattr_init(&attributes);
    if (!failed) {
        failed = describe(&actions, control, output);
        if (!failed) failed = settle_attributes(&attributes);
        if (!failed) failed = posix_spawn(pid, executable, &actions, &attributes, arguments, environment);
        posix_spawnattr_destroy(&attributes);
    }
    posix_spawn_file_actions_destroy(&actions);
    return failed;
}

int32_t host_spawn(const char *executable, char *const *arguments, char *const *environment, host_child *child) {
    int sockets[2] = {-1, -1}, pipes[2] = {-1, -1}, failed = 0;
    pid_t pid = -1;
    if (socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, sockets) != 0) return -errno;
    if (pipe2(pipes, O_CLOEXEC) != 0) {
        failed = errno;
    } else {
        sockets[1] = raised(sockets[1]);
        pipes[1] = sockets[1] < 0 ? pipes[1] : raised(pipes[1]);
        if (sockets[1] < 0 || pipes[1] < 0) failed = errno;
    }
    if (!failed) failed = start(executable, arguments, environment, sockets[1], pipes[1], &pid);
    close_if_open(sockets[1]);
    close_if_open(pipes[1]);
    int pidfd = failed ? -1 : (int)syscall(SYS_pidfd_open, pid, 0);
    if (!failed && pidfd < 0) {
        failed = errno;
        kill(pid, SIGKILL);
        waitpid(pid, NULL, 0);
    }
    if (failed) {
        close_if_open(sockets[0]);
        close_if_open(pipes[0]);
        return -failed;
    }
    /* A host that does not read must not hold the runner for ever. */
    struct timeval patience = {.tv_sec = 5, .tv_usec = 0};
    setsockopt(sockets[0], SOL_SOCKET, SO_SNDTIMEO, &patience, sizeof patience);
    fcntl(pipes[0], F_SETFL, O_NONBLOCK);
    fcntl(pidfd, F_SETFD, FD_CLOEXEC);
    *child = (host_child){.pid = pid, .pidfd = pidfd, .control = sockets[0], .output = pipes[0]};
    return 0;
}

int32_t host_reap(int32_t pid, host_exit *end) {
    int status = 0;
    pid_t done;
    do {
        done = waitpid(pid, &status, WNOHANG);
    } while (done < 0 && errno == EINTR);
    if (done < 0) return -errno;
    if (done == 0) return 0;
    end->signal = WIFSIGNALED(status) ? WTERMSIG(status) : 0;
    end->code = WIFEXITED(status) ? WEXITSTATUS(status) : 0;
    return 1;
}

int32_t host_kill_group(int32_t pid, int32_t signal) {
    /* The group exists from posix_spawn on; 0 and -1 would reach others. */
    if (pid <= 1) return -EINVAL;
    if (kill(-pid, signal) == 0) return 0;
    return kill(pid, signal) == 0 ? 0 : -errno;
}
