"""Measures `lab serve`, and moto's server beside it: `fakecloud_bench.py [--json] [--seconds S] [PART…]`.

The parts are raw, boto3, backlog, wrk, start and memory; all of them without one. `raw` is one keep-alive connection of
a plain socket, because Python's http.client takes longer for an answer than the server; the servers do not look at the
signatures of its requests.
`boto3` signs each request, and our server verifies it. Each rate is the median of three rounds of S seconds (2) each.
Moto runs when `moto_server` is beside this Python. Prints a table, or with --json a document.
"""

import argparse
import http.client
import json
import os
import pathlib
import platform
import shutil
import socket
import statistics
import subprocess
import sys
import time
import uuid

import boto3
from botocore.config import Config

from lab_server import LabServer, clean_environment, wait_for

HERE = pathlib.Path(__file__).parent
BODY = "m" * 200
OBJECT = bytes(range(256)) * 256
BACKLOG = 100_000
STARTS = 20
ROUNDS = 3
AUTHORIZATION = ("AWS4-HMAC-SHA256 Credential=headrace/20260101/us-east-1/{}/aws4_request, "
                 "SignedHeaders=host;x-amz-date, Signature=0")


class Moto:
    """One `moto_server` on a free port, with the interface of LabServer as far as it is needed here."""

    path = pathlib.Path(sys.executable).with_name("moto_server")

    def __enter__(self):
        return self.start()

    def __exit__(self, *_):
        self.stop()

    def start(self):
        with socket.create_server(("127.0.0.1", 0)) as probe:
            self.host, self.port = probe.getsockname()
        self.endpoint = f"http://{self.host}:{self.port}"
        self.process = subprocess.Popen(
            [str(self.path), "-H", self.host, "-p", str(self.port)], stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL, env=clean_environment())
        wait_for(lambda: answers(self.host, self.port), "an answer of moto", 30)
        return self

    def stop(self):
        self.process.kill()
        self.process.wait()

    memory = LabServer.memory

    def client(self, service):
        return boto3.client(
            service, endpoint_url=self.endpoint, region_name="us-east-1", aws_access_key_id="headrace",
            aws_secret_access_key="secret", config=Config(s3={"addressing_style": "path"}))


def answers(host, port):
    """Whether a server answers a request, whatever it says."""
    connection = http.client.HTTPConnection(host, port, timeout=5)
    try:
        connection.request("GET", "/")
        connection.getresponse().read()
        return True
    except OSError:
        return False
    finally:
        connection.close()


class Raw:
    """One keep-alive connection with requests of SQS and S3."""

    def __init__(self, server):
        self.address = (server.host, server.port)
        self.socket = None
        made = json.loads(self.sqs("CreateQueue", json.dumps({"QueueName": "bench-" + uuid.uuid4().hex[:8]})))
        self.queue_url = made["QueueUrl"]
        self.bucket = "/bench-" + uuid.uuid4().hex[:8]
        self.s3("PUT", self.bucket)
        self.sending = json.dumps({"QueueUrl": self.queue_url, "MessageBody": BODY})
        self.receiving = json.dumps({"QueueUrl": self.queue_url, "MaxNumberOfMessages": 1})
        self.batch = json.dumps({"QueueUrl": self.queue_url, "Entries": [
            {"Id": str(number), "MessageBody": BODY} for number in range(10)]})

    def exchange(self, method, path, body, headers):
        if self.socket is None:
            self.socket = socket.create_connection(self.address, timeout=60)
            self.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        data = body.encode() if isinstance(body, str) else body
        lines = [f"{method} {path} HTTP/1.1", "Host: {}:{}".format(*self.address), f"Content-Length: {len(data)}",
                 *(f"{name}: {value}" for name, value in headers.items())]
        self.socket.sendall("\r\n".join([*lines, "", ""]).encode() + data)
        head, data = self.answer()
        if not head.startswith((b"http/1.1 200", b"http/1.0 200")):
            raise AssertionError(f"{method} {path}: {head.decode()}: {data[:500]}")
        if head.startswith(b"http/1.0") or b"\r\nconnection: close" in head:
            self.socket.close()
            self.socket = None
        return data

    def answer(self):
        """The head in lower case, and the body, whose length the head says."""
        received = b""
        while (end := received.find(b"\r\n\r\n")) < 0:
            received += self.receive()
        head = received[:end].lower()
        length = int(head.partition(b"\r\ncontent-length:")[2].partition(b"\r\n")[0])
        pieces, left = [received[end + 4:]], length - (len(received) - end - 4)
        while left > 0:
            pieces.append(self.receive())
            left -= len(pieces[-1])
        return head, b"".join(pieces)

    def receive(self):
        data = self.socket.recv(1 << 18)
        if not data:
            raise AssertionError("the server ended the connection")
        return data

    def sqs(self, action, document):
        return self.exchange("POST", "/", document, {
            "Content-Type": "application/x-amz-json-1.0", "X-Amz-Target": "AmazonSQS." + action,
            "X-Amz-Date": "20260101T000000Z", "Authorization": AUTHORIZATION.format("sqs")})

    def s3(self, method, path, body=b""):
        return self.exchange(method, path, body, {
            "X-Amz-Content-SHA256": "UNSIGNED-PAYLOAD", "X-Amz-Date": "20260101T000000Z",
            "Authorization": AUTHORIZATION.format("s3")})

    def send(self):
        self.sqs("SendMessage", self.sending)

    def send_batch(self):
        self.sqs("SendMessageBatch", self.batch)

    def receive_and_delete(self):
        handle = json.loads(self.sqs("ReceiveMessage", self.receiving))["Messages"][0]["ReceiptHandle"]
        self.sqs("DeleteMessage", json.dumps({"QueueUrl": self.queue_url, "ReceiptHandle": handle}))

    def put(self):
        self.s3("PUT", self.bucket + "/object", OBJECT)

    def get(self):
        if len(self.s3("GET", self.bucket + "/object")) != len(OBJECT):
            raise AssertionError("the object is not as long as it was")


