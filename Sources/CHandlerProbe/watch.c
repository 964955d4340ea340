#define _GNU_SOURCE
#include "handler_probe.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/audit.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <sched.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <unistd.h>

#if defined(__x86_64__)
#define PROBE_AUDIT_ARCH AUDIT_ARCH_X86_64
#elif defined(__aarch64__)
#define PROBE_AUDIT_ARCH AUDIT_ARCH_AARCH64
#else
#error "handlers are checked on x86_64 and aarch64"
#endif

/* A watched call: which argument is the path, which the directory that a
   relative path starts from (-1: the current one), which the flags of open. */
typedef struct watched {
    int number, kind;
    const char *name;
    int path, directory, flags;
} watched;

#define CALL(name, kind, path, directory, flags) {SYS_##name, kind, #name, path, directory, flags}
#define PLAIN(name, kind) CALL(name, kind, -1, -1, -1)

static const watched calls[] = {
#if defined(__x86_64__)
    CALL(open, PROBE_CALL_OPEN, 0, -1, 1), CALL(creat, PROBE_CALL_CHANGE, 0, -1, -1),
    CALL(unlink, PROBE_CALL_CHANGE, 0, -1, -1), CALL(rename, PROBE_CALL_CHANGE, 1, -1, -1),
    CALL(mkdir, PROBE_CALL_CHANGE, 0, -1, -1), CALL(rmdir, PROBE_CALL_CHANGE, 0, -1, -1),
    CALL(symlink, PROBE_CALL_CHANGE, 1, -1, -1), CALL(link, PROBE_CALL_CHANGE, 1, -1, -1),
    CALL(chmod, PROBE_CALL_CHANGE, 0, -1, -1), CALL(chown, PROBE_CALL_CHANGE, 0, -1, -1),
    PLAIN(fork, PROBE_CALL_PROCESS), PLAIN(vfork, PROBE_CALL_PROCESS),
#endif
    CALL(openat, PROBE_CALL_OPEN, 1, 0, 2), CALL(openat2, PROBE_CALL_OPEN, 1, 0, -1),
    CALL(truncate, PROBE_CALL_CHANGE, 0, -1, -1), CALL(unlinkat, PROBE_CALL_CHANGE, 1, 0, -1),
    CALL(renameat2, PROBE_CALL_CHANGE, 3, 2, -1), CALL(mkdirat, PROBE_CALL_CHANGE, 1, 0, -1),
    CALL(symlinkat, PROBE_CALL_CHANGE, 2, 1, -1), CALL(linkat, PROBE_CALL_CHANGE, 3, 2, -1),
    CALL(fchmodat, PROBE_CALL_CHANGE, 1, 0, -1), CALL(fchownat, PROBE_CALL_CHANGE, 1, 0, -1),
    CALL(mknodat, PROBE_CALL_CHANGE, 1, 0, -1), PLAIN(socket, PROBE_CALL_NETWORK),
    PLAIN(io_uring_setup, PROBE_CALL_NETWORK), CALL(execve, PROBE_CALL_PROCESS, 0, -1, -1),
    CALL(execveat, PROBE_CALL_PROCESS, 1, 0, -1), PLAIN(clone, PROBE_CALL_PROCESS),
    PLAIN(ptrace, PROBE_CALL_FOREIGN), PLAIN(process_vm_readv, PROBE_CALL_FOREIGN),
    PLAIN(process_vm_writev, PROBE_CALL_FOREIGN), PLAIN(pidfd_getfd, PROBE_CALL_FOREIGN),
    PLAIN(pidfd_send_signal, PROBE_CALL_FOREIGN), PLAIN(kill, PROBE_CALL_FOREIGN),
    PLAIN(tgkill, PROBE_CALL_FOREIGN), PLAIN(tkill, PROBE_CALL_FOREIGN), PLAIN(setsid, PROBE_CALL_FOREIGN),
    PLAIN(setpgid, PROBE_CALL_FOREIGN), PLAIN(mount, PROBE_CALL_KERNEL), PLAIN(umount2, PROBE_CALL_KERNEL),
    PLAIN(pivot_root, PROBE_CALL_KERNEL), PLAIN(chroot, PROBE_CALL_KERNEL), PLAIN(setns, PROBE_CALL_KERNEL),
    PLAIN(unshare, PROBE_CALL_KERNEL), PLAIN(bpf, PROBE_CALL_KERNEL), PLAIN(perf_event_open, PROBE_CALL_KERNEL),
    PLAIN(userfaultfd, PROBE_CALL_KERNEL), PLAIN(keyctl, PROBE_CALL_KERNEL), PLAIN(add_key, PROBE_CALL_KERNEL),
    PLAIN(request_key, PROBE_CALL_KERNEL), PLAIN(init_module, PROBE_CALL_KERNEL),
    PLAIN(finit_module, PROBE_CALL_KERNEL), PLAIN(kexec_load, PROBE_CALL_KERNEL), PLAIN(reboot, PROBE_CALL_KERNEL),
};

