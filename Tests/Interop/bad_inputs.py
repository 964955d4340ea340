"""Bad input, one after the other, as a table: what went in, what was printed, the job's state, where the message is.

`bad_inputs.py CUSTOMERS.csv` starts `headrace up` with a zoo of misbehaving handlers beside the bundled ones.
"""

import io
import json
import os
import pathlib
import shutil
import signal
import socket
import sqlite3
import subprocess
import sys
import tempfile
import time
import zipfile

import zoo
from stack import Stack, binary, now

ROWS = []
AUTO = {"column-map": {"mode": "auto"}}

# What every case must come to: how what is printed begins, the job's state, where the message ends.
EXPECTED = {
    "(good file, for comparison)": ("verdict valid-with-warnings", "COMPLETED", "deleted"),
    "empty file -> csv-validate": ("file-empty:", "FAILED", "deleted"),
    "empty file -> churn-predict": ("file-empty:", "FAILED", "deleted"),
    "header only -> csv-validate": ("verdict invalid", "COMPLETED", "deleted"),
    "header only -> churn-predict": ("no-rows:", "FAILED", "deleted"),
    "zip file -> csv-validate": ("not-csv: this is a zip archive", "FAILED", "deleted"),
    "zip file -> churn-predict": ("not-csv: this is a zip archive", "FAILED", "deleted"),
    "HTML page -> csv-validate": ("not-csv: this is a web page", "FAILED", "deleted"),
    "HTML page -> churn-predict": ("not-csv: this is a web page", "FAILED", "deleted"),
    "invalid UTF-8 -> csv-validate": ("verdict", "COMPLETED", "deleted"),
    "invalid UTF-8 -> churn-predict": ("verdict", "COMPLETED", "deleted"),
    "no line end at the end -> csv-validate": ("verdict valid-with-warnings", "COMPLETED", "deleted"),
    "no line end at the end -> column-map": ("verdict mapped", "COMPLETED", "deleted"),
    "no line end at the end -> churn-predict": ("verdict", "COMPLETED", "deleted"),
    "missing S3 object": ("input-not-found:", "FAILED", "deleted"),
    "bucket not allowed": ("bucket-not-allowed:", "no record", "dead-letter queue (bucket-not-allowed)"),
    "message of 1 MiB": ("message-not-json:", "no record", "dead-letter queue (no room for a reason), byte"),
    "not JSON": ("message-not-json:", "no record", "dead-letter queue (message-not-json), byte"),
    "wrong types": ("wrong-type:", "no record", "dead-letter queue (wrong-type), byte"),
    "unknown handler": ("unknown-handler:", "no record", "dead-letter queue (unknown-handler), byte"),
    "params against the schema": ("bad-params:", "no record", "dead-letter queue (bad-params), byte"),
    "plugin file missing": ("handler-not-loaded:", "no record", "dead-letter queue (handler-not-loaded), byte"),
    "plugin with the wrong ABI": ("handler-not-loaded:", "no record", "dead-letter queue (handler-not-loaded), byte"),
    "plugin that crashes": ("signal-11:", "FAILED", "dead-letter queue (signal-11)"),
    "plugin that hangs": ("timeout:", "FAILED", "dead-letter queue (timeout)"),
    "plugin that takes too much memory": ("memory:", "FAILED", "dead-letter queue (memory)"),
    "database locked for 7 s": ("the job database is locked", "COMPLETED afterwards, attempts 1", "deleted"),
    "queue missing": ("error: there is no queue no-such-queue", "exit 3", "nothing received"),
    "credentials missing": ("error: no AWS credentials found", "exit 3", "nothing received"),
    "credentials wrong": ("error: sqs.GetQueueUrl", "exit 3", "nothing received"),
    "port in use": ("error: port", "exit 4", "nothing received"),
    "(good file again: the runner is alive)": ("verdict valid-with-warnings", "COMPLETED", "deleted"),
    "disk full on staging": ("FileUnwritable:", "RETRYING, attempts 0", "in the queue"),
    "  … after space was made": ("-", "COMPLETED", "deleted"),
}


def note(what, printed, state, message):
    ROWS.append((what, " ".join(str(printed).split())[:150], state, message))
    print(f"- {what}\n    printed: {ROWS[-1][1]}\n    state: {state}; message: {message}", flush=True)


def where(stack):
    letters = stack.dead_letters()
    if letters:
        code = letters[0].get("MessageAttributes", {}).get("headrace.code", {}).get("StringValue", "by the queue")
        return f"dead-letter queue ({code})"
    return "deleted" if stack.counts(stack.queue_url) == (0, 0, 0) else f"in the queue {stack.counts(stack.queue_url)}"


