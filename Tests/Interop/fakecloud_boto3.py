"""Drives a running fake cloud with boto3 and checks what it answers.

Usage: python3 Tests/Interop/fakecloud_boto3.py http://127.0.0.1:4566 [ACCESS_KEY SECRET]

Needs boto3 (1.36 or later) from PyPI. Prints one line per check and exits 1 at the first failure.
"""

import base64
import hashlib
import json
import sys
import time
import urllib.request
import uuid
import zlib

import boto3
from botocore.config import Config
from botocore.exceptions import ClientError

ENDPOINT = sys.argv[1]
KEY = sys.argv[2] if len(sys.argv) > 2 else "headrace"
SECRET = sys.argv[3] if len(sys.argv) > 3 else "headrace-local-secret"
RUN = uuid.uuid4().hex[:8]


def client(service, secret=SECRET, key=KEY, **config):
    return boto3.client(
        service, endpoint_url=ENDPOINT, region_name="us-east-1", aws_access_key_id=key, aws_secret_access_key=secret,
        config=Config(retries={"max_attempts": 1}, **config))


def refused(call, *codes):
    try:
        call()
    except ClientError as error:
        code = error.response["Error"]["Code"]
        assert code in codes, f"expected {codes}, got {code}: {error}"
        return error
    raise AssertionError(f"expected a refusal with {codes}")


