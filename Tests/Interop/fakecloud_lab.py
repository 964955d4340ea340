"""The lab's door by plain HTTP, and what boto3 sees of it: `fakecloud_lab.py`, with `lab serve` processes of its own.

Clock, faults, peeks, journal, reset and snapshots, and who is let in. Times of minutes and days pass by moving the
cloud's clock. Prints one line per check and exits 1 when one failed.
"""

import contextlib
import http.client
import json
import socket
import tempfile
import threading
import time
import uuid

from botocore.config import Config
from botocore.exceptions import ClientError, ConnectionClosedError, ReadTimeoutError, ResponseStreamingError

from checks import Checks, expect
from lab_server import LabServer, wait_for

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


# Clock


def clock_frozen(cloud):
    with cloud.frozen():
        first = cloud.door("GET", "/_lab/clock")
        url = cloud.queue("x")
        sent = [message["sent_at"] for message in cloud.peek(url)]
        expect((first["mode"], sent), ("frozen", [cloud.door("GET", "/_lab/clock")["now"]]))
    at = cloud.door("PUT", "/_lab/clock", {"mode": "frozen", "at": "2030-01-02T03:04:05Z"})
    expect(at["now"][:19], "2030-01-02T03:04:05")
    bucket = cloud.object()
    expect(str(cloud.s3.head_object(Bucket=bucket, Key="key")["LastModified"])[:19], "2030-01-02 03:04:05")
    cloud.door("PUT", "/_lab/clock", {"mode": "real"})


def clock_offset(cloud):
    shown = cloud.door("PUT", "/_lab/clock", {"mode": "offset", "by": "+2h"})
    expect((shown["mode"], round(shown["ahead_seconds"])), ("offset", 7200))
    url = cloud.queue("x")
    stamp = int(cloud.receive(url)[0]["Attributes"]["SentTimestamp"]) / 1000
    expect(round((stamp - time.time()) / 60), 120, "minutes ahead of this machine")
    expect(round(cloud.server.advance("30m")["ahead_seconds"]), 9000)
    cloud.door("PUT", "/_lab/clock", {"mode": "real"})


def advance_settles(cloud):
    with cloud.frozen():
        urls = [cloud.queue(DelaySeconds=str(seconds)) for seconds in (5, 10)]
        answers = {}
        receive = lambda url: answers.update({url: [m["Body"] for m in cloud.receive(url, WaitTimeSeconds=20)]})
        receivers = [threading.Thread(target=receive, args=[url]) for url in urls]
        for url in urls:
            cloud.sqs.send_message(QueueUrl=url, MessageBody=url)
        for receiver in receivers:
            receiver.start()
        cloud.server.advance("4s")
        expect(answers, {}, "answers before the time has come")
        cloud.server.advance("6s")
        expect([m["state"] for url in urls for m in cloud.peek(url) if m["state"] == "delayed"], [])
        for receiver in receivers:
            receiver.join(10)
        expect(answers, {url: [url] for url in urls}, "what the receivers that waited got")


def fifteen_minutes_of_visibility(cloud):
    with cloud.frozen():
        url = cloud.queue("job", VisibilityTimeout="900")
        first = cloud.receive(url)[0]
        cloud.server.advance("14m59s")
        expect(cloud.receive(url), [], "messages after 14:59")
        cloud.server.advance("1s")
        again = cloud.receive(url)[0]
        expect((again["MessageId"], again["Attributes"]["ApproximateReceiveCount"]), (first["MessageId"], "2"))


def fourteen_days_of_retention(cloud):
    with cloud.frozen():
        url = cloud.queue("old", MessageRetentionPeriod="1209600")
        cloud.server.advance("13d")
        cloud.sqs.send_message(QueueUrl=url, MessageBody="young")
        cloud.server.advance("23h59m59s")
        expect(len(cloud.peek(url)), 2, "messages a second before 14 days")
        cloud.server.advance("1s")
        expect([m["body"] for m in cloud.peek(url)], ["young"], "messages after 14 days")
        expect([m["Body"] for m in cloud.receive(url)], ["young"])


