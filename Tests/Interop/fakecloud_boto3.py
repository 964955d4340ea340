"""Drives a running fake cloud with boto3 and checks what it answers.

Usage: python3 Tests/Interop/fakecloud_boto3.py http://127.0.0.1:4566 [ACCESS_KEY SECRET]

Needs boto3 (1.36 or later) from PyPI. Prints one line per check and exits 1 when one failed.
"""

import base64
import hashlib
import json
import sys
import urllib.request
import uuid
import zlib

import boto3
from botocore.config import Config
from botocore.exceptions import ClientError

from checks import Checks

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

s3 = client("s3", s3={"addressing_style": "path"}, signature_version="s3v4")
sqs = client("sqs")
bucket = f"interop-{RUN}"
body = bytes(range(256)) * 5000
chunks = [b"a" * (5 << 20), b"b" * (5 << 20), b"end"]


def buckets():
    s3.create_bucket(Bucket=bucket)
    s3.create_bucket(Bucket=bucket)
    s3.head_bucket(Bucket=bucket)
    assert bucket in [b["Name"] for b in s3.list_buckets()["Buckets"]]
    assert s3.get_bucket_location(Bucket=bucket)["LocationConstraint"] is None
    refused(lambda: s3.head_bucket(Bucket="missing-" + RUN), "404")


def objects():
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


def checksums_of_objects():
    for algorithm in ["CRC32", "SHA1", "SHA256"]:
        s3.put_object(Bucket=bucket, Key="sum/" + algorithm, Body=b"hello", ChecksumAlgorithm=algorithm)
        head = s3.head_object(Bucket=bucket, Key="sum/" + algorithm, ChecksumMode="ENABLED")
        assert head["Checksum" + algorithm] and head["ChecksumType"] == "FULL_OBJECT"
    s3.put_object(Bucket=bucket, Key="empty", Body=b"")
    assert s3.get_object(Bucket=bucket, Key="empty")["Body"].read() == b""


def listing():
    for name in ["x/1", "x/2", "x/y/3", "z", "é", "\U0001F600"]:
        s3.put_object(Bucket=bucket, Key="list/" + name, Body=name.encode())
    page = s3.list_objects_v2(Bucket=bucket, Prefix="list/", Delimiter="/")
    assert [c["Prefix"] for c in page["CommonPrefixes"]] == ["list/x/"]
    assert [o["Key"] for o in page["Contents"]] == ["list/z", "list/é", "list/\U0001F600"]
    pages = s3.get_paginator("list_objects_v2").paginate(Bucket=bucket, Prefix="list/", PaginationConfig={"PageSize": 2})
    keys = [o["Key"] for p in pages for o in p["Contents"]]
    assert keys == sorted(keys, key=lambda k: k.encode()) and len(keys) == 6, keys
    assert s3.list_objects_v2(Bucket=bucket, MaxKeys=0)["KeyCount"] == 0


def copying():
    s3.copy_object(Bucket=bucket, Key="copy", CopySource={"Bucket": bucket, "Key": "a b/c+d=é.bin"})
    copied = s3.get_object(Bucket=bucket, Key="copy")
    assert copied["Body"].read() == body and copied["Metadata"] == {"who": "me"}
    refused(lambda: s3.copy_object(Bucket=bucket, Key="copy", CopySource={"Bucket": bucket, "Key": "copy"}),
            "InvalidRequest")
    s3.copy_object(Bucket=bucket, Key="copy", CopySource=f"{bucket}/copy", MetadataDirective="REPLACE",
                   Metadata={"n": "1"})
    assert s3.head_object(Bucket=bucket, Key="copy")["Metadata"] == {"n": "1"}


def multipart():
    upload = s3.create_multipart_upload(Bucket=bucket, Key="big")["UploadId"]
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


def multipart_full_checksum():
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


def multipart_copied_part():
    again = s3.create_multipart_upload(Bucket=bucket, Key="again")["UploadId"]
    piece = s3.upload_part_copy(
        Bucket=bucket, Key="again", UploadId=again, PartNumber=1, CopySource={"Bucket": bucket, "Key": "big"},
        CopySourceRange=f"bytes={(5 << 20) - 1}-{10 << 20}")["CopyPartResult"]
    s3.complete_multipart_upload(
        Bucket=bucket, Key="again", UploadId=again,
        MultipartUpload={"Parts": [{"PartNumber": 1, "ETag": piece["ETag"]}]})
    assert s3.get_object(Bucket=bucket, Key="again")["Body"].read() == b"a" + chunks[1] + b"e"


