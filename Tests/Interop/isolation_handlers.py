"""Small handlers in C for the measurements of isolation, compiled into a handlers directory."""

import hashlib
import pathlib
import platform
import subprocess

from stack import ROOT

SOURCE = """
#include <string.h>
#include "handler_abi.h"
static const jh_host *host;
static int32_t create(const jh_host *h, jh_str config, void **self) { (void)config; host = h; *self = NULL; return JH_OK; }
static int32_t run(void *self, jh_job *job) {
    char payload[256] = "";
    (void)self;
    host->payload_json(job, payload, sizeof payload - 1);
    if (strstr(payload, "true")) *(volatile int *)8 = 1;
    if (strstr(payload, "resume")) {
        if (host->checkpoint_get(job, NULL, 0) == JH_E_NOT_FOUND) {
            host->checkpoint_put(job, "half", 4);
            *(volatile int *)8 = 1;
        }
        return host->set_result_json(job, (jh_str){"{\\"resumed\\":true}", 16});
    }
    return JH_OK;
}
static const jh_handler table = {
    .size = sizeof(jh_handler), .abi_major = JH_ABI_MAJOR, .name = {"%s", %d}, .version = {"1.0.0", 5},
    .create = create, .run = run};
JH_EXPORT const jh_handler *jobhandler_v1(const jh_host *h) { (void)h; return &table; }
"""

MANIFEST = """manifest: 1
name: {name}
version: 1.0.0
title: Does nothing, or crashes when the job says so
abi: {{ major: 1, minMinor: 0 }}
library:
  - {{ platform: linux-{machine}, path: libhandler.so, sha256: {digest} }}
payload: {{ type: object, properties: {{ crash: {{ type: boolean }}, how: {{ type: string }} }} }}
concurrency: {{ max: {slots} }}
retry: {{ maxAttempts: {attempts}, backoff: {{ initial: 1s, max: 1s, factor: 1, jitter: none }} }}
isolation: {{ mode: {mode} }}
"""


def build(folder, name, mode="pool", slots=1, attempts=1):
    place = pathlib.Path(folder) / name
    place.mkdir(parents=True)
    (place / "handler.c").write_text(SOURCE % (name, len(name)))
    subprocess.run(
        ["cc", "-shared", "-fPIC", "-O1", "-fvisibility=hidden", f"-I{ROOT / 'Sources' / 'CHandlerABI' / 'include'}",
         "-o", str(place / "libhandler.so"), str(place / "handler.c")], check=True)
    digest = hashlib.sha256((place / "libhandler.so").read_bytes()).hexdigest()
    (place / "handler.yml").write_text(MANIFEST.format(
        name=name, mode=mode, slots=slots, attempts=attempts, machine=platform.machine(), digest=digest))


def settings(folder, slots):
    return {"handlers.directories": str(folder), "runner.concurrency": slots}


def message(stack, handler, job_id, **params):
    body = stack.job_message(handler, "", job_id=job_id, params=params)
    body["inputs"] = {}
    return body
