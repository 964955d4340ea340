"""Stops, kills and duplicates: `reliability.py CUSTOMERS.csv`, with a file large enough to be caught mid-job.

1. SIGTERM mid-job beyond the grace period: exit 0, a summary, the message visible at once, no attempt counted.
2. SIGKILL mid-job and a restart: the job completes once, with one published output.
3. A hundred duplicate deliveries of one job: one effect, a hundred messages gone.
"""

import collections
import signal
import sys
import time

from stack import Stack


def large(path, copies):
    lines = open(path).read().splitlines()
    return ("\n".join([lines[0]] + lines[1:] * copies) + "\n").encode()


def running(stack, job_id):
    """Waits until the handler has said how far it is."""
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline:
        job = stack.job(job_id)
        if job and job["state"] == "RUNNING" and (job.get("progress") or 0) > 0:
            return job
        assert not job or job["state"] in ("QUEUED", "RUNNING"), job
        time.sleep(0.02)
    raise AssertionError("the job never ran")


def upload(stack, data):
    stack.s3.put_object(Bucket=stack.bucket, Key="large.csv", Body=data)
    return f"s3://{stack.bucket}/large.csv"


def terminate(data):
    stack = Stack(settings={"runner.grace": "0s"}).start()
    message = stack.job_message("churn-predict", upload(stack, data))
    stack.send(message)
    running(stack, message["job_id"])
    began = time.monotonic()
    stack.signal(signal.SIGTERM)
    code = stack.wait()
    took = time.monotonic() - began
    summary = [line for line in stack.log_lines() if line["event"] == "worker_shutdown"]
    job = stack.job(message["job_id"])
    print(f"TERM mid-job: exit {code} after {took:.2f} s; state {job['state']}, attempts {job['attempts']}")
    print("  summary:", summary[-1] if summary else None)
    assert code == 0 and summary and job["attempts"] == 0 and job["state"] == "QUEUED", job
    stack.start()
    print("  visible, in flight, delayed after the restart at once:", stack.counts(stack.queue_url))
    job = stack.wait_for(message["job_id"], "COMPLETED")
    print(f"  completed after the restart: attempts {job['attempts']}, epoch {job['epoch']}")
    assert job["attempts"] == 1
    stack.stop()


def kill(data):
    stack = Stack(settings={"queue.visibility": "5s"}).start()
    message = stack.job_message("churn-predict", upload(stack, data))
    stack.send(message)
    running(stack, message["job_id"])
    stack.kill()
    print("KILL mid-job: state in the database", stack.job(message["job_id"])["state"])
    stack.start()
    began = time.monotonic()
    stack.wait_for(message["job_id"], "COMPLETED")
    stack.wait_until_empty()
    job = stack.job(message["job_id"])
    kinds = collections.Counter(event["event"] for event in job["events"])
    keys = [o["Key"] for o in stack.s3.list_objects_v2(Bucket=stack.bucket).get("Contents", [])]
    print(f"  completed {time.monotonic() - began:.1f} s after the restart; events {dict(kinds)}")
    print("  objects:", [k for k in keys if not k.startswith("large")])
    assert kinds["completed"] == 1 and kinds["published"] == 1
    assert stack.dead_letters() == []
    stack.stop()


def duplicates(path):
    stack = Stack().start()
    stack.s3.upload_file(path, stack.bucket, "small.csv")
    message = stack.job_message("churn-predict", f"s3://{stack.bucket}/small.csv")
    for _ in range(100):
        stack.send(message)
    stack.wait_for(message["job_id"], "COMPLETED")
    stack.wait_until_empty()
    job = stack.job(message["job_id"])
    kinds = collections.Counter(event["event"] for event in job["events"])
    starts = sum(1 for line in stack.log_lines() if line["event"] == "job_processing_started")
    print(f"100 duplicates: handler started {starts} time(s), events {dict(kinds)}, queue empty, "
          f"dead letters {len(stack.dead_letters())}")
    assert starts == 1 and kinds["published"] == 1
    stack.stop()


if __name__ == "__main__":
    many = large(sys.argv[1], 60)
    terminate(many)
    kill(many)
    duplicates(sys.argv[1])
