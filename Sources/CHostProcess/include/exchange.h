/* Names of files, changed in one step. */
#ifndef HEADRACE_EXCHANGE_H
#define HEADRACE_EXCHANGE_H

#include <stdint.h>

/* Swaps two names of one file system: nobody finds either missing. Returns 0 or
   a negated errno; may be called from any thread. */
int32_t host_exchange_names(const char *left, const char *right);

#endif
