#define _GNU_SOURCE
#include "host_process.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/eventfd.h>
#include <sys/file.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/random.h>
#include <sys/socket.h>
#include <sys/uio.h>
#include <time.h>
#include <unistd.h>

int64_t host_resident_bytes(int32_t pid) {
    char path[64], text[128];
    snprintf(path, sizeof path, "/proc/%d/statm", pid);
    int fd = open(path, O_RDONLY | O_CLOEXEC);
    if (fd < 0) return -errno;
    ssize_t count = read(fd, text, sizeof text - 1);
    int saved = errno;
    close(fd);
    if (count <= 0) return count < 0 ? -saved : -EIO;
    text[count] = 0;
    char *rest = NULL;
    strtoll(text, &rest, 10);
    return strtoll(rest, NULL, 10) * sysconf(_SC_PAGESIZE);
}

int64_t host_cpu_nanoseconds(int32_t pid) {
    clockid_t clock;
    struct timespec time;
    int failed = clock_getcpuclockid(pid, &clock);
    if (failed) return -failed;
    if (clock_gettime(clock, &time) != 0) return -errno;
    return (int64_t)time.tv_sec * 1000000000 + time.tv_nsec;
}

int32_t host_send(int32_t socket, const void *bytes, uint64_t length, const int32_t *fds, uint32_t count) {
    union {
        struct cmsghdr header;
        char room[CMSG_SPACE(sizeof(int) * HOST_MAX_FDS)];
    } control;
    if (count > HOST_MAX_FDS) return -EINVAL;
    struct iovec part = {.iov_base = (void *)(uintptr_t)bytes, .iov_len = length};
    struct msghdr message = {.msg_iov = &part, .msg_iovlen = 1};
    if (count > 0) {
        memset(&control, 0, sizeof control);
        message.msg_control = control.room;
        message.msg_controllen = CMSG_SPACE(sizeof(int) * count);
        struct cmsghdr *header = CMSG_FIRSTHDR(&message);
        header->cmsg_level = SOL_SOCKET;
        header->cmsg_type = SCM_RIGHTS;
        header->cmsg_len = CMSG_LEN(sizeof(int) * count);
        memcpy(CMSG_DATA(header), fds, sizeof(int) * count);
    }
    for (;;) {
        if (sendmsg(socket, &message, MSG_NOSIGNAL) >= 0) return 0;
        if (errno != EINTR) return -errno;
    }
}

int64_t host_receive(
    int32_t socket, int32_t wait, void *buffer, uint64_t capacity, int32_t *fds, uint32_t *count) {
    union {
        struct cmsghdr header;
        char room[CMSG_SPACE(sizeof(int) * HOST_MAX_FDS)];
    } control;
    struct iovec part = {.iov_base = buffer, .iov_len = capacity};
    struct msghdr message = {
        .msg_iov = &part, .msg_iovlen = 1, .msg_control = control.room, .msg_controllen = sizeof control.room};
    ssize_t length;
    *count = 0;
    do {
        length = recvmsg(socket, &message, MSG_CMSG_CLOEXEC | (wait ? 0 : MSG_DONTWAIT));
    } while (length < 0 && errno == EINTR);
    if (length < 0) return -errno;
    for (struct cmsghdr *header = CMSG_FIRSTHDR(&message); header; header = CMSG_NXTHDR(&message, header)) {
        if (header->cmsg_level != SOL_SOCKET || header->cmsg_type != SCM_RIGHTS) continue;
        uint32_t here = (uint32_t)((header->cmsg_len - CMSG_LEN(0)) / sizeof(int));
        if (*count + here > HOST_MAX_FDS) here = HOST_MAX_FDS - *count;
        memcpy(fds + *count, CMSG_DATA(header), sizeof(int) * here);
        *count += here;
    }
    if (message.msg_flags & (MSG_TRUNC | MSG_CTRUNC)) {
        for (uint32_t place = 0; place < *count; place++) close(fds[place]);
        *count = 0;
        return -EMSGSIZE;
    }
    return length;
}

