#!/usr/bin/env python3
"""Records what boto3 and the AWS CLI send, byte for byte.

Each request becomes CLIENT/NAME.head (request line and headers, CRLF) and CLIENT/NAME.body.
Run it in an environment with boto3 and awscli; it needs no network and no account:

    python3 capture.py            # writes beside this file

The credentials are the example keys of the AWS documentation.
"""
import io
import os
import pathlib
import re
import shutil
import socket
import subprocess
import sys
import threading
from urllib.parse import urlsplit

import boto3
from botocore.config import Config

HERE = pathlib.Path(__file__).resolve().parent
PORT = 19324
ENDPOINT = f"http://127.0.0.1:{PORT}"
KEY_ID = "AKIAIOSFODNN7EXAMPLE"
SECRET = "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY"
TOKEN = "AQoEXAMPLEH4aoAH0gNCAPyJxz4BlCFFxWNE1OPTgk5TthT+FvwqnKwRcOIfrRh3c/L+To6UDdyJwOOvEVPvLXCrrrUtdnniCEXAMPLE/IvU1dYUg2RVAJBanLiHb4IgRmpRV3zrkuWJOgQs8IZZaIv2BXIa2R4Olgk"
QUEUE = ENDPOINT + "/000000000000/jobs"
AWKWARD = "in/a b+c=d&e%2F~(é)'*.csv"


class Recorder:
    """A server of one connection at a time that keeps requests and gives canned answers."""

    def __init__(self):
        self.listener = socket.create_server(("127.0.0.1", PORT))
        self.name = None
        self.count = 0
        self.answers = []
        threading.Thread(target=self.serve, daemon=True).start()

    def expect(self, name, *answers):
        self.name, self.count, self.answers = name, 0, list(answers)

    def serve(self):
        while True:
            connection, _ = self.listener.accept()
            threading.Thread(target=self.talk, args=(connection,), daemon=True).start()

    def talk(self, connection):
        stream = connection.makefile("rb")
        while True:
            lines = []
            while (line := stream.readline()) not in (b"\r\n", b""):
                lines.append(line)
            if not lines:
                return connection.close()
            headers = {k.strip().lower(): v.strip() for k, v in (l.split(b":", 1) for l in lines[1:])}
            if headers.get(b"expect", b"").lower() == b"100-continue":
                connection.sendall(b"HTTP/1.1 100 Continue\r\n\r\n")
            body = self.body(stream, headers)
            answer = self.answers.pop(0) if self.answers else b"{}"
            if self.name:
                self.count += 1
                suffix = "" if self.count == 1 else f"-{self.count}"
                path = HERE / (self.name + suffix)
                path.parent.mkdir(parents=True, exist_ok=True)
                head = re.sub(rb"(?mi)^(User-Agent: \S+)[^\r]*", rb"\1", b"".join(lines))  # not signed, names the machine
                path.with_suffix(".head").write_bytes(head)
                path.with_suffix(".body").write_bytes(body)
            kind = b"application/x-amz-json-1.0" if answer.startswith(b"{") else b"application/xml"
            if lines[0].startswith(b"HEAD"):
                answer = b""
            connection.sendall(
                b"HTTP/1.1 200 OK\r\nContent-Type: " + kind + b'\r\nETag: "d41d8cd98f00b204e9800998ecf8427e"\r\n'
                b"Content-Length: " + str(len(answer)).encode() + b"\r\n\r\n" + answer)

    @staticmethod
    def body(stream, headers):
        if headers.get(b"transfer-encoding", b"").lower() == b"chunked":
            raw = b""
            while True:
                line = stream.readline()
                size = int(line.split(b";")[0], 16)
                data = stream.read(size)
                stream.readline()
                raw += data
                if size == 0:
                    return raw
        return stream.read(int(headers.get(b"content-length", b"0")))


def client(service, token=None, style="path"):
    return boto3.client(
        service, region_name="eu-central-1", endpoint_url=ENDPOINT, aws_access_key_id=KEY_ID,
        aws_secret_access_key=SECRET, aws_session_token=token,
        config=Config(retries={"max_attempts": 0, "mode": "standard"}, s3={"addressing_style": style}))