enum { call_count = sizeof calls / sizeof calls[0] };

#define LOAD(offset) BPF_STMT(BPF_LD | BPF_W | BPF_ABS, (uint32_t)(offset))
#define IS(value, yes, no) BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, (uint32_t)(value), yes, no)
#define RETURN(action) BPF_STMT(BPF_RET | BPF_K, (uint32_t)(action))
#define ARGUMENT(index) LOAD(offsetof(struct seccomp_data, args[index]))

/* Threads, and signals to the process itself, are everyday; clone3 hides its
   flags in memory, and ENOSYS makes the C library use clone. */
int32_t probe_watch(void) {
    const uint32_t own = (uint32_t)getpid();
    const struct sock_filter head[] = {
        LOAD(offsetof(struct seccomp_data, arch)), IS(PROBE_AUDIT_ARCH, 1, 0), RETURN(SECCOMP_RET_ERRNO | EPERM),
        LOAD(offsetof(struct seccomp_data, nr)),
        IS(SYS_clone3, 0, 1), RETURN(SECCOMP_RET_ERRNO | ENOSYS),
        IS(SYS_clone, 0, 4), ARGUMENT(0), BPF_JUMP(BPF_JMP | BPF_JSET | BPF_K, CLONE_THREAD, 0, 1),
        RETURN(SECCOMP_RET_ALLOW), RETURN(SECCOMP_RET_USER_NOTIF),
        IS(SYS_kill, 1, 0), IS(SYS_tgkill, 0, 4), ARGUMENT(0), IS(own, 0, 1), RETURN(SECCOMP_RET_ALLOW),
        RETURN(SECCOMP_RET_USER_NOTIF),
    };
    enum { head_count = sizeof head / sizeof head[0] };
    struct sock_filter rules[head_count + call_count * 2 + 1];
    memcpy(rules, head, sizeof head);
    uint16_t length = head_count;
    for (int place = 0; place < call_count; place++) {
        rules[length++] = (struct sock_filter)IS(calls[place].number, 0, 1);
        rules[length++] = (struct sock_filter)RETURN(SECCOMP_RET_USER_NOTIF);
    }
    rules[length++] = (struct sock_filter)RETURN(SECCOMP_RET_ALLOW);
    const struct sock_fprog program = {.len = length, .filter = rules};
    if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0) return -errno;
    int fd = (int)syscall(SYS_seccomp, SECCOMP_SET_MODE_FILTER, SECCOMP_FILTER_FLAG_NEW_LISTENER, &program);
    return fd < 0 ? -errno : fd;
}

