"""Each fault that the lab scripts, as boto3 and a plain socket see it: `fakecloud_faults.py`, with a server of its own.

Prints one line per check and exits 1 when one failed.
"""

import socket
import threading
import time

from botocore.config import Config
from botocore.exceptions import ClientError, ConnectionClosedError, ReadTimeoutError, ResponseStreamingError

from checks import expect
from lab_cloud import BODY, fails, refused, run
from lab_server import wait_for


def error_s3(cloud):
    bucket = cloud.object()
    action = {"error": {"status": 503, "code": "SlowDown", "message": "Reduce your request rate."}}
    with cloud.fault("s3.GetObject", action, resource=bucket + "/*"):
        refused(lambda: cloud.s3.get_object(Bucket=bucket, Key="key"), "SlowDown", 503)
        cloud.s3.head_object(Bucket=bucket, Key="key")


def error_sqs(cloud):
    url = cloud.queue()
    with cloud.fault("sqs.SendMessage", {"error": {"status": 403, "code": "RequestThrottled"}}):
        refused(lambda: cloud.sqs.send_message(QueueUrl=url, MessageBody="x"), "RequestThrottled", 403)
    expect(cloud.peek(url), [], "messages of a send that was refused")


def error_is_retried(cloud):
    url = cloud.queue()
    sqs = cloud.server.client("sqs", Config(retries={"total_max_attempts": 4, "mode": "standard"}))
    with cloud.fault("sqs.SendMessage", {"error": {"status": 503, "code": "ServiceUnavailable"}}, fired=2, times=2):
        answer = sqs.send_message(QueueUrl=url, MessageBody="x")
    expect(answer["ResponseMetadata"]["RetryAttempts"], 2, "tries again by boto3")
    expect(len(cloud.peek(url)), 1, "messages")


def latency(cloud):
    bucket = cloud.object()
    with cloud.fault("s3.GetObject", {"latency": "300ms"}):
        start = time.monotonic()
        cloud.s3.get_object(Bucket=bucket, Key="key")
        expect(time.monotonic() - start >= 0.3, True, "an answer later than 300 ms")


def latency_in_cloud_time(cloud):
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


def reset_before(cloud):
    bucket = cloud.object()
    with cloud.fault("s3.GetObject", {"reset": "before"}, fired=2):
        expect(raw_exchange(cloud, presigned_get(cloud, bucket)), (b"", True), "bytes, and a reset of TCP")
        fails(lambda: cloud.s3.get_object(Bucket=bucket, Key="key"), ConnectionClosedError)
    url = cloud.queue()
    with cloud.fault("sqs.SendMessage", {"reset": "before"}):
        fails(lambda: cloud.sqs.send_message(QueueUrl=url, MessageBody="x"), ConnectionClosedError)
    expect(cloud.peek(url), [], "messages of a send that was cut off")


def reset_headers(cloud):
    bucket = cloud.object()
    with cloud.fault("s3.GetObject", {"reset": "headers"}):
        received, is_reset = raw_exchange(cloud, presigned_get(cloud, bucket))
    expect((received[:15], received[-4:], is_reset), (b"HTTP/1.1 200 OK", b"\r\n\r\n", True))


def truncate(cloud):
    bucket = cloud.object()
    with cloud.fault("s3.GetObject", {"truncate": {"after": 100}}, fired=2):
        fails(lambda: cloud.s3.get_object(Bucket=bucket, Key="key")["Body"].read(), ResponseStreamingError)
        received, is_reset = raw_exchange(cloud, presigned_get(cloud, bucket))
    expect((len(received.split(b"\r\n\r\n", 1)[1]), is_reset), (100, False))


def stall(cloud):
    url = cloud.queue()
    impatient = cloud.server.client("sqs", Config(read_timeout=1))
    with cloud.fault("sqs.SendMessage", {"stall": {"for": "90s"}}):
        fails(lambda: impatient.send_message(QueueUrl=url, MessageBody="x"), ReadTimeoutError)
    expect(len(cloud.peek(url)), 1, "messages: the call was done")


def slow_body(cloud):
    bucket = cloud.object(b"x" * 1000)
    with cloud.fault("s3.GetObject", {"slowBody": {"bytesPerSecond": 2000}}):
        start = time.monotonic()
        expect(cloud.s3.get_object(Bucket=bucket, Key="key")["Body"].read(), b"x" * 1000)
        expect(0.4 <= time.monotonic() - start, True, "a body that takes half a second")


def corrupt(cloud):
    bucket = cloud.object()
    with cloud.fault("s3.GetObject", {"corrupt": True}, fired=2):
        plain = cloud.server.client("s3", Config(response_checksum_validation="when_required"))
        found = plain.get_object(Bucket=bucket, Key="key")["Body"].read()
        expect(sum(bin(a ^ b).count("1") for a, b in zip(found, BODY)), 1, "flipped bits")
        error = fails(lambda: cloud.s3.get_object(Bucket=bucket, Key="key")["Body"].read(), Exception)
        expect(type(error).__name__, "FlexibleChecksumError", "what boto3 makes of it")


def duplicate(cloud):
    url = cloud.queue("x")
    with cloud.fault("sqs.ReceiveMessage", {"duplicate": True}, times=1):
        expect([cloud.receive(url)[0]["Body"] for _ in range(2)], ["x", "x"], "deliveries")
        expect(cloud.receive(url), [], "deliveries after the second")


def drop(cloud):
    url = cloud.queue("x", VisibilityTimeout="30")
    with cloud.frozen(), cloud.fault("sqs.DeleteMessage", {"drop": True}, times=1):
        for count in ["1", "2"]:
            message = cloud.receive(url)[0]
            expect(message["Attributes"]["ApproximateReceiveCount"], count)
            cloud.sqs.delete_message(QueueUrl=url, ReceiptHandle=message["ReceiptHandle"])
            cloud.server.advance("30s")
        expect(cloud.receive(url), [], "messages after a delete that was done")


def apply_then(cloud):
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


def nth_and_times(cloud):
    url = cloud.queue()
    error = {"error": {"status": 400, "code": "Chosen"}}
    for match, times, wanted in [({"nth": "2"}, None, [2]), ({"nth": "2..4"}, None, [2, 3, 4]),
                                 ({"nth": "1,4"}, None, [1, 4]), ({}, 3, [1, 2, 3]), ({"nth": "2..6"}, 2, [2, 3])]:
        with cloud.fault("sqs.GetQueueAttributes", error, len(wanted), times, **match):
            expect(hits(cloud, url, 7), wanted, f"calls hit with {match}, times {times}")


def probability_and_seed(cloud):
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


CHECKS = [
    error_s3, error_sqs, error_is_retried, latency, latency_in_cloud_time, reset_before, reset_headers, truncate, stall,
    slow_body, corrupt, duplicate, drop, apply_then, nth_and_times, probability_and_seed,
]


if __name__ == "__main__":
    run("fault", CHECKS)