def quietly(call):
    """Makes a call whose answer does not matter: the request is recorded before the answer is read."""
    try:
        return call()
    except Exception as error:  # the canned answer lacks members that this client insists on
        print("  answer not understood:", type(error).__name__)


def record_sqs(recorder):
    sqs = client("sqs")
    attributes = {
        "reason": {"DataType": "String", "StringValue": "Grüße"},
        "size": {"DataType": "Number", "StringValue": "12.50"},
        "blob": {"DataType": "Binary.png", "BinaryValue": bytes([0, 1, 254, 255])},
    }
    system = {"AWSTraceHeader": {"DataType": "String", "StringValue": "Root=1-5759e988-bd862e3fe1be46a994272793"}}
    entries = [{"Id": str(n), "ReceiptHandle": f"handle-{n}"} for n in range(2)]
    calls = {
        "CreateQueue": lambda: sqs.create_queue(
            QueueName="jobs", Attributes={"VisibilityTimeout": "300"}, tags={"team": "mill"}),
        "GetQueueUrl": lambda: sqs.get_queue_url(QueueName="jobs"),
        "ListQueues": lambda: sqs.list_queues(QueueNamePrefix="jo", MaxResults=5),
        "DeleteQueue": lambda: sqs.delete_queue(QueueUrl=QUEUE),
        "GetQueueAttributes": lambda: sqs.get_queue_attributes(QueueUrl=QUEUE, AttributeNames=["All"]),
        "SetQueueAttributes": lambda: sqs.set_queue_attributes(QueueUrl=QUEUE, Attributes={"DelaySeconds": "5"}),
        "SendMessage": lambda: sqs.send_message(
            QueueUrl=QUEUE, MessageBody='{"a": "ü \\u0001"}\n', DelaySeconds=7, MessageAttributes=attributes,
            MessageSystemAttributes=system),
        "SendMessageBatch": lambda: sqs.send_message_batch(
            QueueUrl=QUEUE, Entries=[
                {"Id": "a", "MessageBody": "one"},
                {"Id": "b", "MessageBody": "two", "DelaySeconds": 0, "MessageAttributes": attributes}]),
        "ReceiveMessage": lambda: sqs.receive_message(
            QueueUrl=QUEUE, MaxNumberOfMessages=10, WaitTimeSeconds=20, VisibilityTimeout=300,
            MessageSystemAttributeNames=["All"], MessageAttributeNames=["All"]),
        "DeleteMessage": lambda: sqs.delete_message(QueueUrl=QUEUE, ReceiptHandle="AQEB+/=="),
        "DeleteMessageBatch": lambda: sqs.delete_message_batch(QueueUrl=QUEUE, Entries=entries),
        "ChangeMessageVisibility": lambda: sqs.change_message_visibility(
            QueueUrl=QUEUE, ReceiptHandle="AQEB+/==", VisibilityTimeout=0),
        "ChangeMessageVisibilityBatch": lambda: sqs.change_message_visibility_batch(
            QueueUrl=QUEUE, Entries=[e | {"VisibilityTimeout": 60} for e in entries]),
        "PurgeQueue": lambda: sqs.purge_queue(QueueUrl=QUEUE),
        "ListDeadLetterSourceQueues": lambda: sqs.list_dead_letter_source_queues(QueueUrl=QUEUE, MaxResults=10),
    }
    for name, call in calls.items():
        recorder.expect("boto3/sqs-" + name)
        quietly(call)
    recorder.expect("boto3/sqs-session-token")
    quietly(lambda: client("sqs", TOKEN).delete_message(QueueUrl=QUEUE, ReceiptHandle="h"))
    recorder.expect("boto3/sqs-fifo-send")
    quietly(lambda: sqs.send_message(
        QueueUrl=QUEUE + ".fifo", MessageBody="x", MessageGroupId="g1", MessageDeduplicationId="d-1"))


