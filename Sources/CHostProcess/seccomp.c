#define _GNU_SOURCE
#include "confinement.h"

#include <asm/ioctls.h>
#include <errno.h>
#include <linux/audit.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <sched.h>
#include <stddef.h>
#include <sys/syscall.h>
#include <unistd.h>

/*
 * Which system calls a host process can make, by a seccomp filter.
 *
 * A filter is a program of classic BPF over struct seccomp_data: load a word,
 * compare, return a verdict. Source: the kernel's
 * Documentation/userspace-api/seccomp_filter.rst. Calls are denied with EPERM,
 * which programs know how to take; what kills would only hide the reason.
 */

#if defined(__x86_64__)
#define OWN_ARCHITECTURE AUDIT_ARCH_X86_64
#elif defined(__aarch64__)
#define OWN_ARCHITECTURE AUDIT_ARCH_AARCH64
#else
#error "host processes run on x86_64 and aarch64"
#endif

/* Calls that came after the C library of older systems; the numbers are the
   same on all architectures. Source: the kernel's scripts/syscall.tbl. */
enum {
    call_io_uring_setup = 425, call_io_uring_enter = 426, call_io_uring_register = 427, call_open_tree = 428,
    call_move_mount = 429, call_fsopen = 430, call_fsconfig = 431, call_fsmount = 432, call_fspick = 433,
    call_pidfd_open = 434, call_clone3 = 435, call_pidfd_getfd = 438, call_process_madvise = 440,
    call_mount_setattr = 442, call_memfd_secret = 447, call_process_mrelease = 448,
};

#define LOAD(offset) BPF_STMT(BPF_LD | BPF_W | BPF_ABS, (uint32_t)(offset))
#define IS(value, yes, no) BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, (uint32_t)(value), yes, no)
#define HAS(bits, yes, no) BPF_JUMP(BPF_JMP | BPF_JSET | BPF_K, (uint32_t)(bits), yes, no)
#define FROM(value, yes, no) BPF_JUMP(BPF_JMP | BPF_JGE | BPF_K, (uint32_t)(value), yes, no)
#define RETURN(action) BPF_STMT(BPF_RET | BPF_K, (uint32_t)(action))
#define DENY RETURN(SECCOMP_RET_ERRNO | EPERM)
#define ALLOW RETURN(SECCOMP_RET_ALLOW)
#define DENIED(name) IS(SYS_##name, 0, 1), DENY
#define DENIED_CALL(name) IS(call_##name, 0, 1), DENY
#define NUMBER LOAD(offsetof(struct seccomp_data, nr))
/* The low half of an argument: both architectures are little-endian. */
#define ARGUMENT(index) LOAD(offsetof(struct seccomp_data, args[index]))
#define NAMESPACES                                                                                               \
    (CLONE_NEWNS | CLONE_NEWCGROUP | CLONE_NEWUTS | CLONE_NEWIPC | CLONE_NEWUSER | CLONE_NEWPID | CLONE_NEWNET)

static int install(struct sock_filter *rules, size_t count) {
    struct sock_fprog program = {.len = (unsigned short)count, .filter = rules};
    /* TSYNC: for the threads that are there already as well. */
    return syscall(SYS_seccomp, SECCOMP_SET_MODE_FILTER, SECCOMP_FILTER_FLAG_TSYNC, &program) == 0 ? 0 : -errno;
}

#define INSTALL(rules) install(rules, sizeof rules / sizeof rules[0])

/* Numbers of other architectures mean other calls: they are denied as a whole,
   and so are those of x32, which begin at 0x40000000. */
#if defined(__x86_64__)
#define OWN_CALLS_ONLY                                                                                           \
    LOAD(offsetof(struct seccomp_data, arch)), IS(OWN_ARCHITECTURE, 1, 0), DENY, NUMBER, FROM(0x40000000u, 0, 1), DENY
#else
#define OWN_CALLS_ONLY LOAD(offsetof(struct seccomp_data, arch)), IS(OWN_ARCHITECTURE, 1, 0), DENY, NUMBER
#endif

