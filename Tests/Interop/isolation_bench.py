"""What isolation costs: `isolation_bench.py [JOBS]`, beside the same with subprocesses of Python.

1. A warm process per handler: from the order to the report, as the runner measured it for each job that does nothing.
2. A process per job: how much longer such a job takes than with a warm process.
3. Memory: the proportional set size of one waiting process.

Python does the same with a pipe: a worker that stays and answers one line with another, and one process per line.
"""

import json
import pathlib
import sqlite3
import subprocess
import sys
import tempfile
import time

import isolation_handlers
from crash_isolation import send_all
from stack import Stack, percentile

WORKER = "import sys, json\nfor line in sys.stdin:\n    json.loads(line)\n    print('{}', flush=True)\n"
ONCE = "import sys, json\njson.loads(sys.stdin.readline())\nprint('{}', flush=True)\n"


def pss(pid):
    for line in pathlib.Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines():
        if line.startswith("Pss:"):
            return int(line.split()[1]) / 1024
    raise RuntimeError(f"no Pss of process {pid}")


def children(pid, name):
    tasks = pathlib.Path(f"/proc/{pid}/task").iterdir()
    found = [int(child) for task in tasks for child in (task / "children").read_text().split()]
    return [child for child in found if pathlib.Path(f"/proc/{child}/comm").read_text().strip() == name]


def run_jobs(stack, handler, count):
    """Handler and total times of a handler's jobs, in milliseconds."""
    send_all(stack, [isolation_handlers.message(stack, handler, f"{handler}-{place}", crash=False) for place in range(count)])
    stack.wait_until_empty(timeout=240)
    with sqlite3.connect(f"file:{stack.data / 'headrace.db'}?mode=ro", uri=True) as database:
        metrics = database.execute(
            "SELECT metrics FROM jobs WHERE handler = ? AND state = 'COMPLETED'", (handler,)).fetchall()
    assert len(metrics) == count, len(metrics)
    handler_times = [json.loads(text)["handler_ms"] for text, in metrics]
    totals = [float(line["duration_ms"]) for line in stack.log_lines()
              if line["event"] == "message_processed" and line.get("job_id", "").startswith(f"{handler}-")]
    return handler_times, totals


def persistent_worker(count):
    worker = subprocess.Popen([sys.executable, "-c", WORKER], stdin=subprocess.PIPE, stdout=subprocess.PIPE)
    times = []
    for _ in range(count):
        began = time.perf_counter()
        worker.stdin.write(b'{"crash": false}\n')
        worker.stdin.flush()
        worker.stdout.readline()
        times.append((time.perf_counter() - began) * 1000)
    memory = pss(worker.pid)
    worker.stdin.close()
    worker.wait()
    return times, memory


def worker_per_job(count):
    times = []
    for _ in range(count):
        began = time.perf_counter()
        subprocess.run([sys.executable, "-c", ONCE], input=b'{"crash": false}\n', capture_output=True, check=True)
        times.append((time.perf_counter() - began) * 1000)
    return times


def show(what, times, unit, factor):
    print(f"{what}: p50 {percentile(times, .5) * factor:.1f} {unit}, p99 {percentile(times, .99) * factor:.1f} {unit} "
          f"of {len(times)}")


def main(count):
    folder = tempfile.mkdtemp(prefix="headrace-handlers-")
    isolation_handlers.build(folder, "warm")
    isolation_handlers.build(folder, "fresh", mode="process-per-job")
    stack = Stack(settings=isolation_handlers.settings(folder, 1)).start()
    warm, warm_totals = run_jobs(stack, "warm", count)
    # The process may just have been replaced, as it is from time to time.
    send_all(stack, [isolation_handlers.message(stack, "warm", f"again-{place}", crash=False) for place in range(10)])
    stack.wait_until_empty()
    memory = [pss(child) for child in children(stack.process.pid, "headrace-host")]
    _, fresh_totals = run_jobs(stack, "fresh", count // 4)
    python, python_memory = persistent_worker(count)
    show("headrace, warm process, order to report", warm, "us", 1000)
    show("python, persistent worker, line to line", python, "us", 1000)
    extra = percentile(fresh_totals, .5) - percentile(warm_totals, .5)
    print(f"headrace, process per job: {extra:.2f} ms more than a warm one "
          f"(p50 {percentile(fresh_totals, .5):.2f} ms against {percentile(warm_totals, .5):.2f} ms from receipt to deletion)")
    show("python, process per job", worker_per_job(count // 4), "ms", 1)
    print(f"memory of a waiting process (PSS): headrace-host {memory[0]:.1f} MiB, python {python_memory:.1f} MiB")
    stack.stop()


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 1000)