def objects():
    s3 = client("s3", s3={"addressing_style": "path"}, signature_version="s3v4")
    bucket = f"interop-{RUN}"
    s3.create_bucket(Bucket=bucket)
    s3.create_bucket(Bucket=bucket)
    s3.head_bucket(Bucket=bucket)
    assert bucket in [b["Name"] for b in s3.list_buckets()["Buckets"]]
    assert s3.get_bucket_location(Bucket=bucket)["LocationConstraint"] is None
    refused(lambda: s3.head_bucket(Bucket="missing-" + RUN), "404")

    body = bytes(range(256)) * 5000
    put = s3.put_object(Bucket=bucket, Key="a b/c+d=é.bin", Body=body, ContentType="text/x", Metadata={"who": "me"})
    assert put["ETag"] == '"%s"' % hashlib.md5(body).hexdigest()
    assert put["ServerSideEncryption"] == "AES256" and "ChecksumCRC32" in put
    got = s3.get_object(Bucket=bucket, Key="a b/c+d=é.bin")
    assert got["Body"].read() == body and got["ContentType"] == "text/x" and got["Metadata"] == {"who": "me"}
    part = s3.get_object(Bucket=bucket, Key="a b/c+d=é.bin", Range="bytes=1000-1999")
    assert part["Body"].read() == body[1000:2000] and part["ContentRange"] == f"bytes 1000-1999/{len(body)}"
    tail = s3.get_object(Bucket=bucket, Key="a b/c+d=é.bin", Range="bytes=-10")
    assert tail["Body"].read() == body[-10:]
    refused(lambda: s3.get_object(Bucket=bucket, Key="a b/c+d=é.bin", Range=f"bytes={len(body)}-"), "InvalidRange")
    refused(lambda: s3.get_object(Bucket=bucket, Key="nothing"), "NoSuchKey")
    refused(lambda: s3.head_object(Bucket=bucket, Key="nothing"), "404")
    refused(lambda: s3.get_object(Bucket=bucket, Key="a b/c+d=é.bin", IfMatch='"x"'), "PreconditionFailed")
    refused(lambda: s3.get_object(Bucket=bucket, Key="a b/c+d=é.bin", IfNoneMatch=put["ETag"]), "304")
    refused(lambda: s3.put_object(Bucket=bucket, Key="a b/c+d=é.bin", Body=b"", IfNoneMatch="*"), "PreconditionFailed")
    refused(
        lambda: s3.put_object(Bucket=bucket, Key="bad", Body=b"x", ContentMD5="AAAAAAAAAAAAAAAAAAAAAA=="), "BadDigest")
    refused(lambda: s3.put_object(Bucket=bucket, Key="bad", Body=b"x", ChecksumCRC32="AAAAAA=="), "BadDigest")
    for algorithm in ["CRC32", "SHA1", "SHA256"]:
        s3.put_object(Bucket=bucket, Key="sum/" + algorithm, Body=b"hello", ChecksumAlgorithm=algorithm)
        head = s3.head_object(Bucket=bucket, Key="sum/" + algorithm, ChecksumMode="ENABLED")
        assert head["Checksum" + algorithm] and head["ChecksumType"] == "FULL_OBJECT"
    s3.put_object(Bucket=bucket, Key="empty", Body=b"")
    assert s3.get_object(Bucket=bucket, Key="empty")["Body"].read() == b""
    print("ok objects: put, get, range, conditions, checksums")

    for name in ["x/1", "x/2", "x/y/3", "z", "é", "\U0001F600"]:
        s3.put_object(Bucket=bucket, Key="list/" + name, Body=name.encode())
    page = s3.list_objects_v2(Bucket=bucket, Prefix="list/", Delimiter="/")
    assert [c["Prefix"] for c in page["CommonPrefixes"]] == ["list/x/"]
    assert [o["Key"] for o in page["Contents"]] == ["list/z", "list/é", "list/\U0001F600"]
    pages = s3.get_paginator("list_objects_v2").paginate(Bucket=bucket, Prefix="list/", PaginationConfig={"PageSize": 2})
    keys = [o["Key"] for p in pages for o in p["Contents"]]
    assert keys == sorted(keys, key=lambda k: k.encode()) and len(keys) == 6, keys
    assert s3.list_objects_v2(Bucket=bucket, MaxKeys=0)["KeyCount"] == 0
    print("ok listing: prefix, delimiter, paging, byte order")

    s3.copy_object(Bucket=bucket, Key="copy", CopySource={"Bucket": bucket, "Key": "a b/c+d=é.bin"})
    copied = s3.get_object(Bucket=bucket, Key="copy")
    assert copied["Body"].read() == body and copied["Metadata"] == {"who": "me"}
    refused(lambda: s3.copy_object(Bucket=bucket, Key="copy", CopySource={"Bucket": bucket, "Key": "copy"}),
            "InvalidRequest")
    s3.copy_object(Bucket=bucket, Key="copy", CopySource=f"{bucket}/copy", MetadataDirective="REPLACE",
                   Metadata={"n": "1"})
    assert s3.head_object(Bucket=bucket, Key="copy")["Metadata"] == {"n": "1"}
    print("ok copy")

    upload = s3.create_multipart_upload(Bucket=bucket, Key="big")["UploadId"]
    chunks = [b"a" * (5 << 20), b"b" * (5 << 20), b"end"]
    parts = []
    for number, chunk in enumerate(chunks, 1):
        answer = s3.upload_part(Bucket=bucket, Key="big", UploadId=upload, PartNumber=number, Body=chunk)
        parts.append({"PartNumber": number, "ETag": answer["ETag"], "ChecksumCRC32": answer["ChecksumCRC32"]})
    assert len(s3.list_parts(Bucket=bucket, Key="big", UploadId=upload)["Parts"]) == 3
    refused(lambda: s3.complete_multipart_upload(
        Bucket=bucket, Key="big", UploadId=upload, MultipartUpload={"Parts": parts[::-1]}), "InvalidPartOrder")
    wrong = [{**parts[0], "ETag": '"0"'}] + parts[1:]
    refused(lambda: s3.complete_multipart_upload(
        Bucket=bucket, Key="big", UploadId=upload, MultipartUpload={"Parts": wrong}), "InvalidPart")
    done = s3.complete_multipart_upload(Bucket=bucket, Key="big", UploadId=upload, MultipartUpload={"Parts": parts})
    md5s = b"".join(hashlib.md5(c).digest() for c in chunks)
    assert done["ETag"] == '"%s-3"' % hashlib.md5(md5s).hexdigest()
    assert s3.get_object(Bucket=bucket, Key="big")["Body"].read() == b"".join(chunks)
    middle = s3.get_object(Bucket=bucket, Key="big", Range=f"bytes={(5 << 20) - 2}-{(5 << 20) + 1}")
    assert middle["Body"].read() == b"aabb"
    second = s3.get_object(Bucket=bucket, Key="big", PartNumber=2)
    assert second["Body"].read() == chunks[1] and second["PartsCount"] == 3
    full = s3.create_multipart_upload(Bucket=bucket, Key="full", ChecksumAlgorithm="CRC32", ChecksumType="FULL_OBJECT")
    full_parts = []
    for number, chunk in enumerate(chunks, 1):
        answer = s3.upload_part(
            Bucket=bucket, Key="full", UploadId=full["UploadId"], PartNumber=number, Body=chunk,
            ChecksumAlgorithm="CRC32")
        full_parts.append({"PartNumber": number, "ETag": answer["ETag"], "ChecksumCRC32": answer["ChecksumCRC32"]})
    s3.complete_multipart_upload(
        Bucket=bucket, Key="full", UploadId=full["UploadId"], MultipartUpload={"Parts": full_parts},
        ChecksumType="FULL_OBJECT")
    expected = base64.b64encode(zlib.crc32(b"".join(chunks)).to_bytes(4, "big")).decode()
    assert s3.head_object(Bucket=bucket, Key="full", ChecksumMode="ENABLED")["ChecksumCRC32"] == expected
    again = s3.create_multipart_upload(Bucket=bucket, Key="again")["UploadId"]
    piece = s3.upload_part_copy(
        Bucket=bucket, Key="again", UploadId=again, PartNumber=1, CopySource={"Bucket": bucket, "Key": "big"},
        CopySourceRange=f"bytes={(5 << 20) - 1}-{10 << 20}")["CopyPartResult"]
    s3.complete_multipart_upload(
        Bucket=bucket, Key="again", UploadId=again,
        MultipartUpload={"Parts": [{"PartNumber": 1, "ETag": piece["ETag"]}]})
    assert s3.get_object(Bucket=bucket, Key="again")["Body"].read() == b"a" + chunks[1] + b"e"
    small = s3.create_multipart_upload(Bucket=bucket, Key="small")["UploadId"]
    tiny = [s3.upload_part(Bucket=bucket, Key="small", UploadId=small, PartNumber=n, Body=b"x") for n in (1, 2)]
    refused(lambda: s3.complete_multipart_upload(
        Bucket=bucket, Key="small", UploadId=small,
        MultipartUpload={"Parts": [{"PartNumber": n, "ETag": t["ETag"]} for n, t in enumerate(tiny, 1)]}),
        "EntityTooSmall")
    s3.abort_multipart_upload(Bucket=bucket, Key="small", UploadId=small)
    refused(lambda: s3.list_parts(Bucket=bucket, Key="small", UploadId=small), "NoSuchUpload")
    print("ok multipart: parts, order, size, checksums, ranges")

    url = s3.generate_presigned_url("get_object", Params={"Bucket": bucket, "Key": "list/z"}, ExpiresIn=60)
    assert urllib.request.urlopen(url).read() == b"z"
    put_url = s3.generate_presigned_url("put_object", Params={"Bucket": bucket, "Key": "presigned"}, ExpiresIn=60)
    urllib.request.urlopen(urllib.request.Request(put_url, data=b"signed", method="PUT")).read()
    assert s3.get_object(Bucket=bucket, Key="presigned")["Body"].read() == b"signed"
    print("ok presigned")

    refused(lambda: s3.put_bucket_acl(Bucket=bucket, ACL="public-read"), "NotImplemented")
    refused(lambda: s3.delete_bucket(Bucket=bucket), "BucketNotEmpty")
    s3.delete_object(Bucket=bucket, Key="empty")
    s3.delete_object(Bucket=bucket, Key="empty")
    keys = [o["Key"] for p in s3.get_paginator("list_objects_v2").paginate(Bucket=bucket) for o in p["Contents"]]
    deleted = s3.delete_objects(Bucket=bucket, Delete={"Objects": [{"Key": k} for k in keys]})
    assert len(deleted["Deleted"]) == len(keys) and "Errors" not in deleted
    s3.delete_bucket(Bucket=bucket)
    print("ok delete")

    refused(lambda: client("s3", secret="wrong").list_buckets(), "SignatureDoesNotMatch")
    refused(lambda: client("s3", secret="wrong").put_object(Bucket=bucket, Key="k", Body=b"x" * 100000),
            "SignatureDoesNotMatch")
    refused(lambda: client("s3", key="nobody").list_buckets(), "InvalidAccessKeyId")
    print("ok refusals of S3 signatures")


