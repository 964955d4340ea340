"""How long a warm runner takes from message received to message deleted: `warm_runner.py CUSTOMERS.csv [JOBS]`.

One `churn-predict` job with reasons after another; times are the runner's own, from its `message_processed` lines.
"""

import pathlib
import sys

from stack import Stack, percentile


def peak(pid):
    for line in pathlib.Path(f"/proc/{pid}/status").read_text().splitlines():
        if line.startswith("VmHWM:"):
            return int(line.split()[1]) / 1024
    raise RuntimeError(f"no VmHWM of process {pid}")


def children(pid):
    found = pathlib.Path(f"/proc/{pid}/task")
    return [int(c) for task in found.iterdir() for c in (task / "children").read_text().split()]


def main(path, count):
    stack = Stack().start()
    stack.s3.upload_file(path, stack.bucket, "customers.csv")
    for place in range(count + 1):
        message = stack.job_message("churn-predict", f"s3://{stack.bucket}/customers.csv", job_id=f"warm-{place}")
        stack.send(message)
        stack.wait_for(message["job_id"], "COMPLETED")
        stack.wait_until_empty()
    times = [
        float(line["duration_ms"]) for line in stack.log_lines()
        if line["event"] == "message_processed" and line.get("verdict") == "completed"][1:]
    handler = [stack.job(f"warm-{place}")["metrics"] for place in range(1, count + 1)]
    print(f"{len(times)} jobs, received -> deleted: p50 {percentile(times, .5):.1f} ms, p99 {percentile(times, .99):.1f} ms")
    for name in ("fetch_ms", "handler_ms", "stage_ms"):
        print(f"  {name}: p50 {percentile([m[name] for m in handler], .5):.1f}")
    print(f"  peak RSS: runner with embedded cloud {peak(stack.process.pid):.0f} MiB, children "
          f"{[round(peak(child)) for child in children(stack.process.pid)]} MiB")
    stack.stop()


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]) if len(sys.argv) > 2 else 50)
