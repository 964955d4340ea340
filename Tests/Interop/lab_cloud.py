"""What the scripts do with a running `lab serve`: queues, objects, looks, faults and time of a check's own."""

import contextlib
import uuid

from botocore.exceptions import ClientError

from checks import Checks, expect
from lab_server import LabServer


BODY = bytes(range(256)) * 400


class Cloud:
    """A running server with clients, and names that no check shares with another."""

    def __init__(self, server):
        self.server = server
        self.door = server.door
        self.sqs = server.client("sqs")
        self.s3 = server.client("s3")

    def queue(self, *bodies, **attributes):
        """A new queue with messages."""
        name = "q-" + uuid.uuid4().hex[:8] + (".fifo" if "FifoQueue" in attributes else "")
        url = self.sqs.create_queue(QueueName=name, Attributes=attributes)["QueueUrl"]
        for body in bodies:
            self.sqs.send_message(QueueUrl=url, MessageBody=body)
        return url

    def object(self, body=BODY):
        """A new bucket with an object `key`."""
        bucket = "b-" + uuid.uuid4().hex[:8]
        self.s3.create_bucket(Bucket=bucket)
        self.s3.put_object(Bucket=bucket, Key="key", Body=body)
        return bucket

    def receive(self, url, **options):
        answer = self.sqs.receive_message(
            QueueUrl=url, MaxNumberOfMessages=10, MessageSystemAttributeNames=["All"], **options)
        return answer.get("Messages", [])

    def peek(self, url, state=""):
        """The messages as they lie."""
        name = url.rsplit("/", 1)[-1]
        return self.door("GET", f"/_lab/queues/{name}/messages?state={state}")["messages"]

    @contextlib.contextmanager
    def fault(self, operation, action, fired=1, times=None, resource="*", **match):
        """Arms a fault as long as the block runs, and sees that it hit so many calls."""
        rule = {"name": "check", "match": {"operation": operation, "resource": resource, **match}, "action": action}
        number = self.door("POST", "/_lab/faults", {**rule, **({"times": times} if times else {})}, 201)["id"]
        try:
            yield
            entry = next(entry for entry in self.door("GET", "/_lab/faults")["faults"] if entry["id"] == number)
            expect(entry["fired"], fired, "calls that the fault hit")
        finally:
            self.door("DELETE", f"/_lab/faults/{number}")

    @contextlib.contextmanager
    def frozen(self):
        """Stops the cloud's time as long as the block runs."""
        self.door("PUT", "/_lab/clock", {"mode": "frozen"})
        try:
            yield
        finally:
            self.door("PUT", "/_lab/clock", {"mode": "real"})


def refused(call, code, status):
    try:
        call()
    except ClientError as error:
        found = (error.response["Error"]["Code"], error.response["ResponseMetadata"]["HTTPStatusCode"])
        return expect(found, (code, status), "code and status")
    raise AssertionError(f"expected a refusal with {code}")


def fails(call, *errors):
    try:
        call()
    except errors as error:
        return error
    raise AssertionError(f"expected one of {[error.__name__ for error in errors]}")


def run(prefix, checks):
    """Runs checks against one server, each by its name, and ends the script."""
    results = Checks()
    with LabServer() as server:
        cloud = Cloud(server)
        for check in checks:
            results.run(f"{prefix} {check.__name__.replace('_', ' ')}", lambda: check(cloud))
    results.finish()
