/* Starting programs and accepting connections with calls that Swift's Glibc module does not show. */
#ifndef CLABPROCESS_H
#define CLABPROCESS_H

#include <stdint.h>

/* Starts a program as the leader of a process group of its own: no input, its
   words appended to the file at log_path, default signals, no other descriptor.
   arguments and environment end with NULL; arguments[0] is the executable.
   Returns its pid, or minus an errno. */
int32_t lab_spawn(char *const *arguments, char *const *environment, const char *log_path);

/* Accepts a connection that programs started later do not inherit. Returns the
   descriptor, or minus an errno. */
int32_t lab_accept(int32_t socket);

/* Runs a function on a thread of its own that nobody waits for. Returns 0 or an errno. */
int32_t lab_start_thread(void (*run)(void *context), void *context);

#endif
