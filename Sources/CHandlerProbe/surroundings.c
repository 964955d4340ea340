#define _GNU_SOURCE
#include "handler_probe.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <locale.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

static int64_t entries(const char *path) {
    DIR *directory = opendir(path);
    if (!directory) return -errno;
    int64_t count = 0;
    while (readdir(directory)) count++;
    closedir(directory);
    return count - 2;
}

static int read_status(char *text, size_t capacity) {
    int fd = open("/proc/self/status", O_RDONLY | O_CLOEXEC);
    if (fd < 0) return -errno;
    ssize_t count = read(fd, text, capacity - 1);
    int saved = errno;
    close(fd);
    if (count <= 0) return count < 0 ? -saved : -EIO;
    text[count] = 0;
    return 0;
}

static uint64_t line(const char *text, const char *name, int base) {
    const char *found = strstr(text, name);
    return found ? strtoull(found + strlen(name), NULL, base) : 0;
}

/* FNV-1a. */
static uint64_t environment_digest(void) {
    uint64_t digest = 0xcbf29ce484222325u;
    for (char **entry = environ; entry && *entry; entry++)
        for (const char *byte = *entry;; byte++) {
            digest = (digest ^ (unsigned char)*byte) * 0x100000001b3u;
            if (!*byte) break;
        }
    return digest;
}

int32_t probe_look(probe_surroundings *surroundings) {
    char text[4096];
    int failed = read_status(text, sizeof text);
    if (failed) return failed;
    memset(surroundings, 0, sizeof *surroundings);
    surroundings->resident_bytes = (int64_t)line(text, "VmRSS:", 10) * 1024;
    surroundings->threads = (int64_t)line(text, "Threads:", 10);
    surroundings->umask = (uint32_t)line(text, "Umask:", 8);
    surroundings->handled_signals = line(text, "SigCgt:", 16) | line(text, "SigIgn:", 16);
    sigset_t blocked;
    pthread_sigmask(SIG_BLOCK, NULL, &blocked);
    for (int number = 1; number <= 64; number++)
        if (sigismember(&blocked, number) == 1) surroundings->blocked_signals |= 1ull << (number - 1);
    surroundings->descriptors = entries("/proc/self/fd");
    surroundings->environment = environment_digest();
    if (!getcwd(surroundings->directory, sizeof surroundings->directory)) return -errno;
    const char *locale = setlocale(LC_ALL, NULL);
    snprintf(surroundings->locale, sizeof surroundings->locale, "%s", locale ? locale : "");
    return surroundings->descriptors < 0 ? (int32_t)surroundings->descriptors : 0;
}

static uint64_t whole_pages(uint64_t size) {
    const uint64_t page = (uint64_t)sysconf(_SC_PAGESIZE);
    return (size + page - 1) / page * page;
}

void *probe_walled(uint64_t size) {
    const uint64_t room = whole_pages(size), page = whole_pages(1);
    char *memory = mmap(NULL, room + page, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    if (memory == MAP_FAILED) return NULL;
    if (mprotect(memory + room, page, PROT_NONE) != 0) return NULL;
    return memory + (room - size);
}

int32_t probe_seal(void *memory, uint64_t size) {
    const uint64_t room = whole_pages(size);
    char *start = (char *)memory - (room - size);
    return mprotect(start, room, PROT_READ) == 0 ? 0 : -errno;
}