/* Reads a text of another process up to its end or the end of readable memory. */
static void copy_text(int32_t pid, uint64_t address, char *text, size_t capacity) {
    size_t done = 0;
    text[0] = 0;
    while (done < capacity - 1) {
        const uint64_t place = address + done;
        size_t count = 4096 - place % 4096;
        if (count > capacity - 1 - done) count = capacity - 1 - done;
        struct iovec here = {text + done, count}, there = {(void *)(uintptr_t)place, count};
        ssize_t got = process_vm_readv(pid, &here, 1, &there, 1, 0);
        if (got <= 0) break;
        text[done + (size_t)got] = 0;
        if (memchr(text + done, 0, (size_t)got)) return;
        done += (size_t)got;
    }
    text[done] = 0;
}

static void make_absolute(int32_t pid, int32_t directory, char *path) {
    if (path[0] == '/' || path[0] == 0) return;
    char link[64], start[PROBE_PATH_BYTES], whole[PROBE_PATH_BYTES * 2];
    if (directory == AT_FDCWD)
        snprintf(link, sizeof link, "/proc/%d/cwd", pid);
    else
        snprintf(link, sizeof link, "/proc/%d/fd/%d", pid, directory);
    ssize_t length = readlink(link, start, sizeof start - 1);
    if (length <= 0) return;
    start[length] = 0;
    snprintf(whole, sizeof whole, "%s/%s", start, path);
    snprintf(path, PROBE_PATH_BYTES, "%.*s", PROBE_PATH_BYTES - 1, whole);
}

static const watched *known(int number) {
    for (int place = 0; place < call_count; place++)
        if (calls[place].number == number) return &calls[place];
    return NULL;
}

int32_t probe_next_call(int32_t watch, probe_call *call) {
    struct seccomp_notif_sizes sizes;
    if (syscall(SYS_seccomp, SECCOMP_GET_NOTIF_SIZES, 0, &sizes) != 0) return -errno;
    struct seccomp_notif *notice = calloc(1, sizes.seccomp_notif);
    if (!notice) return -ENOMEM;
    int failed = ioctl(watch, SECCOMP_IOCTL_NOTIF_RECV, notice) == 0 ? 0 : errno;
    if (!failed) {
        memset(call, 0, sizeof *call);
        call->id = notice->id;
        call->pid = (int32_t)notice->pid;
        call->number = notice->data.nr;
        const watched *about = known(notice->data.nr);
        call->kind = about ? about->kind : PROBE_CALL_KERNEL;
        snprintf(call->name, sizeof call->name, "%s", about ? about->name : "a system call");
        if (about && about->path >= 0) {
            copy_text(call->pid, notice->data.args[about->path], call->path, sizeof call->path);
            make_absolute(
                call->pid, about->directory < 0 ? AT_FDCWD : (int32_t)notice->data.args[about->directory], call->path);
        }
        if (about && about->flags >= 0) call->writes = (notice->data.args[about->flags] & O_ACCMODE) != O_RDONLY;
        /* The process may have died while its memory was read. */
        if (ioctl(watch, SECCOMP_IOCTL_NOTIF_ID_VALID, &call->id) != 0) failed = EAGAIN;
    }
    free(notice);
    return failed == ENOENT || failed == EINTR ? -EAGAIN : -failed;
}

int32_t probe_answer(int32_t watch, const probe_call *call, int32_t refusal) {
    struct seccomp_notif_sizes sizes;
    if (syscall(SYS_seccomp, SECCOMP_GET_NOTIF_SIZES, 0, &sizes) != 0) return -errno;
    struct seccomp_notif_resp *answer = calloc(1, sizes.seccomp_notif_resp);
    if (!answer) return -ENOMEM;
    answer->id = call->id;
    answer->error = -refusal;
    answer->flags = refusal == 0 ? SECCOMP_USER_NOTIF_FLAG_CONTINUE : 0;
    int failed = ioctl(watch, SECCOMP_IOCTL_NOTIF_SEND, answer) == 0 || errno == ENOENT ? 0 : errno;
    free(answer);
    return -failed;
}
