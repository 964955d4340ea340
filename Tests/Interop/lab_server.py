"""Starts and stops `lab serve` for the interop scripts, and knocks at the lab's door.

The scripts know the server by its HTTP interface alone.
"""

import http.client
import json
import os
import pathlib
import selectors
import signal
import subprocess
import time
import urllib.parse

import boto3
from botocore.config import Config

ROOT = pathlib.Path(__file__).resolve().parents[2]


def binary() -> str:
    """The release build, or what HEADRACE_LAB names."""
    return os.environ.get("HEADRACE_LAB", str(ROOT / ".build" / "release" / "lab"))


def clean_environment():
    """The environment without the variables that would reach another cloud."""
    return {key: value for key, value in os.environ.items() if not key.startswith("AWS_")}


class LabServer:
    """One `lab serve` on a free port."""

    def __init__(self, *options, port=0):
        self.command = [binary(), "serve", "--json", "--port", str(port), *options]
        self.process = None

    def __enter__(self):
        return self.start()

    def __exit__(self, *_):
        self.stop()

    def start(self, timeout=30):
        """Returns once the server has said where it is."""
        self.process = subprocess.Popen(
            self.command, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
            env=clean_environment())
        with selectors.DefaultSelector() as selector:
            selector.register(self.process.stdout, selectors.EVENT_READ)
            line = self.process.stdout.readline() if selector.select(timeout) else ""
        if not line:
            self.process.kill()
            raise RuntimeError(f"{' '.join(self.command)} did not start: {self.process.communicate()[1]}")
        self.document = json.loads(line)
        self.endpoint = self.document["endpoint_url"]
        parts = urllib.parse.urlsplit(self.endpoint)
        self.host, self.port = parts.hostname, parts.port
        return self

    def client(self, service, config=None, **options):
        """A boto3 client with the keys that the server printed; nothing is tried twice."""
        settings = Config(retries={"total_max_attempts": 1}, s3={"addressing_style": "path"},
                          signature_version="s3v4" if service == "s3" else None)
        return boto3.client(service, **{
            "endpoint_url": self.endpoint, "region_name": self.document["region"],
            "aws_access_key_id": self.document["access_key_id"],
            "aws_secret_access_key": self.document["secret_access_key"],
            "config": settings.merge(config) if config else settings, **options})

    def door(self, method, path, document=None, status=(200, 201), headers=None):
        """Knocks at the lab's door, and returns the document that it answers."""
        connection = http.client.HTTPConnection(self.host, self.port, timeout=60)
        try:
            body = None if document is None else json.dumps(document)
            connection.request(method, path, body, headers or {})
            answer = connection.getresponse()
            text = answer.read().decode()
        finally:
            connection.close()
        wanted = (status,) if isinstance(status, int) else status
        if answer.status not in wanted:
            raise AssertionError(f"{method} {path}: expected status {wanted}, found {answer.status}: {text}")
        return json.loads(text)

    def advance(self, by):
        """Moves the cloud's clock, and returns once everything that fell due has settled."""
        return self.door("POST", "/_lab/clock/advance", {"by": by})

    def memory(self, name="VmRSS"):
        """The server's resident memory in MiB; `VmHWM` is the most that it was since ``forget_peak``."""
        status = pathlib.Path(f"/proc/{self.process.pid}/status").read_text()
        line = next(line for line in status.splitlines() if line.startswith(name + ":"))
        return int(line.split()[1]) / 1024

    def forget_peak(self):
        """Starts the peak of the memory anew."""
        pathlib.Path(f"/proc/{self.process.pid}/clear_refs").write_text("5")

    def kill(self):
        """Ends the server as a power failure would, as far as the process is concerned."""
        self.process.kill()
        self.process.communicate()

    def stop(self, number=signal.SIGTERM):
        """Ends the server as it should end, and returns its exit code."""
        if self.process.poll() is None:
            self.process.send_signal(number)
        try:
            self.process.communicate(timeout=30)
        except subprocess.TimeoutExpired:
            self.kill()
        return self.process.returncode


def wait_for(condition, what, timeout=20):
    """Returns the first true value of a condition that something outside this process brings about."""
    deadline = time.monotonic() + timeout
    while time.monotonic() < deadline:
        value = condition()
        if value:
            return value
        time.sleep(0.005)
    raise AssertionError(f"{what} did not happen within {timeout} s")
