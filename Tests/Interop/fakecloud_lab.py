"""The lab's door by plain HTTP, and what boto3 sees of it: `fakecloud_lab.py`, with `lab serve` processes of its own.

Clock, peeks, journal, reset and snapshots, and who is let in. Times of minutes and days pass by moving the cloud's
clock. Prints one line per check and exits 1 when one failed.
"""

import http.client
import json
import socket
import tempfile
import threading
import time

from botocore.exceptions import ClientError

from checks import Skipped, expect
from lab_cloud import BODY, fails, refused, run
from lab_server import LabServer


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
    address = own_address()
    if not address:
        raise Skipped("this machine has no address but 127.0.0.1")
    with LabServer("--host", "0.0.0.0", "--auth", "accept") as server:
        server.host = address
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
    five_minutes_of_deduplication, fifteen_minutes_of_delay, signatures_ignore_the_clock, peeks_disturb_nothing,
    aws_messages_alias, journal_of_calls, journal_follow, reset_to_the_start, snapshot_and_restore, states_on_disk,
    closed_to_other_machines, closed_to_other_sites, rubbish_is_refused, journal_bounds,
]


if __name__ == "__main__":
    run("lab", CHECKS)
