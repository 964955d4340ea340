"""The main job by the AWS CLI alone: `aws_cli.py CUSTOMERS.csv`, with the lines that `headrace up` prints to paste."""

import csv
import json
import os
import pathlib
import subprocess
import sys
import tempfile

from stack import Stack, prediction_message


def main(path):
    rows = sum(1 for _ in csv.reader(open(path, newline=""))) - 1
    stack = Stack().start()
    exports = [line.removeprefix("export ").split("=", 1) for line in stack.log_path.read_text().splitlines()
               if line.startswith("export ")]
    env = {**os.environ, **dict(exports)}
    cli = pathlib.Path(sys.executable).with_name("aws")

    def aws(*arguments):
        command = [str(cli), *arguments, "--endpoint-url", env["AWS_ENDPOINT_URL"]]
        done = subprocess.run(command, capture_output=True, text=True, env=env, timeout=60)
        assert done.returncode == 0, f"aws {' '.join(arguments)}: {done.stderr}"
        return done.stdout

    try:
        aws("s3", "mb", "s3://cli-uploads")
        aws("s3", "cp", path, "s3://cli-uploads/user_2abc/customers.csv")
        queue = json.loads(aws("sqs", "get-queue-url", "--queue-name", stack.endpoint["queue"]))["QueueUrl"]
        message = prediction_message("s3://cli-uploads/user_2abc/customers.csv")
        aws("sqs", "send-message", "--queue-url", queue, "--message-body", json.dumps(message))
        job = stack.wait_for(message["prediction_id"], "COMPLETED", "FAILED")
        assert job["state"] == "COMPLETED", job
        result = pathlib.Path(tempfile.mkdtemp()) / "scores.csv"
        scores = next(output for output in job["outputs"] if output["name"] == "scores.csv")
        stack.wait_until_empty()
        aws("s3", "cp", scores["uri"], str(result))
        found = sum(1 for _ in csv.reader(open(result, newline=""))) - 1
        print(f"aws s3 mb, s3 cp, sqs send-message, s3 cp back: {found} rows of {rows}")
        assert found == rows
    finally:
        code = stack.stop()
    assert code == 0, code


if __name__ == "__main__":
    main(sys.argv[1])
