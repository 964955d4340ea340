"""Handlers that misbehave, compiled from C into a handlers directory for the interop scripts."""

import pathlib
import subprocess

from stack import ROOT

COMMON = """
#include <string.h>
#include <stdlib.h>
#include <unistd.h>
#include "handler_abi.h"
static const jh_host *host;
static int32_t create(const jh_host *h, jh_str config, void **self) { (void)config; host = h; *self = NULL; return JH_OK; }
static int32_t run(void *self, jh_job *job) { (void)self; (void)job; %s }
static const jh_handler table = {
    .size = sizeof(jh_handler), .abi_major = JH_ABI_MAJOR, .name = {"%s", %d}, .version = {"1.0.0", 5},
    .create = create, .run = run};
const jh_handler *jobhandler_v1(const jh_host *h) { (void)h; return &table; }
"""

BODIES = {
    "zoo-crash": "*(volatile int *)0 = 1; return JH_OK;",
    "zoo-hang": "for (;;) usleep(1000);",
    "zoo-leak": "for (;;) { char *p = malloc(1 << 20); if (!p) abort(); memset(p, 1, 1 << 20); }",
}

MANIFEST = """manifest: 1
name: {name}
version: 1.0.0
title: A handler that misbehaves
abi: {{ major: 1, minMinor: 0 }}
library:
  - {{ platform: linux-x86_64, path: {library}, sha256: dev }}
payload: {{ type: object }}
inputs:
  csv: {{ from: /inputs/csv, required: false }}
timeout: {{ run: 2s, cancelGrace: 1s }}
retry: {{ maxAttempts: 2, backoff: {{ initial: 1s, max: 1s, factor: 1, jitter: none }} }}
limits: {{ memory: 64MiB }}
"""


def build(folder):
    folder = pathlib.Path(folder)
    for name, body in BODIES.items():
        compile_handler(folder, name, COMMON % (body, name, len(name)))
    compile_handler(folder, "zoo-v2", "int jobhandler_v2(void) { return 0; }\n")
    write_manifest(folder, "zoo-missing")
    return folder


def compile_handler(folder, name, source):
    write_manifest(folder, name)
    place = folder / name
    (place / "handler.c").write_text(source)
    include = ROOT / "Sources" / "CHandlerABI" / "include"
    subprocess.run(
        ["cc", "-shared", "-fPIC", "-O1", f"-I{include}", "-o", str(place / "libhandler.so"), str(place / "handler.c")],
        check=True)


def write_manifest(folder, name):
    place = folder / name
    place.mkdir(parents=True, exist_ok=True)
    (place / "handler.yml").write_text(MANIFEST.format(name=name, library="libhandler.so"))