def run_job(stack, what, handler, data=None, uri=None, params=None, timeout=60):
    """Sends a job and waits for its end."""
    uri = uri or f"s3://{stack.bucket}/bad/{abs(hash(what))}.csv"
    if data is not None:
        stack.s3.put_object(Bucket=stack.bucket, Key=uri.split("/", 3)[3], Body=data)
    message = stack.job_message(handler, uri, params=params)
    stack.send(message)
    job = stack.wait_for(message["job_id"], "COMPLETED", "FAILED", "QUARANTINED", timeout=timeout)
    stack.wait_until_empty()
    job = stack.job(message["job_id"])
    printed = job["error"]["code"] + ": " + job["error"]["message"] if job.get("error") else (
        "verdict " + str((job.get("result") or {}).get("verdict")))
    note(what, printed, job["state"], where(stack))
    return job


def reject(stack, what, body):
    """Sends something that is not a job and waits until it is gone."""
    before = len([l for l in stack.log_lines() if l["event"] == "message_validation_failed"])
    stack.send(body)
    stack.wait_until_empty()
    deadline, lines = time.monotonic() + 5, []
    while not lines and time.monotonic() < deadline:
        lines = [l for l in stack.log_lines() if l["event"] == "message_validation_failed"][before:]
    letters = stack.dead_letters()
    sent = body if isinstance(body, str) else json.dumps(body)
    same = "byte-identical" if letters and letters[0]["Body"] == sent else "not found"
    code = letters[0].get("MessageAttributes", {}).get("headrace.code", {}).get("StringValue", "no room for a reason") \
        if letters else "-"
    note(what, f"{lines[0].get('code')}: {lines[0].get('reason')}" if lines else "nothing", "no record",
         f"dead-letter queue ({code}), {same}")


def files(stack, good):
    zipped = io.BytesIO()
    with zipfile.ZipFile(zipped, "w") as archive:
        archive.writestr("customers.csv", good)
    header = good.split(b"\n", 1)[0] + b"\n"
    cases = {
        "empty file": b"", "header only": header, "zip file": zipped.getvalue(),
        "HTML page": b"<!DOCTYPE html><html><body>Session expired</body></html>",
        "invalid UTF-8": header + b"\xff\xfe\x80\x81" + good.split(b"\n", 2)[1] + b"\n"}
    for what, data in cases.items():
        for handler in ("csv-validate", "churn-predict"):
            run_job(stack, f"{what} -> {handler}", handler, data)
    for handler in ("csv-validate", "column-map", "churn-predict"):
        run_job(stack, f"no line end at the end -> {handler}", handler, good.rstrip(b"\r\n"), params=AUTO.get(handler))
    run_job(stack, "missing S3 object", "csv-validate", uri=f"s3://{stack.bucket}/bad/no-such-object.csv")


def messages(stack):
    good = stack.job_message("csv-validate", f"s3://{stack.bucket}/bad/x.csv")
    reject(stack, "bucket not allowed", {**good, "inputs": {"csv": {"uri": "s3://somebody-elses-bucket/x.csv"}}})
    reject(stack, "message of 1 MiB", "{" + " " * (1_048_576 - 2) + "x")
    reject(stack, "not JSON", "prediction 42, please")
    reject(stack, "wrong types", {**good, "inputs": ["csv"]})
    reject(stack, "unknown handler", {**good, "handler": "csv-validat"})
    reject(stack, "params against the schema", {**good, "handler": "churn-predict", "params": {"reasons": "many"}})


def handlers(stack, good):
    for name, what in [("zoo-missing", "plugin file missing"), ("zoo-v2", "plugin with the wrong ABI")]:
        listing = stack.cli("handler", "list")
        text = next((l for l in (listing.stdout + listing.stderr).splitlines() if name in l and "error" in l.lower()),
                    next((l for l in (listing.stdout + listing.stderr).splitlines() if name in l), "?"))
        print("   ", text)
        reject(stack, what, stack.job_message(name, f"s3://{stack.bucket}/bad/x.csv"))
    for name, what in [("zoo-crash", "plugin that crashes"), ("zoo-hang", "plugin that hangs"),
                       ("zoo-leak", "plugin that takes too much memory")]:
        run_job(stack, what, name, good[:1000])


def database_locked(stack, good):
    stack.s3.put_object(Bucket=stack.bucket, Key="ok.csv", Body=good)
    lock = sqlite3.connect(stack.data / "headrace.db", isolation_level=None)
    lock.execute("BEGIN IMMEDIATE")
    message = stack.job_message("csv-validate", f"s3://{stack.bucket}/ok.csv")
    stack.send(message)
    time.sleep(7)
    lines = [l for l in stack.log_lines() if "locked" in json.dumps(l) or "busy" in json.dumps(l)]
    lock.execute("ROLLBACK")
    job = stack.wait_for(message["job_id"], "COMPLETED", timeout=90)
    stack.wait_until_empty()
    note("database locked for 7 s", (lines or [{}])[-1].get("error") or (lines or [{}])[-1].get("reason"),
         f"{job['state']} afterwards, attempts {job['attempts']}", where(stack))