def multipart_too_small():
    small = s3.create_multipart_upload(Bucket=bucket, Key="small")["UploadId"]
    tiny = [s3.upload_part(Bucket=bucket, Key="small", UploadId=small, PartNumber=n, Body=b"x") for n in (1, 2)]
    refused(lambda: s3.complete_multipart_upload(
        Bucket=bucket, Key="small", UploadId=small,
        MultipartUpload={"Parts": [{"PartNumber": n, "ETag": t["ETag"]} for n, t in enumerate(tiny, 1)]}),
        "EntityTooSmall")
    s3.abort_multipart_upload(Bucket=bucket, Key="small", UploadId=small)
    refused(lambda: s3.list_parts(Bucket=bucket, Key="small", UploadId=small), "NoSuchUpload")


def presigned():
    url = s3.generate_presigned_url("get_object", Params={"Bucket": bucket, "Key": "list/z"}, ExpiresIn=60)
    assert urllib.request.urlopen(url).read() == b"z"
    put_url = s3.generate_presigned_url("put_object", Params={"Bucket": bucket, "Key": "presigned"}, ExpiresIn=60)
    urllib.request.urlopen(urllib.request.Request(put_url, data=b"signed", method="PUT")).read()
    assert s3.get_object(Bucket=bucket, Key="presigned")["Body"].read() == b"signed"


def deleting():
    refused(lambda: s3.put_bucket_acl(Bucket=bucket, ACL="public-read"), "NotImplemented")
    refused(lambda: s3.delete_bucket(Bucket=bucket), "BucketNotEmpty")
    s3.delete_object(Bucket=bucket, Key="empty")
    s3.delete_object(Bucket=bucket, Key="empty")
    keys = [o["Key"] for p in s3.get_paginator("list_objects_v2").paginate(Bucket=bucket) for o in p["Contents"]]
    deleted = s3.delete_objects(Bucket=bucket, Delete={"Objects": [{"Key": k} for k in keys]})
    assert len(deleted["Deleted"]) == len(keys) and "Errors" not in deleted
    s3.delete_bucket(Bucket=bucket)


def refused_signatures():
    refused(lambda: client("s3", secret="wrong").list_buckets(), "SignatureDoesNotMatch")
    refused(lambda: client("s3", secret="wrong").put_object(Bucket=bucket, Key="k", Body=b"x" * 100000),
            "SignatureDoesNotMatch")
    refused(lambda: client("s3", key="nobody").list_buckets(), "InvalidAccessKeyId")


def dead_lettering():
    dlq = sqs.create_queue(QueueName=f"jobs-dlq-{RUN}")["QueueUrl"]
    arn = sqs.get_queue_attributes(QueueUrl=dlq, AttributeNames=["QueueArn"])["Attributes"]["QueueArn"]
    policy = json.dumps({"deadLetterTargetArn": arn, "maxReceiveCount": "2"})
    queue = sqs.create_queue(
        QueueName=f"jobs-{RUN}", Attributes={"VisibilityTimeout": "30", "RedrivePolicy": policy})["QueueUrl"]
    typed = {"who": {"DataType": "String", "StringValue": "é"}, "n": {"DataType": "Number", "StringValue": "7"},
             "raw": {"DataType": "Binary.png", "BinaryValue": b"\0\1"}}
    sent = sqs.send_message(QueueUrl=queue, MessageBody='{"x": "é <&>"}', MessageAttributes=typed)
    for count in ["1", "2"]:
        got = sqs.receive_message(QueueUrl=queue, MessageSystemAttributeNames=["All"])["Messages"][0]
        assert got["Attributes"]["ApproximateReceiveCount"] == count
        sqs.change_message_visibility(QueueUrl=queue, ReceiptHandle=got["ReceiptHandle"], VisibilityTimeout=0)
    assert "Messages" not in sqs.receive_message(QueueUrl=queue)
    dead = sqs.receive_message(
        QueueUrl=dlq, MessageSystemAttributeNames=["All"], MessageAttributeNames=["All"])["Messages"][0]
    assert dead["MessageId"] == sent["MessageId"] and dead["Body"] == '{"x": "é <&>"}'
    assert dead["Attributes"]["DeadLetterQueueSourceArn"].endswith(f":jobs-{RUN}")
    assert dead["Attributes"]["SentTimestamp"] == got["Attributes"]["SentTimestamp"]
    assert dead["Attributes"]["ApproximateReceiveCount"] == "3"
    assert set(dead["MessageAttributes"]) == {"who", "n", "raw"}


def refused_sqs_signatures():
    refused(lambda: client("sqs", secret="wrong").list_queues(), "SignatureDoesNotMatch")
    refused(lambda: client("sqs", key="nobody").list_queues(), "InvalidClientTokenId")


def main():
    checks = Checks()
    for section in [buckets, objects, checksums_of_objects, listing, copying, multipart, multipart_full_checksum,
                    multipart_copied_part, multipart_too_small, presigned, deleting, refused_signatures]:
        checks.run("s3 " + section.__name__.replace("_", " "), section)
    for section in [dead_lettering, refused_sqs_signatures]:
        checks.run("sqs " + section.__name__.replace("_sqs", "").replace("_", " "), section)
    checks.finish()


if __name__ == "__main__":
    main()
