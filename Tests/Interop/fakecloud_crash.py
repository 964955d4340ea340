"""Kills a server with a data directory under load, again and again: `fakecloud_crash.py [ROUNDS] [SEED]`.

Threads send, receive and delete messages, and put, upload in parts and delete objects; after `kill -9` and a new start
nothing that was acknowledged may be missing, nothing torn, and nothing that was deleted may be back. What was under
way when the server died may have happened or not, but nothing else. Prints the totals; exit code 1 after a finding.
"""

import collections
import hashlib
import random
import sys
import tempfile
import threading
import time

from botocore.config import Config
from botocore.exceptions import BotoCoreError, ClientError

from lab_server import LabServer, wait_for

PART_BYTES = 5 << 20
KEYS_PER_WORKER = 12
LOST = (BotoCoreError, OSError)


def digest(data):
    return hashlib.sha256(data).hexdigest()


class Findings(list):
    """What was wrong, said once with all there is to know."""

    def check(self, condition, text):
        if not condition:
            self.append(text)
            print("FAILED  " + text, flush=True)


class Messages:
    """What one worker knows of the messages of its own: body by body."""

    def __init__(self, name, queue, group, seed):
        self.name, self.queue, self.group = name, queue, group
        self.random = random.Random(seed)
        self.sent = 0
        self.deleted = 0
        self.last = 0
        self.disorder = []
        self.present = set()
        self.unsure = set()
        self.gone = set()

    @property
    def acknowledged(self):
        return len(self.present) + self.deleted

    def body(self):
        self.sent += 1
        filling = self.random.randbytes(self.random.randrange(4, 2_000)).hex()
        text = f"{self.name}/{self.sent}/{filling}"
        return f"{text}/{digest(text.encode())}"

    def work(self, sqs, stopped):
        """Sends, receives and deletes until the server is gone."""
        while not stopped.is_set():
            try:
                if self.random.random() < 0.6:
                    self.send(sqs)
                else:
                    self.receive(sqs)
            except LOST:
                return

    def send(self, sqs):
        bodies = [self.body() for _ in range(self.random.choice([1, 1, 10]))]
        more = {"MessageGroupId": self.group} if self.group else {}
        self.unsure.update(bodies)
        if len(bodies) == 1:
            sqs.send_message(QueueUrl=self.queue, MessageBody=bodies[0], **more)
        else:
            sqs.send_message_batch(QueueUrl=self.queue, Entries=[
                {"Id": str(place), "MessageBody": body, **more} for place, body in enumerate(bodies)])
        self.unsure.difference_update(bodies)
        self.present.update(bodies)

    def receive(self, sqs):
        for message in sqs.receive_message(QueueUrl=self.queue, MaxNumberOfMessages=10).get("Messages", []):
            body = message["Body"]
            place = int(body.split("/")[1])
            if self.group and place < self.last:
                self.disorder.append(f"{place} after {self.last}")
            self.last = place
            self.present.discard(body)
            self.unsure.add(body)
            try:
                sqs.delete_message(QueueUrl=self.queue, ReceiptHandle=message["ReceiptHandle"])
            except ClientError as error:
                if "The receipt handle has expired" not in str(error):
                    raise
                return  # A machine so slow that the message is visible again: it comes back, with those after it.
            self.unsure.discard(body)
            self.gone.add(body)
            self.deleted += 1

    def verify(self, server, findings):
        """Holds what is there against what is known; what was unsure is known then."""
        name = self.queue.rsplit("/", 1)[-1]
        shown = server.door("GET", f"/_lab/queues/{name}/messages?limit=10000")
        found = collections.Counter(message["body"] for message in shown["messages"])
        findings.check(shown["count"] < 10_000, f"{name}: more messages than can be looked at")
        for body, count in found.items():
            text, _, checksum = body.rpartition("/")
            label = "/".join(body.split("/")[:2])
            findings.check(digest(text.encode()) == checksum, f"{name}: message {label} is torn")
            findings.check(count == 1, f"{name}: message {label} is there {count} times")
            findings.check(body not in self.gone, f"{name}: message {label} is back after its deletion")
            findings.check(body in self.present or body in self.unsure or body in self.gone,
                           f"{name}: message {label} was never sent")
        for body in self.present - found.keys():
            findings.check(False, f"{name}: message {'/'.join(body.split('/')[:2])} is lost")
        findings.check(not self.disorder, f"{name}: the order of the group is lost: {self.disorder}")
        self.present, self.unsure = set(found), set()
        return len(found)