def five_minutes_of_deduplication(cloud):
    with cloud.frozen():
        url = cloud.queue(FifoQueue="true")
        send = lambda body: cloud.sqs.send_message(
            QueueUrl=url, MessageBody=body, MessageGroupId="g", MessageDeduplicationId="same")["MessageId"]
        first = send("first")
        cloud.sqs.delete_message(QueueUrl=url, ReceiptHandle=cloud.receive(url)[0]["ReceiptHandle"])
        cloud.server.advance("4m59s")
        expect(send("second"), first, "the message id within five minutes")
        expect(cloud.receive(url), [], "messages within five minutes")
        cloud.server.advance("1s")
        expect(send("third") == first, False, "the same message id after five minutes")
        expect([m["Body"] for m in cloud.receive(url)], ["third"])


def fifteen_minutes_of_delay(cloud):
    with cloud.frozen():
        url = cloud.queue()
        cloud.sqs.send_message(QueueUrl=url, MessageBody="later", DelaySeconds=900)
        expect([m["state"] for m in cloud.peek(url)], ["delayed"])
        cloud.server.advance("15m")
        expect([m["Body"] for m in cloud.receive(url)], ["later"])


def signatures_ignore_the_clock(cloud):
    with cloud.frozen():
        cloud.server.advance("30d")
        cloud.sqs.list_queues()
        cloud.s3.list_buckets()


# Faults


def fault_error_s3(cloud):
    bucket = cloud.object()
    action = {"error": {"status": 503, "code": "SlowDown", "message": "Reduce your request rate."}}
    with cloud.fault("s3.GetObject", action, resource=bucket + "/*"):
        refused(lambda: cloud.s3.get_object(Bucket=bucket, Key="key"), "SlowDown", 503)
        cloud.s3.head_object(Bucket=bucket, Key="key")


def fault_error_sqs(cloud):
    url = cloud.queue()
    with cloud.fault("sqs.SendMessage", {"error": {"status": 403, "code": "RequestThrottled"}}):
        refused(lambda: cloud.sqs.send_message(QueueUrl=url, MessageBody="x"), "RequestThrottled", 403)
    expect(cloud.peek(url), [], "messages of a send that was refused")


def fault_error_is_retried(cloud):
    url = cloud.queue()
    sqs = cloud.server.client("sqs", Config(retries={"total_max_attempts": 4, "mode": "standard"}))
    with cloud.fault("sqs.SendMessage", {"error": {"status": 503, "code": "ServiceUnavailable"}}, fired=2, times=2):
        answer = sqs.send_message(QueueUrl=url, MessageBody="x")
    expect(answer["ResponseMetadata"]["RetryAttempts"], 2, "tries again by boto3")
    expect(len(cloud.peek(url)), 1, "messages")


def fault_latency(cloud):
    bucket = cloud.object()
    with cloud.fault("s3.GetObject", {"latency": "300ms"}):
        start = time.monotonic()
        cloud.s3.get_object(Bucket=bucket, Key="key")
        expect(time.monotonic() - start >= 0.3, True, "an answer later than 300 ms")


def fault_latency_in_cloud_time(cloud):
    bucket = cloud.object()
    with cloud.frozen(), cloud.fault("s3.GetObject", {"latency": "1h"}):
        bodies = []
        reader = threading.Thread(
            target=lambda: bodies.append(cloud.s3.get_object(Bucket=bucket, Key="key")["Body"].read()))
        reader.start()
        hit = lambda: cloud.door("GET", "/_lab/faults")["faults"][0]["fired"]
        wait_for(hit, "the call")
        expect(bodies, [], "answers before the hour is over")
        wait_for(lambda: cloud.server.advance("1h") and not reader.join(0.05) and bodies, "the answer")
        expect(bodies, [BODY])


def raw_exchange(cloud, request):
    """Sends bytes, and returns what comes until the end, and whether that was a reset of TCP."""
    with socket.create_connection((cloud.server.host, cloud.server.port), timeout=20) as connection:
        connection.sendall(request)
        received = b""
        try:
            while piece := connection.recv(65536):
                received += piece
        except ConnectionResetError:
            return received, True
        return received, False


def presigned_get(cloud, bucket):
    url = cloud.s3.generate_presigned_url("get_object", Params={"Bucket": bucket, "Key": "key"})
    path = url.removeprefix(cloud.server.endpoint)
    return f"GET {path} HTTP/1.1\r\nHost: {cloud.server.host}:{cloud.server.port}\r\n\r\n".encode()