/* Other processes: their memory, their descriptors, their signals, their limits. */
static int deny_other_processes(void) {
    const uint32_t own = (uint32_t)getpid();
    struct sock_filter rules[] = {
        OWN_CALLS_ONLY, DENIED(ptrace), DENIED(process_vm_readv), DENIED(process_vm_writev), DENIED(kcmp),
        DENIED_CALL(pidfd_open), DENIED_CALL(pidfd_getfd), DENIED(pidfd_send_signal), DENIED_CALL(process_madvise),
        DENIED_CALL(process_mrelease), DENIED(rt_sigqueueinfo), DENIED(rt_tgsigqueueinfo), DENIED(tkill),
        DENIED(setpgid), DENIED(setsid), DENIED(setpriority), DENIED(ioprio_set), DENIED(migrate_pages),
        DENIED(move_pages),
        /* Limits of this process alone: 0 is the caller. */
        IS(SYS_prlimit64, 0, 5), ARGUMENT(0), IS(0, 2, 0), IS(own, 1, 0), DENY, ALLOW,
        /* Signals to this process alone: abort and raise need that. */
        IS(SYS_kill, 1, 0), IS(SYS_tgkill, 0, 3), ARGUMENT(0), IS(own, 1, 0), DENY, ALLOW,
    };
    return INSTALL(rules);
}

/* The kernel and the machine. io_uring makes calls that no filter sees. Memory
   files and System V memory are no part of the resident set, which is watched. */
static int deny_kernel(void) {
    struct sock_filter rules[] = {
        NUMBER, DENIED(mount), DENIED(umount2), DENIED(pivot_root), DENIED(chroot), DENIED(setns), DENIED(unshare),
        DENIED_CALL(open_tree), DENIED_CALL(move_mount), DENIED_CALL(fsopen), DENIED_CALL(fsconfig),
        DENIED_CALL(fsmount), DENIED_CALL(fspick), DENIED_CALL(mount_setattr), DENIED(bpf), DENIED(perf_event_open),
        DENIED(userfaultfd), DENIED(keyctl), DENIED(add_key), DENIED(request_key), DENIED(init_module),
        DENIED(finit_module), DENIED(delete_module), DENIED(kexec_load), DENIED(reboot), DENIED(swapon),
        DENIED(swapoff), DENIED(acct), DENIED(quotactl), DENIED(syslog), DENIED(settimeofday), DENIED(clock_settime),
        DENIED(adjtimex), DENIED(clock_adjtime), DENIED(sethostname), DENIED(setdomainname), DENIED(personality),
        DENIED(fanotify_init), DENIED(open_by_handle_at), DENIED(name_to_handle_at), DENIED(lookup_dcookie),
        DENIED(memfd_create), DENIED_CALL(memfd_secret), DENIED(shmget), DENIED(shmat), DENIED(shmctl),
        DENIED(msgget), DENIED(semget), DENIED(mq_open), DENIED_CALL(io_uring_setup), DENIED_CALL(io_uring_enter),
        DENIED_CALL(io_uring_register),
#if defined(__x86_64__)
        DENIED(iopl), DENIED(ioperm), DENIED(kexec_file_load),
#endif
        /* Bytes put into a terminal are typed by its user. */
        IS(SYS_ioctl, 0, 3), ARGUMENT(1), IS(TIOCSTI, 0, 1), DENY, ALLOW,
    };
    return INSTALL(rules);
}

/* Sockets, the cloud's metadata addresses included. A pair that is connected to
   itself leads nowhere and is left. */
static int deny_network(void) {
    struct sock_filter rules[] = {NUMBER, DENIED(socket), DENIED(bind), DENIED(connect), DENIED(listen), ALLOW};
    return INSTALL(rules);
}

/* Threads stay possible: clone with CLONE_THREAD. clone3 keeps its flags in
   memory, where a filter cannot look; ENOSYS makes the C library use clone. */
static int deny_processes(void) {
    struct sock_filter rules[] = {
        NUMBER, DENIED(execve), DENIED(execveat),
#if defined(__x86_64__)
        DENIED(fork), DENIED(vfork),
#endif
        IS(SYS_clone, 0, 3), ARGUMENT(0), HAS(CLONE_THREAD, 1, 0), DENY, ALLOW,
    };
    return INSTALL(rules);
}

/* A new user namespace would come with all capabilities in it. */
static int deny_namespaces(void) {
    struct sock_filter rules[] = {
        NUMBER, IS(call_clone3, 0, 1), RETURN(SECCOMP_RET_ERRNO | ENOSYS), IS(SYS_clone, 0, 3), ARGUMENT(0),
        HAS(NAMESPACES, 0, 1), DENY, ALLOW,
    };
    return INSTALL(rules);
}

host_layer host_confine_calls(const host_confinement *limits) {
    int failed = deny_kernel();
    if (!failed) failed = deny_namespaces();
    if (!failed && limits->deny_network) failed = deny_network();
    if (!failed && limits->deny_processes) failed = deny_processes();
    if (!failed) failed = deny_other_processes();
    return (host_layer){.is_on = failed == 0, .error = -failed};
}