class Objects:
    """What one worker knows of the objects of its own: digest by key, `None` for an object that is not there."""

    def __init__(self, name, bucket, seed):
        self.name, self.bucket = name, bucket
        self.random = random.Random(seed)
        self.known = {}
        self.unsure = {}
        self.upload = None
        self.puts = self.uploads = self.deletions = 0

    @property
    def acknowledged(self):
        return self.puts + self.uploads + self.deletions

    def work(self, s3, stopped):
        """Puts, uploads and deletes until the server is gone."""
        while not stopped.is_set():
            key = f"{self.name}/{self.random.randrange(KEYS_PER_WORKER)}"
            choice = self.random.random()
            try:
                if choice < 0.6:
                    self.put(s3, key)
                elif choice < 0.75:
                    self.put_in_parts(s3, key)
                else:
                    self.delete(s3, key)
            except LOST:
                return

    def settle(self, key):
        self.known[key] = self.unsure.pop(key)

    def put(self, s3, key):
        body = self.random.randbytes(self.random.choice([0, 10, 1_000, 100_000, 300_000]))
        self.unsure[key] = digest(body)
        s3.put_object(Bucket=self.bucket, Key=key, Body=body, Metadata={"sha256": digest(body)})
        self.settle(key)
        self.puts += 1

    def put_in_parts(self, s3, key):
        parts = [self.random.randbytes(PART_BYTES), self.random.randbytes(1_000)]
        whole = digest(b"".join(parts))
        made = s3.create_multipart_upload(Bucket=self.bucket, Key=key, Metadata={"sha256": whole})
        self.upload = (key, made["UploadId"], whole, [])
        for number, part in enumerate(parts, 1):
            answer = s3.upload_part(
                Bucket=self.bucket, Key=key, UploadId=made["UploadId"], PartNumber=number, Body=part)
            self.upload[3].append({"PartNumber": number, "ETag": answer["ETag"]})
        self.unsure[key] = whole
        self.complete(s3)

    def complete(self, s3):
        key, upload_id, _, parts = self.upload
        s3.complete_multipart_upload(
            Bucket=self.bucket, Key=key, UploadId=upload_id, MultipartUpload={"Parts": parts})
        self.settle(key)
        self.upload = None
        self.uploads += 1

    def delete(self, s3, key):
        self.unsure[key] = None
        s3.delete_object(Bucket=self.bucket, Key=key)
        self.settle(key)
        self.deletions += 1

    def verify(self, s3, findings):
        """Reads every object, and holds it against what is known; what was unsure is known then."""
        found = {}
        pages = s3.get_paginator("list_objects_v2").paginate(Bucket=self.bucket, Prefix=self.name + "/")
        for listed in (item for page in pages for item in page.get("Contents", [])):
            answer = s3.get_object(Bucket=self.bucket, Key=listed["Key"])
            body = answer["Body"].read()
            found[listed["Key"]] = digest(body)
            findings.check(digest(body) == answer["Metadata"].get("sha256") and len(body) == listed["Size"],
                           f"object {listed['Key']} is torn: {len(body)} bytes of {listed['Size']}")
        for key in sorted(found.keys() | self.known.keys() | self.unsure.keys()):
            allowed = {self.known.get(key)} | ({self.unsure[key]} if key in self.unsure else set())
            findings.check(found.get(key) in allowed, f"object {key}: found {found.get(key)}, expected {allowed}")
        self.finish_upload(s3, found, findings)
        self.known, self.unsure = found, {}
        return len(found)

    def finish_upload(self, s3, found, findings):
        """Goes on with an upload whose parts were all acknowledged, or sees that those that were are there."""
        if not self.upload:
            return
        key, upload_id, whole, parts = self.upload
        self.upload = None
        if found.get(key) == whole:
            return
        try:
            listed = s3.list_parts(Bucket=self.bucket, Key=key, UploadId=upload_id).get("Parts", [])
        except ClientError as error:
            return findings.check(False, f"the upload of {key} is lost: {error}")
        tags = {part["PartNumber"]: part["ETag"] for part in listed}
        for part in parts:
            findings.check(tags.get(part["PartNumber"]) == part["ETag"], f"part {part['PartNumber']} of {key} is lost")
        if len(parts) == 2:
            s3.complete_multipart_upload(
                Bucket=self.bucket, Key=key, UploadId=upload_id, MultipartUpload={"Parts": parts})
            body = s3.get_object(Bucket=self.bucket, Key=key)["Body"].read()
            findings.check(digest(body) == whole, f"object {key} is torn after its upload went on")
            found[key] = whole
        else:
            s3.abort_multipart_upload(Bucket=self.bucket, Key=key, UploadId=upload_id)