def fault_reset_before(cloud):
    bucket = cloud.object()
    with cloud.fault("s3.GetObject", {"reset": "before"}, fired=2):
        expect(raw_exchange(cloud, presigned_get(cloud, bucket)), (b"", True), "bytes, and a reset of TCP")
        fails(lambda: cloud.s3.get_object(Bucket=bucket, Key="key"), ConnectionClosedError)
    url = cloud.queue()
    with cloud.fault("sqs.SendMessage", {"reset": "before"}):
        fails(lambda: cloud.sqs.send_message(QueueUrl=url, MessageBody="x"), ConnectionClosedError)
    expect(cloud.peek(url), [], "messages of a send that was cut off")


def fault_reset_headers(cloud):
    bucket = cloud.object()
    with cloud.fault("s3.GetObject", {"reset": "headers"}):
        received, is_reset = raw_exchange(cloud, presigned_get(cloud, bucket))
    expect((received[:15], received[-4:], is_reset), (b"HTTP/1.1 200 OK", b"\r\n\r\n", True))


def fault_truncate(cloud):
    bucket = cloud.object()
    with cloud.fault("s3.GetObject", {"truncate": {"after": 100}}, fired=2):
        fails(lambda: cloud.s3.get_object(Bucket=bucket, Key="key")["Body"].read(), ResponseStreamingError)
        received, is_reset = raw_exchange(cloud, presigned_get(cloud, bucket))
    expect((len(received.split(b"\r\n\r\n", 1)[1]), is_reset), (100, False))


def fault_stall(cloud):
    url = cloud.queue()
    impatient = cloud.server.client("sqs", Config(read_timeout=1))
    with cloud.fault("sqs.SendMessage", {"stall": {"for": "90s"}}):
        fails(lambda: impatient.send_message(QueueUrl=url, MessageBody="x"), ReadTimeoutError)
    expect(len(cloud.peek(url)), 1, "messages: the call was done")


def fault_slow_body(cloud):
    bucket = cloud.object(b"x" * 1000)
    with cloud.fault("s3.GetObject", {"slowBody": {"bytesPerSecond": 2000}}):
        start = time.monotonic()
        expect(cloud.s3.get_object(Bucket=bucket, Key="key")["Body"].read(), b"x" * 1000)
        expect(0.4 <= time.monotonic() - start, True, "a body that takes half a second")


def fault_corrupt(cloud):
    bucket = cloud.object()
    with cloud.fault("s3.GetObject", {"corrupt": True}, fired=2):
        plain = cloud.server.client("s3", Config(response_checksum_validation="when_required"))
        found = plain.get_object(Bucket=bucket, Key="key")["Body"].read()
        expect(sum(bin(a ^ b).count("1") for a, b in zip(found, BODY)), 1, "flipped bits")
        error = fails(lambda: cloud.s3.get_object(Bucket=bucket, Key="key")["Body"].read(), Exception)
        expect(type(error).__name__, "FlexibleChecksumError", "what boto3 makes of it")


def fault_duplicate(cloud):
    url = cloud.queue("x")
    with cloud.fault("sqs.ReceiveMessage", {"duplicate": True}, times=1):
        expect([cloud.receive(url)[0]["Body"] for _ in range(2)], ["x", "x"], "deliveries")
        expect(cloud.receive(url), [], "deliveries after the second")


def fault_drop(cloud):
    url = cloud.queue("x", VisibilityTimeout="30")
    with cloud.frozen(), cloud.fault("sqs.DeleteMessage", {"drop": True}, times=1):
        for count in ["1", "2"]:
            message = cloud.receive(url)[0]
            expect(message["Attributes"]["ApproximateReceiveCount"], count)
            cloud.sqs.delete_message(QueueUrl=url, ReceiptHandle=message["ReceiptHandle"])
            cloud.server.advance("30s")
        expect(cloud.receive(url), [], "messages after a delete that was done")