def record_s3(recorder):
    s3 = client("s3")
    upload = (b'<?xml version="1.0" encoding="UTF-8"?><InitiateMultipartUploadResult><Bucket>data</Bucket>'
              b"<Key>k</Key><UploadId>u-1</UploadId></InitiateMultipartUploadResult>")
    parts = {"Parts": [{"ETag": f'"{n}"', "PartNumber": n, "ChecksumCRC32": "AAAAAA=="} for n in (1, 2)]}
    calls = {
        "ListBuckets": lambda: s3.list_buckets(),
        "CreateBucket": lambda: s3.create_bucket(
            Bucket="data", CreateBucketConfiguration={"LocationConstraint": "eu-central-1"}),
        "HeadBucket": lambda: s3.head_bucket(Bucket="data"),
        "GetBucketLocation": lambda: s3.get_bucket_location(Bucket="data"),
        "PutObject": lambda: s3.put_object(Bucket="data", Key="in/a.csv", Body=b"a,b\n1,2\n", ContentType="text/csv"),
        "PutObject-awkward-key": lambda: s3.put_object(Bucket="data", Key=AWKWARD, Body=b"x", Metadata={"who": "me"}),
        "PutObject-stream": lambda: s3.put_object(Bucket="data", Key="s", Body=io.BytesIO(b"y" * 70000)),
        "GetObject": lambda: s3.get_object(Bucket="data", Key="in/a.csv"),
        "GetObject-range": lambda: s3.get_object(
            Bucket="data", Key=AWKWARD, Range="bytes=5-9", IfMatch='"abc"', VersionId="v+1/="),
        "HeadObject": lambda: s3.head_object(Bucket="data", Key="in/a.csv"),
        "DeleteObject": lambda: s3.delete_object(Bucket="data", Key="in/a.csv"),
        "DeleteObjects": lambda: s3.delete_objects(
            Bucket="data", Delete={"Quiet": True, "Objects": [{"Key": AWKWARD}, {"Key": "b", "VersionId": "v1"}]}),
        "CopyObject": lambda: s3.copy_object(
            Bucket="data", Key="copy", CopySource={"Bucket": "data", "Key": AWKWARD}),
        "ListObjectsV2": lambda: s3.list_objects_v2(
            Bucket="data", Prefix="in/ü +", Delimiter="/", MaxKeys=2, StartAfter="in/a", ContinuationToken="t+/="),
        "CreateMultipartUpload": lambda: s3.create_multipart_upload(Bucket="data", Key="big"),
        "UploadPart": lambda: s3.upload_part(Bucket="data", Key="big", PartNumber=1, UploadId="u-1", Body=b"p" * 100),
        "CompleteMultipartUpload": lambda: s3.complete_multipart_upload(
            Bucket="data", Key="big", UploadId="u-1", MultipartUpload=parts),
        "AbortMultipartUpload": lambda: s3.abort_multipart_upload(Bucket="data", Key="big", UploadId="u-1"),
    }
    for name, call in calls.items():
        recorder.expect("boto3/s3-" + name, upload if name == "CreateMultipartUpload" else b"<x/>")
        quietly(call)
    recorder.expect("boto3/s3-session-token", b"<x/>")
    quietly(lambda: client("s3", TOKEN).get_object(Bucket="data", Key="k"))
    for name, operation, token in (
            ("get", "get_object", None), ("put", "put_object", None), ("token", "get_object", TOKEN)):
        signer = boto3.client(
            "s3", region_name="eu-central-1", endpoint_url=ENDPOINT, aws_access_key_id=KEY_ID,
            aws_secret_access_key=SECRET, aws_session_token=token,
            config=Config(signature_version="s3v4", s3={"addressing_style": "path"}))
        url = urlsplit(signer.generate_presigned_url(
            operation, Params={"Bucket": "data", "Key": AWKWARD}, ExpiresIn=600))
        method = "PUT" if operation == "put_object" else "GET"
        (HERE / f"boto3/s3-presigned-{name}.head").write_bytes(
            f"{method} {url.path}?{url.query} HTTP/1.1\r\nHost: {url.netloc}\r\n".encode())
        (HERE / f"boto3/s3-presigned-{name}.body").write_bytes(b"")


