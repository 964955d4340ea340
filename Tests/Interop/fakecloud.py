"""Holds the embedded S3 and SQS to what AWS's own clients expect: `fakecloud.py [PART OF A SUITE'S NAME]`.

Runs one suite after the other, against a `headrace up` and a `lab serve` of its own, and prints how many checks of each
passed, and what did not.
"""

import os
import pathlib
import subprocess
import sys

from lab_server import LabServer
from stack import Stack

HERE = pathlib.Path(__file__).parent
# boto3 of the time before SQS spoke JSON; the Makefile puts it there.
QUERY_CLIENT = os.environ.get("QUERY_CLIENT", str(HERE.parents[1] / ".build" / "clients" / "query"))

# The name, the script, and its arguments behind the endpoint and the keys.
SUITES = [
    ("SQS by boto3, JSON", "fakecloud_sqs_boto3.py", ["json"]),
    ("SQS by boto3, Query", "fakecloud_sqs_boto3.py", ["query"]),
    ("SQS and S3 by plain HTTP", "fakecloud_raw.py", []),
    ("S3 by boto3", "fakecloud_s3_boto3.py", []),
    ("S3's settings by boto3", "fakecloud_s3_settings.py", []),
    ("SQS by the AWS CLI", "fakecloud_cli.py", []),
    ("S3 by the AWS CLI", "fakecloud_cli_s3.py", []),
    ("S3 by s3cmd", "fakecloud_s3cmd.py", []),
]
# These start servers of their own.
OWN_SUITES = [
    ("the lab's door", "fakecloud_lab.py", []),
    ("the lab's faults", "fakecloud_faults.py", []),
    ("lab serve", "lab_serve.py", []),
    ("kill -9", "fakecloud_crash.py", ["3"]),
]


def run(name, script, arguments):
    """Runs a suite, and returns whether it passed."""
    environment = {"PYTHONPATH": QUERY_CLIENT} if "query" in arguments else {}
    done = subprocess.run([sys.executable, str(HERE / script), *arguments], capture_output=True, text=True,
                          timeout=300, env={**os.environ, **environment})
    lines = done.stdout.strip().splitlines() or ["it printed nothing"]
    print(f"  {name}: {lines[-1]}", flush=True)
    for line in lines[:-1]:
        if not line.startswith("ok  "):
            print("    " + line, flush=True)
    if done.returncode != 0:
        print(done.stderr, end="", flush=True)
    return done.returncode == 0


def against_stack(name, script):
    """Runs a suite against the server inside `headrace up`, which keeps everything on disk."""
    stack = Stack().start()
    keys = stack.keys()
    try:
        passed = run(name, script, [stack.endpoint["endpoint_url"], keys["aws_access_key_id"],
                                    keys["aws_secret_access_key"]])
    finally:
        code = stack.stop()
    return passed and code == 0


def main(part=""):
    results = []
    if part in "headrace up":
        results.append(against_stack("headrace up by boto3", "fakecloud_boto3.py"))
    with LabServer() as server:
        keys = [server.document["access_key_id"], server.document["secret_access_key"]]
        for name, script, arguments in SUITES:
            if part in name:
                results.append(run(name, script, [server.endpoint, *keys, *arguments]))
    for name, script, arguments in OWN_SUITES:
        if part in name:
            results.append(run(name, script, arguments))
    print(f"{sum(results)} of {len(results)} suites passed")
    return 0 if results and all(results) else 1


if __name__ == "__main__":
    # What `make interop` gives to all scripts is the table of customers, which this one does not need.
    names = [argument for argument in sys.argv[1:] if not argument.endswith(".csv")]
    sys.exit(main(*names))
