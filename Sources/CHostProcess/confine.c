#define _GNU_SOURCE
#include "host_process.h"

#include <errno.h>
#include <linux/audit.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <sched.h>
#include <signal.h>
#include <stddef.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#if defined(__x86_64__)
#define HOST_AUDIT_ARCH AUDIT_ARCH_X86_64
#elif defined(__aarch64__)
#define HOST_AUDIT_ARCH AUDIT_ARCH_AARCH64
#else
#error "host processes run on x86_64 and aarch64"
#endif

uint32_t host_settle(int32_t parent) {
    uint32_t failed = 0;
    if (prctl(PR_SET_PDEATHSIG, SIGKILL) != 0 || getppid() != parent) failed |= HOST_LAYER_PARENT;
    const struct rlimit no_core = {0, 0};
    if (setrlimit(RLIMIT_CORE, &no_core) != 0) failed |= HOST_LAYER_LIMITS;
    umask(077);
    if (chdir("/") != 0) failed |= HOST_LAYER_LIMITS;
    return failed;
}

static int limit(int resource, uint64_t value) {
    struct rlimit now;
    if (getrlimit(resource, &now) != 0) return -1;
    if (now.rlim_max != RLIM_INFINITY && value > now.rlim_max) value = now.rlim_max;
    const struct rlimit wanted = {value, value};
    return setrlimit(resource, &wanted);
}

#define LOAD(offset) BPF_STMT(BPF_LD | BPF_W | BPF_ABS, (uint32_t)(offset))
#define IS(value, yes, no) BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, (uint32_t)(value), yes, no)
#define RETURN(action) BPF_STMT(BPF_RET | BPF_K, (uint32_t)(action))
#define DENY RETURN(SECCOMP_RET_ERRNO | EPERM)
#define ALLOW RETURN(SECCOMP_RET_ALLOW)
#define DENIED(name) IS(SYS_##name, 0, 1), DENY
#define NUMBER LOAD(offsetof(struct seccomp_data, nr))
#define ARGUMENT(index) LOAD(offsetof(struct seccomp_data, args[index]))

/* Calls that no handler has business with: other processes, the kernel, keys. */
static int deny_foreign(void) {
    const uint32_t own = (uint32_t)getpid();
    struct sock_filter rules[] = {
        LOAD(offsetof(struct seccomp_data, arch)), IS(HOST_AUDIT_ARCH, 1, 0), DENY, NUMBER,
#if defined(__x86_64__)
        BPF_JUMP(BPF_JMP | BPF_JGE | BPF_K, 0x40000000u, 0, 1), DENY,
#endif
        DENIED(ptrace), DENIED(process_vm_readv), DENIED(process_vm_writev), DENIED(pidfd_getfd),
        DENIED(pidfd_send_signal), DENIED(mount), DENIED(umount2), DENIED(pivot_root), DENIED(chroot), DENIED(setns),
        DENIED(unshare), DENIED(bpf), DENIED(perf_event_open), DENIED(userfaultfd), DENIED(keyctl), DENIED(add_key),
        DENIED(request_key), DENIED(init_module), DENIED(finit_module), DENIED(delete_module), DENIED(kexec_load),
        DENIED(reboot), DENIED(swapon), DENIED(rt_sigqueueinfo), DENIED(rt_tgsigqueueinfo), DENIED(tkill),
        DENIED(setpgid), DENIED(setsid),
        /* Signals to this process alone: abort and raise need that. */
        IS(SYS_kill, 1, 0), IS(SYS_tgkill, 0, 3), ARGUMENT(0), IS(own, 1, 0), DENY, ALLOW,
    };
    struct sock_fprog program = {.len = sizeof rules / sizeof rules[0], .filter = rules};
    return prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &program);
}

static int deny_network(void) {
    struct sock_filter rules[] = {NUMBER, DENIED(socket), DENIED(io_uring_setup), ALLOW};
    struct sock_fprog program = {.len = sizeof rules / sizeof rules[0], .filter = rules};
    return prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &program);
}

/* Threads stay possible: clone with CLONE_THREAD. clone3 keeps its flags in
   memory, where a filter cannot look; ENOSYS makes the C library use clone. */
static int deny_processes(void) {
    struct sock_filter rules[] = {
        NUMBER, DENIED(execve), DENIED(execveat),
#if defined(__x86_64__)
        DENIED(fork), DENIED(vfork),
#endif
        IS(SYS_clone3, 0, 1), RETURN(SECCOMP_RET_ERRNO | ENOSYS), IS(SYS_clone, 0, 3), ARGUMENT(0),
        BPF_JUMP(BPF_JMP | BPF_JSET | BPF_K, CLONE_THREAD, 1, 0), DENY, ALLOW,
    };
    struct sock_fprog program = {.len = sizeof rules / sizeof rules[0], .filter = rules};
    return prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &program);
}

uint32_t host_confine(const host_confinement *limits) {
    uint32_t failed = 0;
    if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0) failed |= HOST_LAYER_PRIVILEGES;
    if (limits->open_files > 0 && limit(RLIMIT_NOFILE, limits->open_files) != 0) failed |= HOST_LAYER_LIMITS;
    if (limits->data_limit_bytes > 0 && limit(RLIMIT_DATA, limits->data_limit_bytes) != 0) failed |= HOST_LAYER_LIMITS;
    if (limits->deny_network && deny_network() != 0) failed |= HOST_LAYER_SYSCALLS;
    if (limits->deny_processes && deny_processes() != 0) failed |= HOST_LAYER_SYSCALLS;
    if (deny_foreign() != 0) failed |= HOST_LAYER_SYSCALLS;
    return failed;
}