def fault_apply_then(cloud):
    bucket = cloud.object()
    put = lambda client, key: client.put_object(Bucket=bucket, Key=key, Body=b"x")
    impatient = cloud.server.client("s3", Config(read_timeout=1))
    with cloud.fault("s3.PutObject", {"applyThen": "reset"}):
        fails(lambda: put(cloud.s3, "reset"), ConnectionClosedError)
    with cloud.fault("s3.PutObject", {"applyThen": "timeout"}):
        fails(lambda: put(impatient, "timeout"), ReadTimeoutError)
    with cloud.fault("s3.PutObject", {"applyThen": "error"}):
        refused(lambda: put(cloud.s3, "error"), "InternalError", 500)
    for key in ["reset", "timeout", "error"]:
        cloud.s3.head_object(Bucket=bucket, Key=key)
    url = cloud.queue()
    with cloud.fault("sqs.SendMessage", {"applyThen": "reset"}):
        fails(lambda: cloud.sqs.send_message(QueueUrl=url, MessageBody="x"), ConnectionClosedError)
    expect(len(cloud.peek(url)), 1, "messages: the call was done")


def hits(cloud, url, calls):
    """Which of so many calls, from 1, a fault hits."""
    found = []
    for number in range(1, calls + 1):
        try:
            cloud.sqs.get_queue_attributes(QueueUrl=url)
        except ClientError:
            found.append(number)
    return found


def fault_nth_and_times(cloud):
    url = cloud.queue()
    error = {"error": {"status": 400, "code": "Chosen"}}
    for match, times, wanted in [({"nth": "2"}, None, [2]), ({"nth": "2..4"}, None, [2, 3, 4]),
                                 ({"nth": "1,4"}, None, [1, 4]), ({}, 3, [1, 2, 3]), ({"nth": "2..6"}, 2, [2, 3])]:
        with cloud.fault("sqs.GetQueueAttributes", error, len(wanted), times, **match):
            expect(hits(cloud, url, 7), wanted, f"calls hit with {match}, times {times}")


def fault_probability_and_seed(cloud):
    url = cloud.queue()
    error = {"error": {"status": 400, "code": "Chosen"}}
    runs = []
    for seed in [7, 7, 8]:
        number = cloud.door("POST", "/_lab/faults", {
            "match": {"operation": "sqs.GetQueueAttributes", "probability": 0.3, "seed": seed}, "action": error})["id"]
        runs.append(hits(cloud, url, 100))
        cloud.door("DELETE", f"/_lab/faults/{number}")
    expect(runs[0], runs[1], "the calls hit with the same seed")
    expect(runs[0] == runs[2], False, "the same calls with another seed")
    expect(all(15 <= len(run) <= 45 for run in runs), True, "about 30 of 100 calls")


# Views


def peeks_disturb_nothing(cloud):
    url = cloud.queue("a", "b")
    cloud.sqs.send_message(QueueUrl=url, MessageBody="later", DelaySeconds=600)
    held = cloud.sqs.receive_message(QueueUrl=url)["Messages"][0]
    attributes = lambda: cloud.sqs.get_queue_attributes(QueueUrl=url, AttributeNames=["All"])["Attributes"]
    before = attributes()
    for state, bodies in [("visible", {"a", "b"} - {held["Body"]}), ("in-flight", {held["Body"]}),
                          ("delayed", {"later"}), ("", {"a", "b", "later"})]:
        expect({m["body"] for m in cloud.peek(url, state)}, bodies, f"messages in state {state!r}")
    expect({m["receive_count"] for m in cloud.peek(url, "in-flight")}, {1}, "receive counts")
    expect({m["receive_count"] for m in cloud.peek(url, "visible")}, {0}, "receive counts")
    expect(attributes(), before, "the queue's attributes after the looks")
    expect(cloud.receive(url)[0]["Attributes"]["ApproximateReceiveCount"], "1", "the receive count after the looks")


def aws_messages_alias(cloud):
    url = cloud.queue("a", "b")
    cloud.sqs.receive_message(QueueUrl=url)
    cloud.sqs.send_message(QueueUrl=url, MessageBody="later", DelaySeconds=600)
    def shown(query="", name=f"?QueueUrl={url}"):
        document = cloud.door("GET", f"/_aws/sqs/messages{name}{query}", headers={"Accept": "application/json"})
        return len(document["ReceiveMessageResponse"]["ReceiveMessageResult"]["Message"])
    expect((shown(), shown("&ShowInvisible=true"), shown("&ShowInvisible=true&ShowDelayed=true")), (1, 2, 3))
    path = url.removeprefix(cloud.server.endpoint).strip("/").split("/")
    expect(shown("", f"/us-east-1/000000000000/{path[-1]}"), 1, "messages by the path")
    connection = http.client.HTTPConnection(cloud.server.host, cloud.server.port)
    connection.request("GET", f"/_aws/sqs/messages?QueueUrl={url}")
    expect(b"<ReceiveMessageResult><Message><MessageId>" in connection.getresponse().read(), True, "XML by default")


