"""A handler is replaced twenty times while jobs keep coming: `hot_reload.py [CUSTOMERS.csv]`.

Every version is a C library that tells its version and works for a moment. A thread sends jobs all the time; after each
replacement jobs of the new version must complete. Two broken versions come in between: they are refused and the one
before goes on. At the end every job has completed, once, and the runner is the process that it was.
"""

import collections
import json
import pathlib
import subprocess
import tempfile
import threading
import time

from stack import ROOT, Stack, binary

SWAPS = 20
SECONDS_PER_SWAP = 1.5
WORK_MICROSECONDS = 50_000

SOURCE = """
#include <stdlib.h>
#include <unistd.h>
#include "handler_abi.h"
static const jh_host *host;
static int32_t create(const jh_host *h, jh_str config, void **self) {
    (void)config; host = h; *self = NULL; %s return JH_OK;
}
static int32_t run(void *self, jh_job *job) {
    (void)self;
    usleep(%d);
    host->set_result_json(job, (jh_str){"{\\"version\\":\\"%s\\"}", %d});
    return JH_OK;
}
static const jh_handler table = {
    .size = sizeof(jh_handler), .abi_major = JH_ABI_MAJOR, .name = {"swapped", 7}, .version = {"%s", %d},
    .create = create, .run = run};
JH_EXPORT const jh_handler *jobhandler_v1(const jh_host *h) { (void)h; return &table; }
"""

MANIFEST = """manifest: 1
name: swapped
version: %s
abi: { major: 1, minMinor: 0 }
library:
  - { platform: linux-x86_64, path: libswapped.so, sha256: dev }
  - { platform: linux-aarch64, path: libswapped.so, sha256: dev }
payload: { type: object }
inputs:
  csv: { from: /inputs/csv, required: false }
concurrency: { max: 4 }
timeout: { run: 30s }
"""


def archive(folder, version, in_create=""):
    """Builds and packs one version; gives the archive."""
    place = pathlib.Path(folder) / version
    place.mkdir()
    result = len('{"version":"%s"}' % version)
    source = SOURCE % (in_create, WORK_MICROSECONDS, version, result, version, len(version))
    (place / "handler.c").write_text(source)
    (place / "handler.yml").write_text(MANIFEST % version)
    subprocess.run(
        ["cc", "-shared", "-fPIC", "-O1", "-fvisibility=hidden", f"-I{ROOT}/Sources/CHandlerABI/include", "-o",
         str(place / "libswapped.so"), str(place / "handler.c")], check=True)
    packed = place / "swapped.handler.tar"
    subprocess.run([binary(), "handler", "pack", str(place), "--output", str(packed)], check=True, capture_output=True)
    return packed


def install(packed, directory):
    # A broken handler is sound to look at; what is wrong shows when it starts.
    done = subprocess.run(
        [binary(), "handler", "install", str(packed), "--into", str(directory)], capture_output=True, text=True)
    assert done.returncode == 0, done.stderr


class Load:
    """Sends jobs from a thread until told to stop."""

    def __init__(self, stack, uri):
        self.stack = stack
        self.uri = uri
        self.sent = []
        self.over = threading.Event()
        self.thread = threading.Thread(target=self.send)

    def send(self):
        while not self.over.is_set():
            message = self.stack.job_message("swapped", self.uri, params={})
            self.stack.send(message)
            self.sent.append(message["job_id"])
            time.sleep(0.01)

    def __enter__(self):
        self.thread.start()
        return self

    def __exit__(self, *_):
        self.over.set()
        self.thread.join()


def replaced(stack):
    return [line for line in stack.log_lines() if line["event"] == "handler_replaced"]


def wait_for(condition, what, timeout=30):
    deadline = time.monotonic() + timeout
    while time.monotonic() < deadline:
        if condition():
            return
        time.sleep(0.02)
    raise AssertionError(f"not within {timeout} s: {what}")


def main():
    folder = tempfile.mkdtemp(prefix="headrace-hot-reload-")
    handlers = pathlib.Path(folder) / "handlers"
    handlers.mkdir()
    archives = [archive(folder, f"1.0.{number}") for number in range(SWAPS + 1)]
    broken = [archive(folder, "2.0.0", "abort();"), archive(folder, "2.0.1", "return JH_PERMANENT;")]
    install(archives[0], handlers)
    stack = Stack(settings={"handlers.directories": handlers, "runner.concurrency": 4, "log.level": "info"}).start()
    stack.s3.put_object(Bucket=stack.bucket, Key="in.csv", Body=b"a\n1\n")
    latencies = []
    began = time.monotonic()
    with Load(stack, f"s3://{stack.bucket}/in.csv") as load:
        time.sleep(1)
        for number, packed in enumerate(archives[1:], 1):
            swapped = time.monotonic()
            install(packed, handlers)
            wait_for(lambda: len(replaced(stack)) == number, f"replacement {number}")
            latencies.append(time.monotonic() - swapped)
            if number in (7, 14):
                refusals = len([line for line in stack.log_lines() if line["event"] == "handler_refused"])
                install(broken[number // 14], handlers)
                wait_for(
                    lambda: len([line for line in stack.log_lines() if line["event"] == "handler_refused"]) > refusals,
                    "refusal of a broken version")
            time.sleep(max(0, SECONDS_PER_SWAP - (time.monotonic() - swapped)))
    took = time.monotonic() - began
    stack.wait_until_empty(120)
    done = stack.cli("jobs", "list", "--json", "--limit", "10000", check=True)
    jobs = {job["job_id"]: job for job in json.loads(done.stdout)}
    states = collections.Counter(jobs[name]["state"] for name in load.sent)
    starts = collections.Counter(
        line["job_id"] for line in stack.log_lines() if line["event"] == "job_processing_started")
    versions = collections.Counter(stack.job(name)["result"]["version"] for name in load.sent[:: max(1, len(load.sent) // 60)])
    refused = [line for line in stack.log_lines() if line["event"] == "handler_refused"]
    print(f"{SWAPS} replacements and {len(refused)} refusals in {took:.1f} s under {len(load.sent) / took:.0f} jobs/s")
    print(f"  jobs sent {len(load.sent)}, states {dict(states)}, started more than once "
          f"{sum(1 for count in starts.values() if count > 1)}, dead letters {len(stack.dead_letters())}")
    print(f"  replacement seen after (s): median {sorted(latencies)[len(latencies) // 2]:.2f}, worst {max(latencies):.2f}")
    print(f"  versions among a sample of jobs: {len(versions)}")
    assert states == {"COMPLETED": len(load.sent)}, states
    assert len(refused) == 2 and not any(version.startswith("2.") for version in versions), versions
    assert len(versions) > SWAPS // 2, versions
    assert stack.process.poll() is None
    assert stack.stop() == 0


if __name__ == "__main__":
    main()