def make(folder, seed):
    """The workers, and the queues and the bucket that they own."""
    with LabServer("--data", folder) as server:
        sqs = server.client("sqs")
        settings = {"VisibilityTimeout": "2"}
        fifo = {"FifoQueue": "true", "ContentBasedDeduplication": "true", **settings}
        url = lambda name, attributes: sqs.create_queue(QueueName=name, Attributes=attributes)["QueueUrl"]
        messages = [Messages(name, url(name, settings), None, f"{seed}/{name}") for name in ("q1", "q2")]
        messages.append(Messages("q3", url("q3.fifo", fifo), "group", f"{seed}/q3"))
        server.client("s3").create_bucket(Bucket="crash")
    objects = [Objects(name, "crash", f"{seed}/{name}") for name in ("o1", "o2")]
    return messages, objects


def crash(folder, messages, objects, calls):
    """Lets all work until so many calls were acknowledged, and kills the server in the midst of the next ones."""
    server = LabServer("--data", folder).start()
    stopped = threading.Event()
    sqs, s3 = (server.client(service, Config(connect_timeout=5, read_timeout=10)) for service in ("sqs", "s3"))
    threads = [threading.Thread(target=worker.work, args=[sqs, stopped]) for worker in messages]
    threads += [threading.Thread(target=worker.work, args=[s3, stopped]) for worker in objects]
    done = lambda: sum(worker.acknowledged for worker in [*messages, *objects])
    target = done() + calls
    for thread in threads:
        thread.start()
    try:
        wait_for(lambda: done() >= target, f"{calls} calls", timeout=60)
    finally:
        server.kill()
        stopped.set()
    for thread in threads:
        thread.join(30)


def main(rounds=50, seed=None):
    seed = seed or str(random.randrange(1 << 32))
    moments = random.Random(seed)
    findings = Findings()
    started = time.monotonic()
    with tempfile.TemporaryDirectory(prefix="headrace-crash-") as folder:
        messages, objects = make(folder, seed)
        for number in range(1, rounds + 1):
            crash(folder, messages, objects, moments.randrange(1, 200))
            with LabServer("--data", folder) as server:
                # Queue URLs name the port that the server had when they were made; only their path counts.
                s3 = server.client("s3")
                left = sum(worker.verify(server, findings) for worker in messages)
                kept = sum(worker.verify(s3, findings) for worker in objects)
            if findings:
                break
        total = lambda workers, name: sum(getattr(worker, name) for worker in workers)
        print(f"{number} kills (seed {seed}): {total(messages, 'sent')} messages sent, {total(messages, 'deleted')} "
              f"deleted, {left} left; {total(objects, 'puts')} objects put, {total(objects, 'uploads')} uploaded in "
              f"parts, {total(objects, 'deletions')} deleted, {kept} left")
    failed = 1 if findings else 0
    print(f"{number - failed} passed, {failed} failed ({time.monotonic() - started:.1f} s)")
    return failed


if __name__ == "__main__":
    sys.exit(main(int(sys.argv[1]) if len(sys.argv) > 1 else 50, sys.argv[2] if len(sys.argv) > 2 else None))
