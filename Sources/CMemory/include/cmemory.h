// Gives memory back to the system that the process does not need any more. Both do nothing where that cannot be done.
#ifndef HEADRACE_CMEMORY_H
#define HEADRACE_CMEMORY_H

/// Gives back what is free in the heap of the C library.
void cmemory_release_heap(void);

/// Gives back the pages of the program's and its libraries' code, which is read-only: what runs again comes back from
/// the page cache.
void cmemory_release_code(void);

#endif
