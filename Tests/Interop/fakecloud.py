"""Holds the embedded S3 and SQS to what boto3 expects of AWS: `fakecloud.py`, against a `headrace up` of its own."""

import pathlib
import subprocess
import sys

from stack import Stack

SCRIPTS = ["fakecloud_boto3.py", "fakecloud_sqs_boto3.py", "fakecloud_s3_boto3.py"]


def main():
    stack = Stack().start()
    keys = stack.keys()
    try:
        for script in SCRIPTS:
            done = subprocess.run(
                [sys.executable, str(pathlib.Path(__file__).with_name(script)), stack.endpoint["endpoint_url"],
                 keys["aws_access_key_id"], keys["aws_secret_access_key"]],
                capture_output=True, text=True, timeout=300)
            last = (done.stdout.strip().splitlines() or ["nothing"])[-1]
            print(f"{script}: {last}")
            assert done.returncode == 0, done.stdout[-2000:] + done.stderr[-4000:]
    finally:
        code = stack.stop()
    assert code == 0, code


if __name__ == "__main__":
    main()