def messages():
    sqs = client("sqs")
    dlq = sqs.create_queue(QueueName=f"jobs-dlq-{RUN}")["QueueUrl"]
    arn = sqs.get_queue_attributes(QueueUrl=dlq, AttributeNames=["QueueArn"])["Attributes"]["QueueArn"]
    policy = json.dumps({"deadLetterTargetArn": arn, "maxReceiveCount": "2"})
    attributes = {"VisibilityTimeout": "30", "RedrivePolicy": policy}
    queue = sqs.create_queue(QueueName=f"jobs-{RUN}", Attributes=attributes)["QueueUrl"]
    assert sqs.create_queue(QueueName=f"jobs-{RUN}", Attributes=attributes)["QueueUrl"] == queue
    assert sqs.get_queue_url(QueueName=f"jobs-{RUN}")["QueueUrl"] == queue
    refused(lambda: sqs.create_queue(QueueName=f"jobs-{RUN}", Attributes={"VisibilityTimeout": "31"}),
            "QueueAlreadyExists")
    refused(lambda: sqs.get_queue_url(QueueName="missing"), "AWS.SimpleQueueService.NonExistentQueue")
    assert queue in sqs.list_queues(QueueNamePrefix="jobs-")["QueueUrls"]
    sqs.set_queue_attributes(QueueUrl=queue, Attributes={"DelaySeconds": "0", "VisibilityTimeout": "60"})
    shown = sqs.get_queue_attributes(QueueUrl=queue, AttributeNames=["All"])["Attributes"]
    assert shown["VisibilityTimeout"] == "60" and json.loads(shown["RedrivePolicy"])["maxReceiveCount"] == 2, shown
    print("ok queues: create, find, list, attributes")

    typed = {"who": {"DataType": "String", "StringValue": "é"}, "n": {"DataType": "Number", "StringValue": "7"},
             "raw": {"DataType": "Binary.png", "BinaryValue": b"\0\1"}}
    sent = sqs.send_message(QueueUrl=queue, MessageBody='{"x": "é <&>"}', MessageAttributes=typed)
    got = sqs.receive_message(
        QueueUrl=queue, MessageAttributeNames=["All"], MessageSystemAttributeNames=["All"])["Messages"][0]
    assert got["MessageId"] == sent["MessageId"] and got["Body"] == '{"x": "é <&>"}'
    assert got["MD5OfMessageAttributes"] == sent["MD5OfMessageAttributes"]
    assert got["MessageAttributes"]["raw"]["BinaryValue"] == b"\0\1"
    assert got["Attributes"]["ApproximateReceiveCount"] == "1"
    assert "Messages" not in sqs.receive_message(QueueUrl=queue)
    sqs.change_message_visibility(QueueUrl=queue, ReceiptHandle=got["ReceiptHandle"], VisibilityTimeout=0)
    again = sqs.receive_message(QueueUrl=queue, AttributeNames=["ApproximateReceiveCount"])["Messages"][0]
    assert again["Attributes"] == {"ApproximateReceiveCount": "2"}
    refused(lambda: sqs.change_message_visibility(
        QueueUrl=queue, ReceiptHandle=again["ReceiptHandle"], VisibilityTimeout=43201), "InvalidParameterValue")
    sqs.change_message_visibility(QueueUrl=queue, ReceiptHandle=again["ReceiptHandle"], VisibilityTimeout=0)
    refused(lambda: sqs.change_message_visibility(
        QueueUrl=queue, ReceiptHandle=again["ReceiptHandle"], VisibilityTimeout=5),
        "AWS.SimpleQueueService.MessageNotInflight")
    assert "Messages" not in sqs.receive_message(QueueUrl=queue)
    dead = sqs.receive_message(QueueUrl=dlq, MessageSystemAttributeNames=["All"], MessageAttributeNames=["All"])
    dead = dead["Messages"][0]
    assert dead["MessageId"] == sent["MessageId"] and dead["Body"] == '{"x": "é <&>"}'
    assert dead["Attributes"]["DeadLetterQueueSourceArn"].endswith(f":jobs-{RUN}")
    assert dead["Attributes"]["SentTimestamp"] == got["Attributes"]["SentTimestamp"]
    assert set(dead["MessageAttributes"]) == {"who", "n", "raw"}
    sqs.delete_message(QueueUrl=dlq, ReceiptHandle=dead["ReceiptHandle"])
    sqs.delete_message(QueueUrl=dlq, ReceiptHandle=dead["ReceiptHandle"])
    refused(lambda: sqs.delete_message(QueueUrl=dlq, ReceiptHandle="rubbish"), "ReceiptHandleIsInvalid")
    print("ok messages: attributes, visibility, dead-lettering, delete")

    entries = [{"Id": str(n), "MessageBody": f"m{n}"} for n in range(9)] + [{"Id": "bad", "MessageBody": "a\x02b"}]
    batch = sqs.send_message_batch(QueueUrl=queue, Entries=entries)
    assert len(batch["Successful"]) == 9 and batch["Failed"][0]["Code"] == "InvalidMessageContents"
    refused(lambda: sqs.send_message_batch(QueueUrl=queue, Entries=entries[:1] * 2),
            "AWS.SimpleQueueService.BatchEntryIdsNotDistinct")
    received = sqs.receive_message(QueueUrl=queue, MaxNumberOfMessages=10, WaitTimeSeconds=5)["Messages"]
    assert sorted(m["Body"] for m in received) == [f"m{n}" for n in range(9)]
    handles = [{"Id": str(i), "ReceiptHandle": m["ReceiptHandle"]} for i, m in enumerate(received)]
    changed = sqs.change_message_visibility_batch(
        QueueUrl=queue, Entries=[{**h, "VisibilityTimeout": 100} for h in handles])
    assert len(changed["Successful"]) == 9
    assert len(sqs.delete_message_batch(QueueUrl=queue, Entries=handles)["Successful"]) == 9
    print("ok batches")

    begin = time.monotonic()
    sqs.send_message(QueueUrl=queue, MessageBody="later", DelaySeconds=1)
    late = sqs.receive_message(QueueUrl=queue, WaitTimeSeconds=10)["Messages"]
    waited = time.monotonic() - begin
    assert late[0]["Body"] == "later" and 0.9 < waited < 2.5, waited
    begin = time.monotonic()
    assert "Messages" not in sqs.receive_message(QueueUrl=queue, WaitTimeSeconds=1)
    assert 0.9 < time.monotonic() - begin < 2.5
    sqs.purge_queue(QueueUrl=queue)
    refused(lambda: sqs.purge_queue(QueueUrl=queue), "AWS.SimpleQueueService.PurgeQueueInProgress")
    for url in (queue, dlq):
        sqs.delete_queue(QueueUrl=url)
    refused(lambda: sqs.send_message(QueueUrl=queue, MessageBody="x"), "AWS.SimpleQueueService.NonExistentQueue")
    print("ok long polls, delays, purge, delete")

    refused(lambda: client("sqs", secret="wrong").list_queues(), "SignatureDoesNotMatch")
    refused(lambda: client("sqs", key="nobody").list_queues(), "InvalidClientTokenId")
    print("ok refusals of SQS signatures")


objects()
messages()
print("all checks passed")