def journal_of_calls(cloud):
    last = cloud.door("GET", "/_lab/journal")["last"]
    bucket = cloud.object()
    with cloud.fault("s3.HeadObject", {"error": {"status": 503, "code": "SlowDown"}}):
        fails(lambda: cloud.s3.head_object(Bucket=bucket, Key="key"), ClientError)
    cloud.door("GET", "/_lab/queues")
    entries = cloud.door("GET", f"/_lab/journal?since={last}")["entries"]
    expect([(e["service"], e["operation"], e["resource"], e["status"]) for e in entries], [
        ("s3", "CreateBucket", bucket, 200), ("s3", "PutObject", bucket + "/key", 200),
        ("s3", "HeadObject", bucket + "/key", 503)])
    expect((entries[1]["request_bytes"], entries[2]["faults"]), (len(BODY), ["check"]))


def journal_bounds(cloud):
    for _ in range(4):
        cloud.s3.list_buckets()
    page = cloud.door("GET", "/_lab/journal?since=0&limit=3")
    expect(len(page["entries"]), 3, "entries with limit=3")
    expect([e["number"] for e in page["entries"]], list(range(page["last"] - 2, page["last"] + 1)))
    rest = cloud.door("GET", f"/_lab/journal?since={page['last']}&limit=1")["entries"]
    expect([e["number"] for e in rest], [page["last"] + 1], "the entry after the page")
    connection = http.client.HTTPConnection(cloud.server.host, cloud.server.port)
    for _ in range(page["capacity"] + 10):
        connection.request("GET", "/missing-bucket?location")
        connection.getresponse().read()
    full = cloud.door("GET", f"/_lab/journal?since=0&limit={page['capacity']}")
    expect((len(full["entries"]), full["lost"] > 0), (page["capacity"], True), "entries kept, and some lost")
    cloud.door("GET", "/_lab/journal?limit=0", status=400)


def journal_follow(cloud):
    connection = http.client.HTTPConnection(cloud.server.host, cloud.server.port, timeout=20)
    connection.request("GET", "/_lab/journal?follow=1")
    answer = connection.getresponse()
    expect(answer.headers["Content-Type"], "application/x-ndjson")
    url = cloud.queue("x")
    name = url.rsplit("/", 1)[-1]
    lines = [json.loads(answer.readline()) for _ in range(2)]
    connection.close()
    expect([(line["operation"], line["resource"]) for line in lines], [("CreateQueue", name), ("SendMessage", name)])


# States


def reset_to_the_start(cloud):
    url, bucket = cloud.queue("x"), cloud.object()
    cloud.door("PUT", "/_lab/clock", {"mode": "frozen"})
    cloud.door("POST", "/_lab/faults", {"action": {"latency": "1ms"}})
    cloud.door("POST", "/_lab/reset")
    expect(cloud.door("GET", "/_lab/faults")["faults"], [])
    expect(cloud.door("GET", "/_lab/journal")["entries"], [])
    expect(cloud.door("GET", "/_lab/clock")["mode"], "real")
    refused(lambda: cloud.sqs.send_message(QueueUrl=url, MessageBody="x"),
            "AWS.SimpleQueueService.NonExistentQueue", 400)
    refused(lambda: cloud.s3.get_object(Bucket=bucket, Key="key"), "NoSuchBucket", 404)


