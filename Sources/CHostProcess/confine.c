#define _GNU_SOURCE
#include "confinement.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/capability.h>
#include <signal.h>
#include <stddef.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

static void note(host_layer *layer, int failed) {
    *layer = (host_layer){.is_on = failed == 0, .error = failed};
}

void host_settle(int32_t parent, host_layer *layers) {
    memset(layers, 0, sizeof(host_layer) * HOST_LAYERS);
    int failed = prctl(PR_SET_PDEATHSIG, SIGKILL) != 0 ? errno : 0;
    if (!failed && getppid() != parent) failed = ESRCH;
    note(&layers[HOST_LAYER_PARENT], failed);
    /* A write beyond the file limit is an error for the handler, not its end. */
    signal(SIGXFSZ, SIG_IGN);
    umask(077);
    const struct rlimit no_core = {0, 0};
    failed = setrlimit(RLIMIT_CORE, &no_core) != 0 ? errno : 0;
    if (!failed && chdir("/") != 0) failed = errno;
    note(&layers[HOST_LAYER_LIMITS], failed);
}

static int limit(int resource, uint64_t value) {
    struct rlimit now;
    if (value == 0) return 0;
    if (getrlimit(resource, &now) != 0) return errno;
    if (now.rlim_max != RLIM_INFINITY && value > now.rlim_max) value = now.rlim_max;
    const struct rlimit wanted = {value, value};
    return setrlimit(resource, &wanted) == 0 ? 0 : errno;
}

static int limit_resources(const host_confinement *limits) {
    int failed = limit(RLIMIT_NOFILE, limits->open_files);
    if (!failed) failed = limit(RLIMIT_DATA, limits->data_limit_bytes);
    if (!failed) failed = limit(RLIMIT_FSIZE, limits->file_limit_bytes);
    return failed;
}

/* Without capabilities root is a user like any other who happens to own most
   files. Source: capabilities(7), "Transformation of capabilities during
   execve()": an empty bounding set gives root no capability back. */
static int drop_capabilities(void) {
    struct __user_cap_header_struct header = {.version = _LINUX_CAPABILITY_VERSION_3};
    struct __user_cap_data_struct none[_LINUX_CAPABILITY_U32S_3], held[_LINUX_CAPABILITY_U32S_3];
    memset(none, 0, sizeof none);
    if (syscall(SYS_capget, &header, held) != 0) return errno;
    const int may_bound = (held[0].effective >> CAP_SETPCAP) & 1;
    for (int capability = 0; may_bound && prctl(PR_CAPBSET_READ, capability) >= 0; capability++)
        if (prctl(PR_CAPBSET_DROP, capability) != 0) return errno;
    if (prctl(PR_CAP_AMBIENT, PR_CAP_AMBIENT_CLEAR_ALL, 0, 0, 0) != 0 && errno != EINVAL) return errno;
    header.version = _LINUX_CAPABILITY_VERSION_3;
    return syscall(SYS_capset, &header, none) == 0 ? 0 : errno;
}

void host_confine(const host_confinement *limits, host_layer *layers) {
    note(&layers[HOST_LAYER_PRIVILEGES], prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0 ? errno : 0);
    if (layers[HOST_LAYER_LIMITS].is_on) note(&layers[HOST_LAYER_LIMITS], limit_resources(limits));
    if (limits->confine_files) layers[HOST_LAYER_FILES] = host_confine_files(limits);
    layers[HOST_LAYER_CALLS] = host_confine_calls(limits);
    note(&layers[HOST_LAYER_CAPABILITIES], drop_capabilities());
}

static int can_open(const char *path) {
    int fd = open(path, O_RDONLY | O_CLOEXEC);
    if (fd >= 0) close(fd);
    return fd >= 0;
}

static int can_make_socket(void) {
    int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    if (fd >= 0) close(fd);
    return fd >= 0;
}

uint32_t host_try_confinement(void) {
    struct __user_cap_header_struct header = {.version = _LINUX_CAPABILITY_VERSION_3};
    struct __user_cap_data_struct held[_LINUX_CAPABILITY_U32S_3];
    uint32_t open = 0;
    if (prctl(PR_GET_NO_NEW_PRIVS, 0, 0, 0, 0) != 1) open |= 1u << HOST_LAYER_PRIVILEGES;
    struct rlimit core;
    if (getrlimit(RLIMIT_CORE, &core) != 0 || core.rlim_max != 0) open |= 1u << HOST_LAYER_LIMITS;
    if (can_open("/etc/passwd") || can_open("/")) open |= 1u << HOST_LAYER_FILES;
    if (can_make_socket() || syscall(SYS_keyctl, 0, 0, 0, 0, 0) >= 0)
        open |= 1u << HOST_LAYER_CALLS;
    if (syscall(SYS_capget, &header, held) != 0 || held[0].permitted || held[1].permitted || held[0].effective)
        open |= 1u << HOST_LAYER_CAPABILITIES;
    return open;
}