def disk_full(good):
    """A scratch directory on a file system of 1 MiB; needs the right to mount."""
    small = tempfile.mkdtemp(prefix="headrace-full-")
    if os.geteuid() != 0 or subprocess.run(["mount", "-t", "tmpfs", "-o", "size=1m", "tmpfs", small]).returncode:
        print("- disk full on staging: not tried, no right to mount a small file system")
        for what in ("disk full on staging", "  … after space was made"):
            del EXPECTED[what]
        return
    stack = Stack(settings={"scratch.directory": small}).start()
    try:
        stack.s3.put_object(Bucket=stack.bucket, Key="big.csv", Body=good * 3)
        message = stack.job_message("csv-validate", f"s3://{stack.bucket}/big.csv")
        stack.send(message)
        job = stack.wait_for(message["job_id"], "RETRYING")
        note("disk full on staging", f"{job['error']['code']}: {job['error']['message']}",
             f"{job['state']}, attempts {job['attempts']}", f"in the queue, delayed {stack.counts(stack.queue_url)}")
        subprocess.run(["mount", "-o", "remount,size=64m", small], check=True)
        job = stack.wait_for(message["job_id"], "COMPLETED", timeout=60)
        note("  … after space was made", "-", job["state"], where(stack))
    finally:
        stack.stop()
        subprocess.run(["umount", small], check=False)


def commands(stack):
    """Start-up faults: each prints a sentence and exits with the documented code."""
    endpoint, keys = stack.endpoint["endpoint_url"], stack.keys()
    base = {k: v for k, v in os.environ.items() if not k.startswith(("AWS_", "HEADRACE_"))}
    base.update(
        AWS_ENDPOINT_URL=endpoint, AWS_REGION="us-east-1", HOME=tempfile.mkdtemp(),
        HEADRACE_STORAGE_ALLOWED_BUCKETS=stack.bucket, HEADRACE_QUEUE_NAME=stack.endpoint["queue"],
        HEADRACE_DATABASE_PATH=str(stack.data / "other.db"))
    right = dict(AWS_ACCESS_KEY_ID=keys["aws_access_key_id"], AWS_SECRET_ACCESS_KEY=keys["aws_secret_access_key"])
    cases = {
        "queue missing": {**base, **right, "HEADRACE_QUEUE_NAME": "no-such-queue"},
        "credentials missing": {**base, "AWS_EC2_METADATA_DISABLED": "true"},
        "credentials wrong": {**base, **right, "AWS_SECRET_ACCESS_KEY": "wrong"},
    }
    for what, env in cases.items():
        done = subprocess.run([binary(), "run"], env=env, capture_output=True, text=True, timeout=60,
                              cwd=tempfile.mkdtemp(), stdin=subprocess.DEVNULL)
        note(what, done.stderr.strip() or done.stdout.strip(), f"exit {done.returncode}", "nothing received")
    port = int(endpoint.rsplit(":", 1)[1])
    done = subprocess.run([binary(), "up", "--data", tempfile.mkdtemp(), "--port", str(port)], capture_output=True,
                          text=True, timeout=60, stdin=subprocess.DEVNULL)
    note("port in use", done.stderr.strip() or done.stdout.strip(), f"exit {done.returncode}", "nothing received")


def check():
    found = {what: rest for what, *rest in ROWS}
    assert found.keys() == EXPECTED.keys(), found.keys() ^ EXPECTED.keys()
    for what, expected in EXPECTED.items():
        for cell, start in zip(found[what], expected):
            assert cell.startswith(start), f"{what}: expected {start!r}, found {cell!r}"


def main(path):
    good = pathlib.Path(path).read_bytes()
    bundled = pathlib.Path(binary()).resolve().parent / "handlers"
    animals = zoo.build(tempfile.mkdtemp(prefix="headrace-zoo-"))
    stack = Stack(settings={
        "handlers.directories": f"{bundled},{animals}", "handlers.development": "true",
        "storage.allowed_buckets": "headrace"}).start()
    try:
        good_job = run_job(stack, "(good file, for comparison)", "csv-validate", good)
        files(stack, good)
        messages(stack)
        handlers(stack, good)
        database_locked(stack, good)
        commands(stack)
        again = stack.job(good_job["job_id"])
        assert again == good_job, "another job's record was touched"
        run_job(stack, "(good file again: the runner is alive)", "csv-validate", good)
    finally:
        code = stack.stop()
    print("stopped: exit", code)
    disk_full(good)
    print("\n| input | printed | job | message |\n|---|---|---|---|")
    check()
    for row in ROWS:
        print("| " + " | ".join(str(cell).replace("|", "\\|") for cell in row) + " |")


if __name__ == "__main__":
    main(sys.argv[1])