def snapshot_and_restore(cloud):
    url, bucket = cloud.queue("kept"), cloud.object(b"kept")
    cloud.door("PUT", "/_lab/clock", {"mode": "frozen"})
    taken = cloud.door("POST", "/_lab/snapshots/before", status=201)["taken_at"]
    message = cloud.receive(url)[0]
    cloud.sqs.delete_message(QueueUrl=url, ReceiptHandle=message["ReceiptHandle"])
    cloud.s3.put_object(Bucket=bucket, Key="key", Body=b"changed")
    cloud.s3.put_object(Bucket=bucket, Key="new", Body=b"new")
    cloud.server.advance("1h")
    expect(cloud.door("GET", "/_lab/snapshots")["snapshots"], ["before"])
    expect(cloud.door("POST", "/_lab/snapshots/before/restore")["now"], taken, "the time that stood still")
    expect(cloud.s3.get_object(Bucket=bucket, Key="key")["Body"].read(), b"kept")
    refused(lambda: cloud.s3.get_object(Bucket=bucket, Key="new"), "NoSuchKey", 404)
    again = cloud.receive(url)[0]
    expect((again["MessageId"], again["Attributes"]["ApproximateReceiveCount"]), (message["MessageId"], "1"))
    cloud.door("POST", "/_lab/snapshots/never/restore", status=404)
    cloud.door("PUT", "/_lab/clock", {"mode": "real"})


def states_on_disk(_):
    with tempfile.TemporaryDirectory() as folder, LabServer("--data", folder) as server:
        for path in ["/_lab/reset", "/_lab/snapshots/x", "/_lab/snapshots/x/restore"]:
            error = server.door("POST", path, status=409)["error"]
            expect("data directory" in error and "without --data" in error, True, f"why, and what to do: {error}")


# Who is let in


def own_address():
    """An address of this machine that is not 127.0.0.1; nothing is sent to find it."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
        try:
            probe.connect(("192.0.2.1", 9))
            return probe.getsockname()[0]
        except OSError:
            return None


def closed_to_other_machines(_):
    with LabServer("--host", "0.0.0.0", "--auth", "accept") as server:
        server.host = own_address()
        error = server.door("GET", "/_lab/clock", status=403)["error"]
        expect("own machine" in error, True, error)
        server.door("GET", "/_aws/sqs/messages", status=403)
        connection = http.client.HTTPConnection(server.host, server.port)
        connection.request("GET", "/bucket")
        expect(connection.getresponse().status, 404, "the status of S3, which is open")


def closed_to_other_sites(cloud):
    cloud.door("POST", "/_lab/reset", status=403, headers={"Origin": "http://elsewhere.example"})
    cloud.door("GET", "/_lab/clock", headers={"Origin": cloud.server.endpoint})


def rubbish_is_refused(cloud):
    for method, path, document, status in [
            ("PUT", "/_lab/clock", {"mode": "backwards"}, 400), ("POST", "/_lab/clock/advance", {"by": "-1s"}, 400),
            ("POST", "/_lab/clock/advance", {"by": "soon"}, 400), ("POST", "/_lab/faults", {"action": {"x": 1}}, 400),
            ("DELETE", "/_lab/faults/999999", None, 404), ("GET", "/_lab/queues/none/messages", None, 404),
            ("GET", "/_lab/journal?since=x", None, 400), ("GET", "/_lab/nothing", None, 404),
            ("PATCH", "/_lab/clock", None, 405)]:
        error = cloud.door(method, path, document, status)["error"]
        expect(len(error) > 20, True, f"a sentence for {method} {path}: {error}")


CHECKS = [
    clock_frozen, clock_offset, advance_settles, fifteen_minutes_of_visibility, fourteen_days_of_retention,
    five_minutes_of_deduplication, fifteen_minutes_of_delay, signatures_ignore_the_clock, fault_error_s3,
    fault_error_sqs, fault_error_is_retried, fault_latency, fault_latency_in_cloud_time, fault_reset_before,
    fault_reset_headers, fault_truncate, fault_stall, fault_slow_body, fault_corrupt, fault_duplicate, fault_drop,
    fault_apply_then, fault_nth_and_times, fault_probability_and_seed, peeks_disturb_nothing, aws_messages_alias,
    journal_of_calls, journal_follow, reset_to_the_start, snapshot_and_restore, states_on_disk,
    closed_to_other_sites, rubbish_is_refused, journal_bounds,
]


def main():
    checks = Checks()
    with LabServer() as server:
        cloud = Cloud(server)
        for check in CHECKS:
            checks.run("lab " + check.__name__.replace("_", " "), lambda: check(cloud))
        name = "lab closed to other machines"
        if own_address():
            checks.run(name, lambda: closed_to_other_machines(cloud))
        else:
            checks.skip(name, "this machine has no address but 127.0.0.1")
    checks.finish()


if __name__ == "__main__":
    main()
