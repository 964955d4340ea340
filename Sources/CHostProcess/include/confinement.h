/*
 * The confinement of a host process, put on by itself before it loads a
 * library. A layer that the system does not offer is told and left off.
 */
#ifndef HEADRACE_CONFINEMENT_H
#define HEADRACE_CONFINEMENT_H

#include <stdint.h>

/* The layers, in the order in which they are put on. */
#define HOST_LAYER_PARENT 0       /* killed when the runner's thread ends */
#define HOST_LAYER_PRIVILEGES 1   /* no new privileges, by no_new_privs */
#define HOST_LAYER_LIMITS 2       /* resource limits */
#define HOST_LAYER_FILES 3        /* files by allow-list, by Landlock */
#define HOST_LAYER_CALLS 4        /* system calls by deny-list, by seccomp */
#define HOST_LAYER_CAPABILITIES 5 /* no capability, also as root */
#define HOST_LAYERS 6

/* What became of a layer. */
typedef struct host_layer {
    int32_t is_on;  /* 1 when it is on as a whole */
    int32_t error;  /* errno of what failed; 0 when on */
    int32_t detail; /* files: the version of Landlock's ABI */
} host_layer;

/* What a host process may do. Lists end with NULL, and may be NULL. */
typedef struct host_confinement {
    uint32_t open_files;            /* RLIMIT_NOFILE; 0 leaves it */
    uint64_t data_limit_bytes;      /* RLIMIT_DATA; 0 leaves it */
    uint64_t file_limit_bytes;      /* RLIMIT_FSIZE; 0 leaves it */
    int32_t deny_network;           /* 1: sockets fail */
    int32_t deny_processes;         /* 1: fork and exec fail */
    int32_t confine_files;          /* 1: the lists below are all that can be reached; 0 leaves the layer off */
    const char *const *read_paths;  /* files and trees that may be read beside the system's own */
    const char *const *write_paths; /* trees that may be written */
} host_confinement;

/* Part one, at the start of a host process: dies with its parent, no core
   files, fixed umask and directory. parent: the runner's pid; another parent is
   a failure of HOST_LAYER_PARENT. layers: HOST_LAYERS of them. */
void host_settle(int32_t parent, host_layer *layers);

/* Part two, before a library is loaded. */
void host_confine(const host_confinement *limits, host_layer *layers);

/* One layer each, for host_confine. */
host_layer host_confine_files(const host_confinement *limits);
host_layer host_confine_calls(const host_confinement *limits);

/* Tries what the layers forbid, in a process that has been confined with
   network and processes denied; a bit for each layer that lets something
   through that it must not. */
uint32_t host_try_confinement(void);

#endif