int32_t host_sealed_copy(int32_t source, const char *name) {
    int fd = memfd_create(name, MFD_CLOEXEC | MFD_ALLOW_SEALING);
    if (fd < 0) return -errno;
    static const size_t block = 1 << 16;
    char *buffer = malloc(block);
    int failed = buffer ? 0 : ENOMEM;
    off_t place = 0;
    while (!failed) {
        ssize_t count = pread(source, buffer, block, place);
        if (count < 0 && errno == EINTR) continue;
        if (count < 0) failed = errno;
        if (count <= 0) break;
        for (ssize_t done = 0; done < count && !failed;) {
            ssize_t wrote = write(fd, buffer + done, (size_t)(count - done));
            if (wrote < 0 && errno != EINTR) failed = errno;
            if (wrote > 0) done += wrote;
        }
        place += count;
    }
    free(buffer);
    if (!failed && fcntl(fd, F_ADD_SEALS, F_SEAL_WRITE | F_SEAL_SHRINK | F_SEAL_GROW | F_SEAL_SEAL) != 0)
        failed = errno;
    if (!failed) return fd;
    close(fd);
    return -failed;
}

int32_t host_poll(const int32_t *fds, uint32_t count, int64_t nanoseconds) {
    struct pollfd polled[8];
    if (count > 8) return -EINVAL;
    for (uint32_t place = 0; place < count; place++) polled[place] = (struct pollfd){.fd = fds[place], .events = POLLIN};
    if (nanoseconds < 0) nanoseconds = 0;
    const struct timespec time = {.tv_sec = nanoseconds / 1000000000, .tv_nsec = nanoseconds % 1000000000};
    int ready = ppoll(polled, count, &time, NULL);
    if (ready < 0) return errno == EINTR ? 0 : -errno;
    int32_t bits = 0;
    for (uint32_t place = 0; place < count; place++)
        if (polled[place].revents != 0) bits |= 1 << place;
    return bits;
}

int32_t host_wake_open(void) {
    int fd = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
    return fd < 0 ? -errno : fd;
}

int32_t host_wake_signal(int32_t fd) {
    uint64_t one = 1;
    return write(fd, &one, sizeof one) < 0 && errno != EAGAIN ? -errno : 0;
}

int32_t host_wake_drain(int32_t fd) {
    uint64_t count;
    return read(fd, &count, sizeof count) < 0 && errno != EAGAIN ? -errno : 0;
}

static int64_t nanoseconds(clockid_t clock) {
    struct timespec time;
    clock_gettime(clock, &time);
    return (int64_t)time.tv_sec * 1000000000 + time.tv_nsec;
}

int64_t host_monotonic_nanoseconds(void) { return nanoseconds(CLOCK_MONOTONIC); }

int64_t host_wall_nanoseconds(void) { return nanoseconds(CLOCK_REALTIME); }

int32_t host_random(void *buffer, uint64_t length) {
    char *place = buffer;
    while (length > 0) {
        ssize_t count = getrandom(place, length < 256 ? length : 256, 0);
        if (count < 0 && errno == EINTR) continue;
        if (count < 0) return -errno;
        place += count;
        length -= (uint64_t)count;
    }
    return 0;
}

static int peak_fd = -1;

void host_prepare_own_peak(void) {
    int fd = open("/proc/self/clear_refs", O_WRONLY | O_CLOEXEC);
    if (fd < 0) return;
    /* High up, where no handler counts. */
    peak_fd = fcntl(fd, F_DUPFD_CLOEXEC, 900);
    if (peak_fd < 0) peak_fd = fd;
    else close(fd);
}

int32_t host_reset_own_peak(void) {
    if (peak_fd < 0) return -EBADF;
    return write(peak_fd, "5", 1) == 1 ? 0 : -errno;
}

int64_t host_own_peak_bytes(void) {
    /* Not ru_maxrss: that begins with the size of the process that spawned this one. */
    char text[2048];
    int fd = open("/proc/self/status", O_RDONLY | O_CLOEXEC);
    if (fd < 0) return -errno;
    ssize_t count = read(fd, text, sizeof text - 1);
    int saved = errno;
    close(fd);
    if (count <= 0) return count < 0 ? -saved : -EIO;
    text[count] = 0;
    const char *line = strstr(text, "VmHWM:");
    return line ? strtoll(line + 6, NULL, 10) * 1024 : -EIO;
}

int32_t host_hold_directory(const char *path) {
    int fd = open(path, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
    if (fd < 0) return -errno;
    if (flock(fd, LOCK_EX | LOCK_NB) == 0) return fd;
    int saved = errno;
    close(fd);
    return -saved;
}

int32_t host_become_opaque(void) { return prctl(PR_SET_DUMPABLE, 0, 0, 0, 0) == 0 ? 0 : -errno; }

int32_t host_forget_variable(const char *name) {
    char *value = getenv(name);
    if (!value) return 0;
    explicit_bzero(value, strlen(value));
    return unsetenv(name) == 0 ? 1 : -errno;
}

void host_leave(int32_t code) {
    fflush(NULL);
    _exit(code);
}