class Boto:
    """The same by boto3."""

    def __init__(self, server):
        self.sqs, self.s3 = server.client("sqs"), server.client("s3")
        self.queue_url = self.sqs.create_queue(QueueName="bench-" + uuid.uuid4().hex[:8])["QueueUrl"]
        self.bucket = "bench-" + uuid.uuid4().hex[:8]
        self.s3.create_bucket(Bucket=self.bucket)
        self.entries = [{"Id": str(number), "MessageBody": BODY} for number in range(10)]

    def send(self):
        self.sqs.send_message(QueueUrl=self.queue_url, MessageBody=BODY)

    def send_batch(self):
        self.sqs.send_message_batch(QueueUrl=self.queue_url, Entries=self.entries)

    def receive_and_delete(self):
        message = self.sqs.receive_message(QueueUrl=self.queue_url)["Messages"][0]
        self.sqs.delete_message(QueueUrl=self.queue_url, ReceiptHandle=message["ReceiptHandle"])

    def put(self):
        self.s3.put_object(Bucket=self.bucket, Key="object", Body=OBJECT)

    def get(self):
        self.s3.get_object(Bucket=self.bucket, Key="object")["Body"].read()


def rate(call, seconds, prepare=None):
    """How often a call is done in a second: the median of the rounds. Only the calls count, not what prepares 100."""
    rates = []
    for _ in range(ROUNDS):
        done, spent = 0, 0.0
        while spent < seconds:
            if prepare:
                prepare()
            started = time.perf_counter()
            for _ in range(100):
                call()
            spent += time.perf_counter() - started
            done += 100
        rates.append(done / spent)
    return statistics.median(rates)


def rates(client, seconds, with_objects=True):
    """The four rates of a client; every message that is received was sent just before."""
    def send_hundred():
        for _ in range(10):
            client.send_batch()

    found = {"receive+delete pairs/s": rate(client.receive_and_delete, seconds, send_hundred),
             "sends/s": rate(client.send, seconds)}
    if with_objects:
        found["64 KiB PUT/s"] = rate(client.put, seconds)
        found["64 KiB GET/s"] = rate(client.get, seconds)
    return found


def part_raw(start, seconds):
    with start() as server:
        return rates(Raw(server), seconds)


def part_boto3(start, seconds):
    with start("verify") as server:
        return rates(Boto(server), seconds)


