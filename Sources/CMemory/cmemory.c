#define _GNU_SOURCE
#include "cmemory.h"

#include <stdint.h>

#if defined(__linux__)
#include <link.h>
#include <malloc.h>
#include <sys/mman.h>
#include <unistd.h>

static int release_code_of(struct dl_phdr_info *object, size_t size, void *context) {
    (void)size;
    (void)context;
    // The program itself has no name here; what the kernel adds has one that is no path.
    if (object->dlpi_name[0] != '\0' && object->dlpi_name[0] != '/') return 0;
    uintptr_t page = (uintptr_t)sysconf(_SC_PAGESIZE);
    for (int place = 0; place < object->dlpi_phnum; place++) {
        const ElfW(Phdr) *segment = &object->dlpi_phdr[place];
        if (segment->p_type != PT_LOAD || segment->p_flags != (PF_R | PF_X)) continue;
        uintptr_t start = (object->dlpi_addr + segment->p_vaddr) & ~(page - 1);
        uintptr_t end = (object->dlpi_addr + segment->p_vaddr + segment->p_memsz + page - 1) & ~(page - 1);
        madvise((void *)start, end - start, MADV_DONTNEED);
    }
    return 0;
}
#endif

void cmemory_release_heap(void) {
#if defined(__GLIBC__)
    malloc_trim(0);
#endif
}

void cmemory_release_code(void) {
#if defined(__linux__)
    dl_iterate_phdr(release_code_of, NULL);
#endif
}
