"""What crashes of a handler cost the others: `crash_isolation.py [JOBS]`.

The same number of jobs twice through one runner: none crashes, then every tenth. The runner must be the same process
afterwards, every job that was not told to crash must have completed in its first attempt, every other must have
failed with its signal, and no job may have been started twice.

Then one job that saves a checkpoint and crashes: its second attempt must find the checkpoint, and none may be left.
"""

import collections
import json
import sqlite3
import sys
import tempfile
import time

import isolation_handlers
from stack import Stack

SLOTS = 4


def send_all(stack, jobs):
    for start in range(0, len(jobs), 10):
        entries = [{"Id": str(place), "MessageBody": json.dumps(job)} for place, job in enumerate(jobs[start:start + 10])]
        refused = stack.sqs.send_message_batch(QueueUrl=stack.queue_url, Entries=entries).get("Failed")
        assert not refused, refused


def rows(stack, prefix):
    path = stack.data / "headrace.db"
    with sqlite3.connect(f"file:{path}?mode=ro", uri=True) as database:
        return database.execute(
            "SELECT job_id, state, epoch, attempts, error_code FROM jobs WHERE job_id LIKE ?", (prefix + "-%",)).fetchall()


def series(stack, prefix, count, crashing):
    jobs = [isolation_handlers.message(stack, "coin", f"{prefix}-{place}", crash=crashing and place % 10 == 0)
            for place in range(count)]
    send_all(stack, jobs[:count // 10])
    stack.wait_until_empty()
    began = time.monotonic()
    send_all(stack, jobs[count // 10:])
    stack.wait_until_empty(timeout=240)
    return (time.monotonic() - began) / (count - count // 10)


def resume(stack):
    stack.send(isolation_handlers.message(stack, "resume", "resumed-1", how="resume"))
    job = stack.wait_for("resumed-1", "COMPLETED", "FAILED", "QUARANTINED")
    assert job["state"] == "COMPLETED" and job["result"] == {"resumed": True} and job["attempts"] == 2, job
    first = job["attempt_history"][0]["evidence"]
    assert first["signal"] == "SIGSEGV", first
    with sqlite3.connect(f"file:{stack.data / 'headrace.db'}?mode=ro", uri=True) as database:
        assert database.execute("SELECT count(*) FROM checkpoints").fetchone() == (0,)
    print(f"a job that crashed after its checkpoint went on from there; kept of the crash: {first}")


def main(count):
    folder = tempfile.mkdtemp(prefix="headrace-handlers-")
    isolation_handlers.build(folder, "resume", attempts=2)
    isolation_handlers.build(folder, "coin", slots=SLOTS)
    stack = Stack(settings=isolation_handlers.settings(folder, SLOTS)).start()
    runner = stack.process.pid
    calm = series(stack, "calm", count, crashing=False)
    stormy = series(stack, "stormy", count, crashing=True)
    assert stack.process.poll() is None and stack.endpoint["pid"] == runner
    for prefix, failing in [("calm", 0), ("stormy", count // 10)]:
        found = rows(stack, prefix)
        states = collections.Counter((state, code) for _, state, _, _, code in found)
        assert states == collections.Counter(
            {k: v for k, v in {("COMPLETED", None): count - failing, ("FAILED", "signal-11"): failing}.items() if v}), states
        again = [row for row in found if row[2] != 1 or row[3] != 1]
        assert not again, again[:5]
        print(f"{prefix}: {dict(states)}, none started twice")
    print(f"runner {runner} is the same process; per job {calm * 1000:.2f} ms without crashes, "
          f"{stormy * 1000:.2f} ms with a crash in every tenth")
    resume(stack)
    stack.stop()


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 1000)