def part_backlog(start, seconds):
    """The rates while 100,000 messages wait."""
    with start() as server:
        client = Raw(server)
        for _ in range(BACKLOG // 10):
            client.send_batch()
        return rates(client, seconds, with_objects=False)


def part_wrk(start, seconds):
    """64 connections at a time."""
    if not shutil.which("wrk"):
        return {"wrk": "is not installed; `apt-get install wrk` brings it"}
    with start() as server:
        client = Raw(server)
        done = subprocess.run(
            ["wrk", "-t", "1", "-c", "64", "-d", f"{max(1, int(seconds * ROUNDS))}s", "--timeout", "20s", "-s",
             str(HERE / "wrk_send.lua"), server.endpoint + "/"], capture_output=True, text=True, check=True,
            env={**os.environ, "QUEUE_URL": client.queue_url, "AUTHORIZATION": AUTHORIZATION.format("sqs")})
        line = next(line for line in done.stdout.splitlines() if line.startswith("JSON "))
        found = json.loads(line.removeprefix("JSON "))
        return {"sends/s": found["requests_per_second"], "p50 ms": found["p50_ms"], "p99 ms": found["p99_ms"],
                "failed": found["failed"]}


def part_start(start, _):
    """From the start of the process to the end of its first answer."""
    times = []
    for _ in range(STARTS):
        began = time.perf_counter()
        with start() as server:
            wait_for(lambda: answers(server.host, server.port), "an answer")
            times.append((time.perf_counter() - began) * 1_000)
    return {"min ms": min(times), "median ms": statistics.median(times), "max ms": max(times)}


def part_memory(start, _):
    """Resident MiB."""
    with start() as server:
        answers(server.host, server.port)
        found = {"idle MiB": server.memory()}
        client = Raw(server)
        for _ in range(BACKLOG // 10):
            client.send_batch()
        found["with 100,000 messages MiB"] = server.memory()
        client.sqs("PurgeQueue", json.dumps({"QueueUrl": client.queue_url}))
        client.send()
        # What a purge frees goes back to the system in the background.
        time.sleep(3)
        found["3 s after their purge MiB"] = server.memory()
        return found


PARTS = {"raw": part_raw, "boto3": part_boto3, "backlog": part_backlog, "wrk": part_wrk, "start": part_start,
         "memory": part_memory}
# Moto's time per call grows with the messages that wait: a hundred thousand of them take it minutes.
NOT_FOR_MOTO = {"backlog", "memory"}


def start_lab(auth="accept"):
    return LabServer("--auth", auth)


def start_moto(_=None):
    return Moto()


def table(found):
    """The figures, one row for each."""
    rows = [("part", "figure", *found)]
    names = [(part, name) for part in PARTS for name in dict.fromkeys(
        name for server in found.values() for name in server.get(part, {}))]
    for part, name in names:
        values = [server.get(part, {}).get(name, "-") for server in found.values()]
        rows.append((part, name, *(f"{value:,.1f}" if isinstance(value, (int, float)) else value for value in values)))
    widths = [max(len(row[place]) for row in rows) for place in range(len(rows[0]))]
    return "\n".join(
        "  ".join(cell.ljust(width) if place < 2 else cell.rjust(width)
                  for place, (cell, width) in enumerate(zip(row, widths))).rstrip() for row in rows)


def main():
    parser = argparse.ArgumentParser(description="Measures the embedded S3 and SQS, and moto's beside it.")
    parser.add_argument("parts", nargs="*", metavar="PART", help=f"of {', '.join(PARTS)}; all without one")
    parser.add_argument("--seconds", type=float, default=2, help="how long each of the three rounds of a rate takes")
    parser.add_argument("--json", action="store_true", help="write a document instead of a table")
    parser.add_argument("--no-moto", action="store_true", help="measure our server alone")
    options = parser.parse_args()
    unknown = [part for part in options.parts if part not in PARTS]
    if unknown:
        parser.error(f"there is no part {', '.join(unknown)}; the parts are {', '.join(PARTS)}")
    servers = {"headrace": start_lab}
    if Moto.path.exists() and not options.no_moto:
        servers["moto"] = start_moto
    found = {name: {} for name in servers}
    for part in options.parts or PARTS:
        for name, start in servers.items():
            if name == "headrace" or part not in NOT_FOR_MOTO:
                found[name][part] = PARTS[part](start, options.seconds)
                print(f"{part} of {name} measured", file=sys.stderr, flush=True)
    if options.json:
        machine = {"cpus": os.cpu_count(), "system": platform.platform(), "python": platform.python_version()}
        print(json.dumps({"machine": machine, "seconds": options.seconds, "figures": found}, indent=2))
    else:
        print(table(found))


if __name__ == "__main__":
    main()