def record_presigned_v2():
    """URLs as boto3 presigns them unless told otherwise: Signature Version 2."""
    parameters = {"Bucket": "data", "Key": AWKWARD}
    urls = {
        "get": ("get_object", parameters, {}),
        "put": ("put_object", parameters, {}),
        "put-typed": ("put_object", parameters | {"ContentType": "text/csv", "Metadata": {"who": "me"}}, {}),
        "response": ("get_object", parameters | {
            "VersionId": "v+1/=", "ResponseContentType": "text/plain", "ResponseContentDisposition": "a; b=c d"}, {}),
        "list": ("list_objects_v2", {"Bucket": "data", "Prefix": "in/"}, {}),
        "head": ("head_object", parameters, {}),
        "token": ("get_object", parameters, {"aws_session_token": TOKEN}),
        "virtual": ("get_object", parameters, {"style": "virtual"}),
    }
    folder = HERE / "presigned-v2"
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir()
    methods = {"get_object": "GET", "put_object": "PUT", "list_objects_v2": "GET", "head_object": "HEAD"}
    for name, (operation, arguments, options) in urls.items():
        style = options.pop("style", "path")
        endpoint = ENDPOINT.replace("127.0.0.1", "s3.localhost") if style == "virtual" else ENDPOINT
        signer = boto3.client(
            "s3", region_name="us-east-1", endpoint_url=endpoint, aws_access_key_id=KEY_ID,
            aws_secret_access_key=SECRET, config=Config(s3={"addressing_style": style}), **options)
        url = urlsplit(signer.generate_presigned_url(operation, Params=arguments, ExpiresIn=600))
        assert "AWSAccessKeyId=" in url.query, url
        (folder / f"{name}.head").write_bytes(
            f"{methods[operation]} {url.path}?{url.query} HTTP/1.1\r\nHost: {url.netloc}\r\n".encode())
        (folder / f"{name}.body").write_bytes(b"")


def record_cli(recorder):
    environment = dict(
        os.environ, AWS_ACCESS_KEY_ID=KEY_ID, AWS_SECRET_ACCESS_KEY=SECRET, AWS_DEFAULT_REGION="us-east-1",
        AWS_MAX_ATTEMPTS="1", AWS_CONFIG_FILE="/nonexistent",
        AWS_SHARED_CREDENTIALS_FILE="/nonexistent")
    aws = os.path.join(os.path.dirname(sys.executable), "aws")
    scratch = HERE / "scratch.csv"
    scratch.write_bytes(b"h1,h2\n1,2\n")
    calls = {
        "sqs-SendMessage": ["sqs", "send-message", "--queue-url", QUEUE, "--message-body", "hello",
                            "--message-attributes", "City={DataType=String,StringValue=Any City}"],
        "sqs-ReceiveMessage": ["sqs", "receive-message", "--queue-url", QUEUE, "--wait-time-seconds", "1",
                               "--attribute-names", "All"],
        "s3-cp": ["s3", "cp", str(scratch), "s3://data/in/up load.csv"],
        "s3-ls": ["s3", "ls", "s3://data/in/"],
        "s3api-DeleteObject": ["s3api", "delete-object", "--bucket", "data", "--key", "in/x.csv"],
    }
    for name, arguments in calls.items():
        recorder.expect("awscli/" + name, b"{}" if name.startswith("sqs") else b"<x/>")
        done = subprocess.run([aws, "--endpoint-url", ENDPOINT, *arguments], env=environment, capture_output=True, text=True, timeout=60)
        if done.returncode:
            print("  awscli", name, done.stderr.strip().splitlines()[-1:])
    scratch.unlink()


if __name__ == "__main__":
    for name in ("boto3", "awscli"):
        shutil.rmtree(HERE / name, ignore_errors=True)
        (HERE / name).mkdir()
    recorder = Recorder()
    record_sqs(recorder)
    record_s3(recorder)
    record_presigned_v2()
    record_cli(recorder)
