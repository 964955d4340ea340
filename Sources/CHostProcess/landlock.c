#define _GNU_SOURCE
#include "confinement.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <link.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

/*
 * Which files a host process can reach, by Landlock.
 *
 * Source of all numbers: the kernel's Documentation/userspace-api/landlock.rst
 * and include/uapi/linux/landlock.h. They are written out here because the
 * headers of older systems lack those of newer kernels; a kernel is asked which
 * of them it knows, as the first section of that page tells to.
 */

#ifndef SYS_landlock_create_ruleset
#define SYS_landlock_create_ruleset 444
#define SYS_landlock_add_rule 445
#define SYS_landlock_restrict_self 446
#endif

#define CREATE_RULESET_VERSION 1u
#define RULE_PATH_BENEATH 1

#define FS_EXECUTE (1ull << 0)
#define FS_WRITE_FILE (1ull << 1)
#define FS_READ_FILE (1ull << 2)
#define FS_READ_DIR (1ull << 3)
#define FS_REMOVE_DIR (1ull << 4)
#define FS_REMOVE_FILE (1ull << 5)
#define FS_MAKE_DIR (1ull << 7)
#define FS_MAKE_REG (1ull << 8)
#define FS_MAKE_FIFO (1ull << 10)
#define FS_MAKE_SYM (1ull << 12)
#define FS_ALL_OF_1 ((1ull << 13) - 1)
#define FS_REFER (1ull << 13)     /* since ABI 2: links and renames across directories */
#define FS_TRUNCATE (1ull << 14)  /* since ABI 3 */
#define FS_IOCTL_DEV (1ull << 15) /* since ABI 5 */
#define NET_BIND_TCP (1ull << 0)  /* since ABI 4 */
#define NET_CONNECT_TCP (1ull << 1)
#define SCOPE_ABSTRACT_UNIX_SOCKET (1ull << 0) /* since ABI 6 */
#define SCOPE_SIGNAL (1ull << 1)

#define FILE_RIGHTS (FS_EXECUTE | FS_WRITE_FILE | FS_READ_FILE | FS_TRUNCATE | FS_IOCTL_DEV)
#define READING (FS_READ_FILE | FS_READ_DIR)
/* Device nodes and sockets are left out: nobody makes those in a scratch directory. */
#define WRITING                                                                                                  \
    (READING | FS_WRITE_FILE | FS_REMOVE_DIR | FS_REMOVE_FILE | FS_MAKE_DIR | FS_MAKE_REG | FS_MAKE_FIFO |        \
     FS_MAKE_SYM | FS_REFER | FS_TRUNCATE)

typedef struct ruleset_attributes {
    uint64_t handled_fs;
    uint64_t handled_net; /* since ABI 4 */
    uint64_t scoped;      /* since ABI 6 */
} ruleset_attributes;

typedef struct __attribute__((packed)) path_rule {
    uint64_t allowed;
    int32_t parent_fd;
} path_rule;

static int version(void) {
    return (int)syscall(SYS_landlock_create_ruleset, NULL, (size_t)0, CREATE_RULESET_VERSION);
}

static ruleset_attributes handled(int abi, int deny_network) {
    ruleset_attributes all = {.handled_fs = FS_ALL_OF_1};
    if (abi >= 2) all.handled_fs |= FS_REFER;
    if (abi >= 3) all.handled_fs |= FS_TRUNCATE;
    if (abi >= 4 && deny_network) all.handled_net = NET_BIND_TCP | NET_CONNECT_TCP;
    if (abi >= 5) all.handled_fs |= FS_IOCTL_DEV;
    if (abi >= 6) all.scoped = SCOPE_SIGNAL | (deny_network ? SCOPE_ABSTRACT_UNIX_SOCKET : 0);
    return all;
}

static size_t size_for(int abi) {
    if (abi >= 6) return sizeof(ruleset_attributes);
    return abi >= 4 ? offsetof(ruleset_attributes, scoped) : offsetof(ruleset_attributes, handled_net);
}

/* A path that does not exist needs no rule. */
static int allow(int ruleset, const char *path, uint64_t rights) {
    struct stat status;
    int fd = open(path, O_PATH | O_CLOEXEC);
    if (fd < 0) return errno == ENOENT || errno == ENOTDIR || errno == EACCES ? 0 : -errno;
    int failed = fstat(fd, &status) != 0 ? errno : 0;
    if (!failed) {
        /* The kernel refuses rights of directories for files. */
        const path_rule rule = {.allowed = S_ISDIR(status.st_mode) ? rights : rights & FILE_RIGHTS, .parent_fd = fd};
        if (syscall(SYS_landlock_add_rule, ruleset, RULE_PATH_BENEATH, &rule, 0u) != 0) failed = errno;
    }
    close(fd);
    return -failed;
}

