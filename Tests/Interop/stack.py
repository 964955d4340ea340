"""Starts and stops `headrace up` for the interop scripts, and reads what it wrote.

The scripts use boto3 from PyPI and nothing of the project but its binary: they see what any AWS client sees.
"""

import json
import os
import pathlib
import signal
import subprocess
import tempfile
import time
import uuid

import boto3
from botocore.config import Config

ROOT = pathlib.Path(__file__).resolve().parents[2]


def binary() -> str:
    """The release build, or what HEADRACE names."""
    return os.environ.get("HEADRACE", str(ROOT / ".build" / "release" / "headrace"))


class Stack:
    """One `headrace up` with a data directory of its own."""

    def __init__(self, data=None, settings=None, port=0):
        self.data = pathlib.Path(data or tempfile.mkdtemp(prefix="headrace-interop-"))
        self.settings = settings or {}
        self.port = port
        self.process = None
        self.log_path = self.data / "up.log"

    def environment(self):
        env = {k: v for k, v in os.environ.items() if not k.startswith(("AWS_", "HEADRACE_"))}
        env["HEADRACE_LOG_FORMAT"] = "json"
        for key, value in self.settings.items():
            env["HEADRACE_" + key.upper().replace(".", "_")] = str(value)
        return env

    def start(self, timeout=20):
        endpoint_file = self.data / "endpoint.json"
        self.log = open(self.log_path, "ab")
        command = [binary(), "up", "--data", str(self.data), "--port", str(self.port)]
        self.process = subprocess.Popen(
            command, stdout=self.log, stderr=self.log, env=self.environment(), stdin=subprocess.DEVNULL)
        deadline = time.monotonic() + timeout
        while time.monotonic() < deadline:
            if self.process.poll() is not None:
                raise RuntimeError(f"headrace up exited {self.process.returncode}: {self.log_path.read_text()[-2000:]}")
            try:
                self.endpoint = json.loads(endpoint_file.read_text())
                if self.endpoint["pid"] == self.process.pid:
                    self.sqs = self.client("sqs")
                    self.s3 = self.client("s3")
                    self.queue_url = self.sqs.get_queue_url(QueueName=self.endpoint["queue"])["QueueUrl"]
                    self.dlq_url = self.sqs.get_queue_url(QueueName=self.endpoint["dead_letter_queue"])["QueueUrl"]
                    return self
            except (OSError, ValueError, KeyError):
                pass
            time.sleep(0.02)
        raise RuntimeError("headrace up did not come up")

    def keys(self):
        values = {}
        for line in (self.data / "credentials").read_text().splitlines():
            if "=" in line:
                name, value = line.split("=", 1)
                values[name.strip()] = value.strip()
        return values

    def client(self, service, secret=None, key=None):
        keys = self.keys()
        return boto3.client(
            service, endpoint_url=self.endpoint["endpoint_url"], region_name=self.endpoint["region"],
            aws_access_key_id=key or keys["aws_access_key_id"],
            aws_secret_access_key=secret or keys["aws_secret_access_key"],
            config=Config(retries={"max_attempts": 1}, s3={"addressing_style": "path"}))

    @property
    def bucket(self):
        return self.endpoint["bucket"]

    def signal(self, number):
        self.process.send_signal(number)

    def wait(self, timeout=60):
        return self.process.wait(timeout)

    def stop(self):
        if self.process and self.process.poll() is None:
            self.process.send_signal(signal.SIGTERM)
            return self.wait()
        return self.process.returncode if self.process else None

    def kill(self):
        self.process.kill()
        return self.wait()

    def cli(self, *arguments, check=False):
        done = subprocess.run(
            [binary(), *arguments, "--data", str(self.data)], capture_output=True, text=True,
            env=self.environment(), stdin=subprocess.DEVNULL, timeout=120)
        if check and done.returncode != 0:
            raise RuntimeError(f"{arguments}: exit {done.returncode}: {done.stderr}")
        return done

    def job(self, job_id):
        done = self.cli("jobs", "show", job_id, "--json")
        return json.loads(done.stdout) if done.returncode == 0 and done.stdout.strip() else None

    def wait_for(self, job_id, *states, timeout=60):
        deadline = time.monotonic() + timeout
        last = None
        while time.monotonic() < deadline:
            last = self.job(job_id)
            if last and last["state"] in states:
                return last
            time.sleep(0.05)
        raise RuntimeError(f"{job_id} is {last and last['state']}, expected one of {states}")

    def log_lines(self):
        lines = []
        for line in self.log_path.read_text().splitlines():
            try:
                lines.append(json.loads(line))
            except ValueError:
                continue
        return lines

    def send(self, body, attributes=None):
        text = body if isinstance(body, str) else json.dumps(body)
        extra = {"MessageAttributes": attributes} if attributes else {}
        return self.sqs.send_message(QueueUrl=self.queue_url, MessageBody=text, **extra)["MessageId"]

    def job_message(self, handler, uri, job_id=None, params=None, **more):
        return {
            "schema": "headrace.job/1", "job_id": job_id or f"interop-{uuid.uuid4()}", "handler": handler,
            "inputs": {"csv": {"uri": uri}}, "params": params or {}, "submitted_at": now(), **more}

    def counts(self, url):
        names = ["ApproximateNumberOfMessages", "ApproximateNumberOfMessagesNotVisible",
                 "ApproximateNumberOfMessagesDelayed"]
        got = self.sqs.get_queue_attributes(QueueUrl=url, AttributeNames=names)["Attributes"]
        return tuple(int(got[name]) for name in names)

    def wait_until_empty(self, timeout=60):
        deadline = time.monotonic() + timeout
        while time.monotonic() < deadline:
            if self.counts(self.queue_url) == (0, 0, 0):
                return
            time.sleep(0.05)
        raise RuntimeError(f"the queue still has {self.counts(self.queue_url)}")

    def dead_letters(self):
        """Takes everything out of the dead-letter queue."""
        letters = []
        while True:
            got = self.sqs.receive_message(
                QueueUrl=self.dlq_url, MaxNumberOfMessages=10, MessageAttributeNames=["All"],
                AttributeNames=["All"]).get("Messages", [])
            if not got:
                return letters
            for message in got:
                self.sqs.delete_message(QueueUrl=self.dlq_url, ReceiptHandle=message["ReceiptHandle"])
                letters.append(message)


def now():
    return time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime())


def prediction_message(uri, prediction_id=None):
    """The message of the replaced system, unchanged."""
    return {
        "prediction_id": prediction_id or str(uuid.uuid4()), "user_id": "user_2abcDEFghiJKLmnoPQRstu",
        "upload_id": "upl_001", "s3_file_path": uri, "timestamp": now(), "priority": "normal"}


def percentile(values, share):
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(round(share * (len(ordered) - 1))))]
