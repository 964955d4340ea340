#define _GNU_SOURCE
#include "host_process.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/*
 * Files in directories that a handler writes to. It may still be at work there
 * and may have put links in place of what it was given, so nothing here follows
 * a link, and everything goes by descriptors of directories.
 */

/* Deeper trees are left to whoever looks after the disk; each level takes a descriptor. */
#define DEEPEST 64

static DIR *open_directory(int parent, const char *name) {
    int fd = openat(parent, name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
    if (fd < 0) return NULL;
    DIR *directory = fdopendir(fd);
    if (!directory) close(fd);
    return directory;
}

static int is_dots(const char *name) { return strcmp(name, ".") == 0 || strcmp(name, "..") == 0; }

static int remove_below(int parent, const char *name, int depth) {
    if (unlinkat(parent, name, 0) == 0 || errno == ENOENT) return 0;
    if (errno != EISDIR && errno != EPERM) return errno;
    if (depth >= DEEPEST) return ELOOP;
    /* A handler may have taken its own rights away. */
    fchmodat(parent, name, 0700, AT_SYMLINK_NOFOLLOW);
    DIR *directory = open_directory(parent, name);
    if (!directory) return errno;
    int failed = 0;
    for (struct dirent *entry; (entry = readdir(directory));) {
        if (is_dots(entry->d_name)) continue;
        int here = remove_below(dirfd(directory), entry->d_name, depth + 1);
        if (here) failed = here;
    }
    closedir(directory);
    if (unlinkat(parent, name, AT_REMOVEDIR) == 0 || errno == ENOENT) return 0;
    return failed ? failed : errno;
}

int32_t host_remove_tree(int32_t parent, const char *name) { return -remove_below(parent, name, 0); }

int32_t host_make_directory(int32_t parent, const char *name) {
    if (mkdirat(parent, name, 0700) != 0) return -errno;
    int fd = openat(parent, name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
    return fd < 0 ? -errno : fd;
}

static int copy_contents(int from, int to) {
    char block[65536];
    for (;;) {
        ssize_t count = read(from, block, sizeof block);
        if (count < 0 && errno == EINTR) continue;
        if (count <= 0) return count < 0 ? errno : 0;
        for (ssize_t done = 0; done < count;) {
            ssize_t wrote = write(to, block + done, (size_t)(count - done));
            if (wrote < 0 && errno != EINTR) return errno;
            if (wrote > 0) done += wrote;
        }
    }
}

static int copy_file(int parent, const char *name, int target) {
    int from = openat(parent, name, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC);
    if (from < 0) return errno;
    int to = openat(target, name, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
    int failed = to < 0 ? errno : copy_contents(from, to);
    if (to >= 0 && close(to) != 0 && !failed) failed = errno;
    close(from);
    return failed;
}

int64_t host_take_file(int32_t parent, const char *name, int32_t target) {
    struct stat status;
    if (renameat(parent, name, target, name) != 0) {
        if (errno != EXDEV) return -errno;
        if (fstatat(parent, name, &status, AT_SYMLINK_NOFOLLOW) != 0) return -errno;
        if (!S_ISREG(status.st_mode)) return -ENXIO;
        int failed = copy_file(parent, name, target);
        if (failed) return -failed;
    }
    /* Asked where the handler cannot reach it any more. */
    if (fstatat(target, name, &status, AT_SYMLINK_NOFOLLOW) != 0) return -errno;
    if (S_ISREG(status.st_mode) && status.st_nlink == 1) return status.st_size;
    unlinkat(target, name, 0);
    return -ENXIO;
}

static int64_t size_below(int parent, const char *name, int depth, int64_t limit) {
    DIR *directory = depth < DEEPEST ? open_directory(parent, name) : NULL;
    int64_t total = 0;
    if (!directory) return 0;
    for (struct dirent *entry; total <= limit && (entry = readdir(directory));) {
        struct stat status;
        if (is_dots(entry->d_name)) continue;
        if (fstatat(dirfd(directory), entry->d_name, &status, AT_SYMLINK_NOFOLLOW) != 0) continue;
        /* Blocks of 512 bytes, whatever the file system's own are; a name takes room as well. */
        total += (int64_t)status.st_blocks * 512 + 256;
        if (S_ISDIR(status.st_mode)) total += size_below(dirfd(directory), entry->d_name, depth + 1, limit - total);
    }
    closedir(directory);
    return total;
}

int64_t host_tree_bytes(int32_t parent, const char *name, int64_t limit) { return size_below(parent, name, 0, limit); }