static int allow_all(int ruleset, const char *const *paths, uint64_t rights) {
    int failed = 0;
    for (; paths && *paths && !failed; paths++) failed = allow(ruleset, *paths, rights);
    return failed;
}

/* What any program needs: libraries, its own and its threads' entries in /proc
   (libdispatch reads /proc/<tid>/stat and traps when it may not), time zones,
   and the devices without a memory. */
static const char *const system_paths[] = {
    "/lib", "/lib32", "/lib64", "/usr/lib", "/usr/lib32", "/usr/lib64", "/usr/local/lib", "/etc/ld.so.cache",
    "/etc/ld.so.conf", "/etc/ld.so.conf.d", "/proc", "/sys/devices/system/cpu", "/usr/share/zoneinfo",
    "/etc/localtime", "/etc/timezone", "/dev/zero", "/dev/random", "/dev/urandom", NULL};
static const char *const program_paths[] = {"/bin", "/usr/bin", "/usr/local/bin", "/sbin", "/usr/sbin", NULL};
/* Names, services and certificates, where the network is granted. */
static const char *const network_paths[] = {
    "/etc/resolv.conf", "/etc/hosts", "/etc/host.conf", "/etc/nsswitch.conf", "/etc/gai.conf", "/etc/services",
    "/etc/protocols", "/run/systemd/resolve", "/etc/ssl", "/etc/pki", "/etc/ca-certificates",
    "/usr/share/ca-certificates", NULL};
static const char *const null_paths[] = {"/dev/null", NULL};

typedef struct library_rules {
    int ruleset;
    uint64_t rights;
    int failed;
} library_rules;

static void allow_folder(library_rules *rules, const char *path, size_t length) {
    char folder[PATH_MAX];
    if (rules->failed || length == 0 || length >= sizeof folder || path[0] != '/') return;
    memcpy(folder, path, length);
    folder[length] = 0;
    rules->failed = allow(rules->ruleset, folder, rules->rights);
}

static int allow_beside(struct dl_phdr_info *library, size_t size, void *context) {
    (void)size;
    const char *end = strrchr(library->dlpi_name, '/');
    if (end) allow_folder(context, library->dlpi_name, (size_t)(end - library->dlpi_name));
    return 0;
}

/* Where this process got its own libraries and where the loader is told to
   look: a handler in Swift finds its runtime there. */
static int allow_libraries(int ruleset, uint64_t rights) {
    library_rules rules = {.ruleset = ruleset, .rights = rights};
    dl_iterate_phdr(allow_beside, &rules);
    for (const char *path = getenv("LD_LIBRARY_PATH"); path && *path;) {
        size_t length = strcspn(path, ":");
        allow_folder(&rules, path, length);
        path += length + (path[length] == ':');
    }
    return rules.failed;
}

host_layer host_confine_files(const host_confinement *limits) {
    const int abi = version();
    if (abi < 1) return (host_layer){.error = errno};
    const ruleset_attributes all = handled(abi, limits->deny_network);
    const uint64_t execute = limits->deny_processes ? 0 : FS_EXECUTE;
    const uint64_t reading = (READING | execute) & all.handled_fs, writing = (WRITING | execute) & all.handled_fs;
    const int ruleset = (int)syscall(SYS_landlock_create_ruleset, &all, size_for(abi), 0u);
    if (ruleset < 0) return (host_layer){.error = errno, .detail = abi};
    int failed = allow_all(ruleset, system_paths, reading);
    if (!failed) failed = allow_libraries(ruleset, reading);
    if (!failed) failed = allow_all(ruleset, null_paths, (FS_READ_FILE | FS_WRITE_FILE | FS_TRUNCATE) & all.handled_fs);
    if (!failed && execute) failed = allow_all(ruleset, program_paths, reading);
    if (!failed && !limits->deny_network) failed = allow_all(ruleset, network_paths, reading);
    if (!failed) failed = allow_all(ruleset, limits->read_paths, reading);
    if (!failed) failed = allow_all(ruleset, limits->write_paths, writing);
    if (!failed && syscall(SYS_landlock_restrict_self, ruleset, 0u) != 0) failed = -errno;
    close(ruleset);
    return (host_layer){.is_on = failed == 0, .error = -failed, .detail = abi};
}
