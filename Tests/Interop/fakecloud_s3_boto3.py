"""Drives the S3 side of a running fake cloud with boto3, one section per feature.

Usage: python3 Tests/Interop/fakecloud_s3_boto3.py http://127.0.0.1:4566 [ACCESS_KEY SECRET]

Needs boto3 (1.36 or later) from PyPI. Prints one line per section and exits 1 when one failed.
"""

import json
import sys
import urllib.error
import urllib.request
import uuid
from datetime import datetime, timedelta, timezone

import boto3
from botocore.config import Config
from botocore.exceptions import ClientError

from checks import Checks

ENDPOINT = sys.argv[1]
KEY = sys.argv[2] if len(sys.argv) > 2 else "headrace"
SECRET = sys.argv[3] if len(sys.argv) > 3 else "headrace-local-secret"
RUN = uuid.uuid4().hex[:8]
MIB = 1024 * 1024


def client(service, **config):
    return boto3.client(
        service, endpoint_url=ENDPOINT, region_name="us-east-1", aws_access_key_id=KEY, aws_secret_access_key=SECRET,
        config=Config(retries={"max_attempts": 1}, **config))


s3 = client("s3", s3={"addressing_style": "path"}, signature_version="s3v4")


def refused(call, *codes):
    try:
        call()
    except ClientError as error:
        code = error.response["Error"]["Code"]
        assert code in codes, f"expected {codes}, got {code}: {error}"
        return error
    raise AssertionError(f"expected a refusal with {codes}")


def new_bucket(name):
    bucket = f"{name}-{RUN}"
    s3.create_bucket(Bucket=bucket)
    return bucket


def http(method, url, body=None, headers={}):
    request = urllib.request.Request(url, data=body, method=method, headers=headers)
    try:
        with urllib.request.urlopen(request) as answer:
            return answer.status, dict(answer.headers), answer.read()
    except urllib.error.HTTPError as error:
        return error.code, dict(error.headers), error.read()


def upload(bucket, key, parts, **arguments):
    made = s3.create_multipart_upload(Bucket=bucket, Key=key, **arguments)
    chosen = []
    for number, body in enumerate(parts, 1):
        extra = {"ChecksumAlgorithm": arguments["ChecksumAlgorithm"]} if "ChecksumAlgorithm" in arguments else {}
        part = s3.upload_part(
            Bucket=bucket, Key=key, UploadId=made["UploadId"], PartNumber=number, Body=body, **extra)
        sums = {name: value for name, value in part.items() if name.startswith("Checksum") and extra}
        chosen.append({"PartNumber": number, "ETag": part["ETag"], **sums})
    return s3.complete_multipart_upload(
        Bucket=bucket, Key=key, UploadId=made["UploadId"], MultipartUpload={"Parts": chosen})


def buckets():
    names = [new_bucket(f"page{n}") for n in range(3)]
    assert s3.head_bucket(Bucket=names[0])["BucketRegion"] == "us-east-1"
    first = s3.list_buckets(MaxBuckets=2, Prefix="page")
    assert len(first["Buckets"]) == 2 and first["Prefix"] == "page" and first["Buckets"][0]["BucketRegion"]
    pages = s3.get_paginator("list_buckets").paginate(Prefix="page", PaginationConfig={"PageSize": 1})
    assert [b["Name"] for page in pages for b in page["Buckets"] if RUN in b["Name"]] == names
    assert s3.get_bucket_location(Bucket=names[0])["LocationConstraint"] is None
    assert s3.create_bucket(Bucket=names[0])["Location"] == "/" + names[0]
    refused(
        lambda: s3.create_bucket(
            Bucket="x" + names[0], CreateBucketConfiguration={"LocationConstraint": "us-east-1"}),
        "InvalidLocationConstraint")
    refused(lambda: s3.create_bucket(Bucket="Upper" + RUN), "InvalidBucketName")
    refused(lambda: s3.delete_bucket(Bucket="missing-" + RUN), "NoSuchBucket")
    for name in names:
        s3.delete_bucket(Bucket=name)


def listing_v1():
    bucket = new_bucket("list-v1")
    for key in ["a b", "d/1", "d/2", "e", "f/1", "é"]:
        s3.put_object(Bucket=bucket, Key=key, Body=b"x")
    whole = s3.list_objects(Bucket=bucket)
    assert [o["Key"] for o in whole["Contents"]] == ["a b", "d/1", "d/2", "e", "f/1", "é"]
    assert "NextMarker" not in whole and whole["Marker"] == "" and whole["Contents"][0]["Owner"]["ID"]
    found, marker = [], ""
    while True:
        page = s3.list_objects(Bucket=bucket, Delimiter="/", MaxKeys=1, Marker=marker)
        found += [o["Key"] for o in page.get("Contents", [])] + [p["Prefix"] for p in page.get("CommonPrefixes", [])]
        if not page["IsTruncated"]:
            break
        marker = page["NextMarker"]
    assert found == ["a b", "d/", "e", "f/", "é"], found
    cut = s3.list_objects(Bucket=bucket, MaxKeys=2)
    assert cut["IsTruncated"] and "NextMarker" not in cut
    assert s3.list_objects(Bucket=bucket, MaxKeys=0)["IsTruncated"] is False
    assert [o["Key"] for o in s3.list_objects(Bucket=bucket, Marker="d/2")["Contents"]] == ["e", "f/1", "é"]
    refused(lambda: s3.list_objects(Bucket=bucket, MaxKeys=-1), "InvalidArgument")
    assert s3.list_objects_v2(Bucket=bucket, MaxKeys=5000)["MaxKeys"] == 1000
    assert "Owner" not in s3.list_objects_v2(Bucket=bucket)["Contents"][0]
    assert s3.list_objects_v2(Bucket=bucket, FetchOwner=True)["Contents"][0]["Owner"]["ID"]


def multipart_uploads():
    bucket = new_bucket("uploads")
    ids = {}
    for key in ["a", "a", "b/1", "b/2", "c"]:
        made = s3.create_multipart_upload(Bucket=bucket, Key=key, ChecksumAlgorithm="SHA256")
        ids.setdefault(key, []).append(made["UploadId"])
    listed = s3.list_multipart_uploads(Bucket=bucket)["Uploads"]
    assert [u["Key"] for u in listed] == ["a", "a", "b/1", "b/2", "c"]
    assert [u["UploadId"] for u in listed[:2]] == ids["a"] and listed[0]["ChecksumAlgorithm"] == "SHA256"
    grouped = s3.list_multipart_uploads(Bucket=bucket, Delimiter="/")
    assert [p["Prefix"] for p in grouped["CommonPrefixes"]] == ["b/"] and len(grouped["Uploads"]) == 3
    pages = s3.get_paginator("list_multipart_uploads").paginate(Bucket=bucket, PaginationConfig={"PageSize": 1})
    assert [u["Key"] for page in pages for u in page.get("Uploads", [])] == ["a", "a", "b/1", "b/2", "c"]
    assert len(s3.list_multipart_uploads(Bucket=bucket, Prefix="b/")["Uploads"]) == 2
    for upload in listed:
        s3.abort_multipart_upload(Bucket=bucket, Key=upload["Key"], UploadId=upload["UploadId"])
    assert "Uploads" not in s3.list_multipart_uploads(Bucket=bucket)


def checksums():
    bucket = new_bucket("sums")
    status, headers, _ = http(
        "PUT", s3.generate_presigned_url("put_object", Params={"Bucket": bucket, "Key": "plain"}), b"hello")
    assert status == 200 and headers["x-amz-checksum-crc64nvme"] and headers["x-amz-checksum-type"] == "FULL_OBJECT"
    head = s3.head_object(Bucket=bucket, Key="plain", ChecksumMode="ENABLED")
    assert head["ChecksumCRC64NVME"] == headers["x-amz-checksum-crc64nvme"] and head["ChecksumType"] == "FULL_OBJECT"
    assert "ChecksumCRC64NVME" not in s3.head_object(Bucket=bucket, Key="plain")
    assert head["ServerSideEncryption"] == "AES256"
    ranged = s3.get_object(Bucket=bucket, Key="plain", Range="bytes=0-1", ChecksumMode="ENABLED")
    assert "ChecksumCRC64NVME" not in ranged and ranged["ServerSideEncryption"] == "AES256"
    parts = [b"a" * 5 * MIB, b"b"]
    done = upload(bucket, "composite", parts, ChecksumAlgorithm="SHA256")
    assert done["ChecksumSHA256"].endswith("-2") and done["ChecksumType"] == "COMPOSITE"
    done = upload(bucket, "full", parts, ChecksumAlgorithm="CRC32", ChecksumType="FULL_OBJECT")
    single = s3.put_object(Bucket=bucket, Key="one", Body=b"".join(parts), ChecksumAlgorithm="CRC32")
    assert done["ChecksumCRC32"] == single["ChecksumCRC32"] and done["ChecksumType"] == "FULL_OBJECT"


def parts_and_attributes():
    bucket = new_bucket("parts")
    parts = [b"a" * 5 * MIB, b"b" * 5 * MIB, b"c" * 100]
    upload(bucket, "big", parts, ChecksumAlgorithm="SHA256")
    second = s3.get_object(Bucket=bucket, Key="big", PartNumber=2)
    assert second["Body"].read() == parts[1] and second["PartsCount"] == 3
    assert second["ContentRange"] == f"bytes {5 * MIB}-{10 * MIB - 1}/{10 * MIB + 100}"
    assert s3.head_object(Bucket=bucket, Key="big", PartNumber=3)["ContentLength"] == 100
    refused(lambda: s3.get_object(Bucket=bucket, Key="big", PartNumber=4), "InvalidPartNumber", "416")
    every = ["ETag", "Checksum", "ObjectParts", "StorageClass", "ObjectSize"]
    facts = s3.get_object_attributes(Bucket=bucket, Key="big", ObjectAttributes=every)
    assert facts["ObjectSize"] == 10 * MIB + 100 and facts["ETag"].endswith("-3") and facts["LastModified"]
    assert facts["StorageClass"] == "STANDARD" and facts["Checksum"]["ChecksumType"] == "COMPOSITE"
    assert facts["ObjectParts"]["TotalPartsCount"] == 3
    assert [p["Size"] for p in facts["ObjectParts"]["Parts"]] == [len(p) for p in parts]
    page = s3.get_object_attributes(
        Bucket=bucket, Key="big", ObjectAttributes=["ObjectParts"], MaxParts=1, PartNumberMarker=1)["ObjectParts"]
    assert [p["PartNumber"] for p in page["Parts"]] == [2] and page["IsTruncated"]
    s3.put_object(Bucket=bucket, Key="small", Body=b"x")
    assert "ObjectParts" not in s3.get_object_attributes(Bucket=bucket, Key="small", ObjectAttributes=every)
    refused(
        lambda: s3.get_object_attributes(Bucket=bucket, Key="nothing", ObjectAttributes=["ETag"]), "NoSuchKey")


def part_copy():
    bucket = new_bucket("part-copy")
    source = bytes(range(256)) * 24 * 1024
    s3.put_object(Bucket=bucket, Key="source", Body=source)
    made = s3.create_multipart_upload(Bucket=bucket, Key="target")["UploadId"]
    origin = {"Bucket": bucket, "Key": "source"}
    first = s3.upload_part_copy(
        Bucket=bucket, Key="target", UploadId=made, PartNumber=1, CopySource=origin,
        CopySourceRange=f"bytes=0-{5 * MIB - 1}")["CopyPartResult"]
    second = s3.upload_part_copy(
        Bucket=bucket, Key="target", UploadId=made, PartNumber=2, CopySource=origin,
        CopySourceRange=f"bytes={5 * MIB}-{len(source) - 1}")["CopyPartResult"]
    refused(
        lambda: s3.upload_part_copy(
            Bucket=bucket, Key="target", UploadId=made, PartNumber=3, CopySource=origin,
            CopySourceRange=f"bytes=0-{len(source)}"), "InvalidArgument")
    s3.complete_multipart_upload(
        Bucket=bucket, Key="target", UploadId=made, MultipartUpload={"Parts": [
            {"PartNumber": 1, "ETag": first["ETag"]}, {"PartNumber": 2, "ETag": second["ETag"]}]})
    assert s3.get_object(Bucket=bucket, Key="target")["Body"].read() == source


def copy_conditions():
    bucket = new_bucket("copy-if")
    etag = s3.put_object(Bucket=bucket, Key="source", Body=b"x")["ETag"]
    hour = timedelta(hours=1)
    now = datetime.now(timezone.utc)

    def copy(**conditions):
        return s3.copy_object(
            Bucket=bucket, Key="target", CopySource={"Bucket": bucket, "Key": "source"}, **conditions)

    assert copy(CopySourceIfMatch=etag)["CopyObjectResult"]["ETag"] == etag
    copy(CopySourceIfNoneMatch='"other"')
    copy(CopySourceIfModifiedSince=now - hour)
    copy(CopySourceIfUnmodifiedSince=now + hour)
    copy(CopySourceIfMatch=etag, CopySourceIfUnmodifiedSince=now - hour)
    refused(lambda: copy(CopySourceIfMatch='"other"'), "PreconditionFailed")
    refused(lambda: copy(CopySourceIfNoneMatch=etag), "PreconditionFailed")
    refused(lambda: copy(CopySourceIfUnmodifiedSince=now - hour), "PreconditionFailed")
    refused(lambda: copy(CopySourceIfNoneMatch=etag, CopySourceIfModifiedSince=now - hour), "PreconditionFailed")


def presigned():
    bucket = new_bucket("presigned")
    key = "a b/=+é.txt"
    put = s3.generate_presigned_url("put_object", Params={"Bucket": bucket, "Key": key, "ContentType": "text/x"})
    assert http("PUT", put, b"hello", {"Content-Type": "text/x"})[0] == 200
    assert http("PUT", put, b"hello", {"Content-Type": "text/y"})[0] == 403
    get = s3.generate_presigned_url(
        "get_object", Params={
            "Bucket": bucket, "Key": key, "ResponseContentType": "text/z",
            "ResponseContentDisposition": "attachment; filename=x", "ResponseCacheControl": "no-store"})
    status, headers, body = http("GET", get)
    assert (status, body) == (200, b"hello")
    assert headers["Content-Type"] == "text/z" and headers["Content-Disposition"] == "attachment; filename=x"
    assert headers["Cache-Control"] == "no-store"
    assert http("GET", get + "x")[0] == 403
    assert http("GET", get.replace("X-Amz-Expires=3600", "X-Amz-Expires=3601"))[0] == 403
    old = client("s3", s3={"addressing_style": "path"}, signature_version="s3")
    url = old.generate_presigned_url("get_object", Params={"Bucket": bucket, "Key": key})
    assert "AWSAccessKeyId=" in url and http("GET", url)[::2] == (200, b"hello")
    status, _, body = http("GET", url.replace("Expires=", "Expires=1"))
    assert status == 403 and b"<Code>SignatureDoesNotMatch</Code>" in body


def virtual_host():
    bucket = new_bucket("virtual")
    s3.put_object(Bucket=bucket, Key="k/1", Body=b"v")
    port = ENDPOINT.rsplit(":", 1)[1]
    virtual = boto3.client(
        "s3", endpoint_url=f"http://s3.localhost:{port}", region_name="us-east-1", aws_access_key_id=KEY,
        aws_secret_access_key=SECRET, config=Config(s3={"addressing_style": "virtual"}, signature_version="s3v4"))
    url = virtual.generate_presigned_url("get_object", Params={"Bucket": bucket, "Key": "k/1"})
    host = f"{bucket}.s3.localhost:{port}"
    assert url.startswith("http://" + host)
    status, _, body = http("GET", url.replace("http://" + host, ENDPOINT), headers={"Host": host})
    assert (status, body) == (200, b"v")


def object_tagging():
    bucket = new_bucket("tags")
    s3.put_object(Bucket=bucket, Key="k", Body=b"x", Tagging="a=1&b=%C3%A9+%2B")
    tags = [{"Key": "a", "Value": "1"}, {"Key": "b", "Value": "é +"}]
    assert s3.get_object_tagging(Bucket=bucket, Key="k")["TagSet"] == tags
    assert s3.get_object(Bucket=bucket, Key="k")["TagCount"] == 2
    origin = {"Bucket": bucket, "Key": "k"}
    s3.copy_object(Bucket=bucket, Key="copy", CopySource=origin)
    assert s3.get_object_tagging(Bucket=bucket, Key="copy")["TagSet"] == tags
    s3.copy_object(Bucket=bucket, Key="copy", CopySource=origin, TaggingDirective="REPLACE", Tagging="c=3")
    assert s3.get_object_tagging(Bucket=bucket, Key="copy")["TagSet"] == [{"Key": "c", "Value": "3"}]
    s3.put_object_tagging(Bucket=bucket, Key="k", Tagging={"TagSet": tags[:1]})
    assert s3.get_object_tagging(Bucket=bucket, Key="k")["TagSet"] == tags[:1]
    s3.delete_object_tagging(Bucket=bucket, Key="k")
    assert s3.get_object_tagging(Bucket=bucket, Key="k")["TagSet"] == []
    assert "TagCount" not in s3.head_object(Bucket=bucket, Key="k")
    many = [{"Key": str(n), "Value": ""} for n in range(11)]
    refused(lambda: s3.put_object_tagging(Bucket=bucket, Key="k", Tagging={"TagSet": many}), "BadRequest")
    twice = [tags[0], tags[0]]
    refused(lambda: s3.put_object_tagging(Bucket=bucket, Key="k", Tagging={"TagSet": twice}), "InvalidTag")
    refused(lambda: s3.put_object(Bucket=bucket, Key="k", Tagging="a=1&a=2"), "InvalidArgument")
    refused(lambda: s3.get_object_tagging(Bucket=bucket, Key="nothing"), "NoSuchKey")
    upload(bucket, "parts", [b"x"], Tagging="p=1")
    assert s3.get_object_tagging(Bucket=bucket, Key="parts")["TagSet"] == [{"Key": "p", "Value": "1"}]


def bucket_tagging():
    bucket = new_bucket("bucket-tags")
    refused(lambda: s3.get_bucket_tagging(Bucket=bucket), "NoSuchTagSet")
    tags = [{"Key": "team", "Value": "x y"}]
    s3.put_bucket_tagging(Bucket=bucket, Tagging={"TagSet": tags})
    assert s3.get_bucket_tagging(Bucket=bucket)["TagSet"] == tags
    s3.delete_bucket_tagging(Bucket=bucket)
    refused(lambda: s3.get_bucket_tagging(Bucket=bucket), "NoSuchTagSet")


def cors():
    bucket = new_bucket("cors")
    refused(lambda: s3.get_bucket_cors(Bucket=bucket), "NoSuchCORSConfiguration")
    rules = [
        {"AllowedOrigins": ["http://*.example.com"], "AllowedMethods": ["GET", "PUT"], "AllowedHeaders": ["x-amz-*"],
         "ExposeHeaders": ["ETag"], "MaxAgeSeconds": 60},
        {"AllowedOrigins": ["*"], "AllowedMethods": ["HEAD"]}]
    s3.put_bucket_cors(Bucket=bucket, CORSConfiguration={"CORSRules": rules})
    assert s3.get_bucket_cors(Bucket=bucket)["CORSRules"] == rules
    ask = {"Origin": "http://a.example.com", "Access-Control-Request-Method": "PUT",
           "Access-Control-Request-Headers": "X-Amz-Date, x-amz-meta-a"}
    status, headers, _ = http("OPTIONS", f"{ENDPOINT}/{bucket}/k", headers=ask)
    assert status == 200 and headers["Access-Control-Allow-Origin"] == "http://a.example.com"
    assert headers["Access-Control-Allow-Methods"] == "GET, PUT" and headers["Access-Control-Max-Age"] == "60"
    assert headers["Access-Control-Allow-Headers"] == "x-amz-date, x-amz-meta-a"
    assert http("OPTIONS", f"{ENDPOINT}/{bucket}/k", headers={**ask, "Origin": "http://a.example.org"})[0] == 403
    assert http("OPTIONS", f"{ENDPOINT}/{bucket}/k", headers={"Origin": "http://a.example.com"})[0] == 400
    s3.put_object(Bucket=bucket, Key="k", Body=b"x")
    url = s3.generate_presigned_url("get_object", Params={"Bucket": bucket, "Key": "k"})
    headers = http("GET", url, headers={"Origin": "http://a.example.com"})[1]
    assert headers["Access-Control-Allow-Origin"] == "http://a.example.com"
    assert headers["Access-Control-Expose-Headers"] == "ETag"
    assert "Access-Control-Allow-Origin" not in http("GET", url, headers={"Origin": "http://b.org"})[1]
    bad = [{"AllowedOrigins": ["*"], "AllowedMethods": ["PATCH"]}]
    refused(lambda: s3.put_bucket_cors(Bucket=bucket, CORSConfiguration={"CORSRules": bad}), "InvalidRequest")
    s3.delete_bucket_cors(Bucket=bucket)
    assert http("OPTIONS", f"{ENDPOINT}/{bucket}/k", headers=ask)[0] == 403


def notifications():
    bucket = new_bucket("events")
    sqs = client("sqs")
    queue = sqs.create_queue(QueueName=f"events-{RUN}")["QueueUrl"]
    arn = sqs.get_queue_attributes(QueueUrl=queue, AttributeNames=["QueueArn"])["Attributes"]["QueueArn"]
    assert "QueueConfigurations" not in s3.get_bucket_notification_configuration(Bucket=bucket)

    def configure(**queue):
        s3.put_bucket_notification_configuration(
            Bucket=bucket, NotificationConfiguration={"QueueConfigurations": [queue]})

    def taken():
        bodies = []
        while messages := sqs.receive_message(QueueUrl=queue, MaxNumberOfMessages=10).get("Messages"):
            for message in messages:
                bodies.append(json.loads(message["Body"]))
                sqs.delete_message(QueueUrl=queue, ReceiptHandle=message["ReceiptHandle"])
        return bodies

    rules = {"Key": {"FilterRules": [{"Name": "prefix", "Value": "in/"}, {"Name": "suffix", "Value": ".csv"}]}}
    configure(Id="one", QueueArn=arn, Events=["s3:ObjectCreated:*", "s3:ObjectRemoved:Delete"], Filter=rules)
    stored = s3.get_bucket_notification_configuration(Bucket=bucket)["QueueConfigurations"][0]
    assert stored["QueueArn"] == arn and len(stored["Filter"]["Key"]["FilterRules"]) == 2
    assert [m["Event"] for m in taken()] == ["s3:TestEvent"]
    etag = s3.put_object(Bucket=bucket, Key="in/a b+é.csv", Body=b"hello")["ETag"]
    s3.put_object(Bucket=bucket, Key="in/a.txt", Body=b"x")
    s3.put_object(Bucket=bucket, Key="out/a.csv", Body=b"x")
    s3.copy_object(Bucket=bucket, Key="in/copy.csv", CopySource={"Bucket": bucket, "Key": "in/a.txt"})
    upload(bucket, "in/parts.csv", [b"x"])
    s3.delete_object(Bucket=bucket, Key="in/copy.csv")
    s3.delete_objects(Bucket=bucket, Delete={"Objects": [{"Key": "in/parts.csv"}], "Quiet": True})
    records = [m["Records"][0] for m in taken()]
    assert sorted(r["eventName"] for r in records) == [
        "ObjectCreated:CompleteMultipartUpload", "ObjectCreated:Copy", "ObjectCreated:Put", "ObjectRemoved:Delete",
        "ObjectRemoved:Delete"], records
    put = next(r for r in records if r["eventName"] == "ObjectCreated:Put")
    assert put["s3"]["object"]["key"] == "in/a+b%2B%C3%A9.csv" and put["s3"]["object"]["size"] == 5
    assert put["s3"]["object"]["eTag"] == etag.strip('"') and put["s3"]["configurationId"] == "one"
    assert put["eventSource"] == "aws:s3" and put["s3"]["bucket"]["name"] == bucket
    refused(lambda: configure(QueueArn=arn + "-missing", Events=["s3:ObjectCreated:*"]), "InvalidArgument")
    refused(lambda: configure(QueueArn=arn, Events=["s3:Nonsense"]), "InvalidArgument")
    topic = {"TopicConfigurations": [{"TopicArn": "arn:aws:sns:us-east-1:0:t", "Events": ["s3:ObjectCreated:*"]}]}
    refused(
        lambda: s3.put_bucket_notification_configuration(Bucket=bucket, NotificationConfiguration=topic),
        "NotImplemented")
    s3.put_bucket_notification_configuration(Bucket=bucket, NotificationConfiguration={})
    s3.put_object(Bucket=bucket, Key="in/quiet.csv", Body=b"x")
    assert taken() == []


def versioning():
    bucket = new_bucket("versions")
    origin = {"Bucket": bucket, "Key": "k"}
    assert "Status" not in s3.get_bucket_versioning(Bucket=bucket)
    old = s3.put_object(Bucket=bucket, Key="k", Body=b"null")
    assert "VersionId" not in old
    s3.put_bucket_versioning(Bucket=bucket, VersioningConfiguration={"Status": "Enabled"})
    assert s3.get_bucket_versioning(Bucket=bucket)["Status"] == "Enabled"
    first = s3.put_object(Bucket=bucket, Key="k", Body=b"one", Tagging="n=1")["VersionId"]
    second = s3.put_object(Bucket=bucket, Key="k", Body=b"two")["VersionId"]
    assert first != second
    for version, body in [("null", b"null"), (first, b"one"), (second, b"two")]:
        got = s3.get_object(**origin, VersionId=version)
        assert got["Body"].read() == body and got["VersionId"] == version
        assert s3.head_object(**origin, VersionId=version)["ContentLength"] == len(body)
    assert s3.get_object(**origin)["VersionId"] == second
    assert s3.get_object_tagging(**origin, VersionId=first)["TagSet"] == [{"Key": "n", "Value": "1"}]
    s3.put_object_tagging(**origin, VersionId=first, Tagging={"TagSet": [{"Key": "n", "Value": "2"}]})
    assert s3.get_object_tagging(**origin, VersionId=first)["TagSet"] == [{"Key": "n", "Value": "2"}]
    assert s3.get_object_tagging(**origin)["TagSet"] == []
    copied = s3.copy_object(Bucket=bucket, Key="copy", CopySource={**origin, "VersionId": first})
    assert copied["CopySourceVersionId"] == first and copied["VersionId"]
    assert s3.get_object(Bucket=bucket, Key="copy")["Body"].read() == b"one"
    attributes = s3.get_object_attributes(**origin, VersionId=first, ObjectAttributes=["ObjectSize"])
    assert attributes["ObjectSize"] == 3 and attributes["VersionId"] == first

    marked = s3.delete_object(**origin)
    assert marked["DeleteMarker"] is True and marked["VersionId"]
    missing = refused(lambda: s3.get_object(**origin), "NoSuchKey")
    assert missing.response["ResponseMetadata"]["HTTPHeaders"]["x-amz-delete-marker"] == "true"
    refused(lambda: s3.get_object(**origin, VersionId=marked["VersionId"]), "MethodNotAllowed")
    refused(lambda: s3.get_object(**origin, VersionId="0" * 32), "NoSuchVersion")
    refused(lambda: s3.get_object(**origin, VersionId="short"), "InvalidArgument")
    assert "Contents" not in s3.list_objects_v2(Bucket=bucket, Prefix="k")
    listed = s3.list_object_versions(Bucket=bucket, Prefix="k")
    assert [v["VersionId"] for v in listed["Versions"]] == [second, first, "null"]
    assert [m["VersionId"] for m in listed["DeleteMarkers"]] == [marked["VersionId"]]
    assert listed["DeleteMarkers"][0]["IsLatest"] and not listed["Versions"][0]["IsLatest"]
    pages = s3.get_paginator("list_object_versions").paginate(Bucket=bucket, PaginationConfig={"PageSize": 1})
    names = [v["VersionId"] for p in pages for v in p.get("Versions", []) + p.get("DeleteMarkers", [])]
    assert names == [copied["VersionId"], marked["VersionId"], second, first, "null"], names
    gone = s3.delete_object(**origin, VersionId=marked["VersionId"])
    assert gone["DeleteMarker"] is True and s3.get_object(**origin)["VersionId"] == second
    s3.delete_object(**origin, VersionId=second)
    assert s3.get_object(**origin)["Body"].read() == b"one"

    s3.put_bucket_versioning(Bucket=bucket, VersioningConfiguration={"Status": "Suspended"})
    s3.put_object(**origin, Body=b"null again")
    s3.put_object(**origin, Body=b"and again")
    listed = s3.list_object_versions(Bucket=bucket, Prefix="k")["Versions"]
    assert [v["VersionId"] for v in listed] == ["null", first], listed
    marked = s3.delete_object(**origin)
    assert marked["VersionId"] == "null"
    refused(lambda: s3.delete_bucket(Bucket=bucket), "BucketNotEmpty")
    listed = s3.list_object_versions(Bucket=bucket)
    every = [{"Key": v["Key"], "VersionId": v["VersionId"]} for v in listed["Versions"] + listed["DeleteMarkers"]]
    done = s3.delete_objects(Bucket=bucket, Delete={"Objects": every})
    assert len(done["Deleted"]) == 3 and sum(d.get("DeleteMarker", False) for d in done["Deleted"]) == 1
    s3.delete_bucket(Bucket=bucket)


def versioned_uploads_and_events():
    bucket = new_bucket("versioned")
    s3.put_bucket_versioning(Bucket=bucket, VersioningConfiguration={"Status": "Enabled"})
    assert upload(bucket, "k", [b"one"])["VersionId"] != upload(bucket, "k", [b"two"])["VersionId"]
    sqs = client("sqs")
    queue = sqs.create_queue(QueueName=f"versioned-{RUN}")["QueueUrl"]
    arn = sqs.get_queue_attributes(QueueUrl=queue, AttributeNames=["QueueArn"])["Attributes"]["QueueArn"]
    s3.put_bucket_notification_configuration(
        Bucket=bucket, NotificationConfiguration={
            "QueueConfigurations": [{"QueueArn": arn, "Events": ["s3:ObjectRemoved:DeleteMarkerCreated"]}]})
    marker = s3.delete_object(Bucket=bucket, Key="k")["VersionId"]
    s3.delete_object(Bucket=bucket, Key="k", VersionId=marker)
    bodies = [json.loads(m["Body"]) for m in sqs.receive_message(QueueUrl=queue, MaxNumberOfMessages=10)["Messages"]]
    records = [b["Records"][0] for b in bodies if "Records" in b]
    assert [r["eventName"] for r in records] == ["ObjectRemoved:DeleteMarkerCreated"]
    assert records[0]["s3"]["object"]["versionId"] == marker


def fresh_bucket():
    bucket = new_bucket("fresh")
    s3.put_object(Bucket=bucket, Key="k", Body=b"x")
    for acl in [s3.get_bucket_acl(Bucket=bucket), s3.get_object_acl(Bucket=bucket, Key="k")]:
        assert acl["Grants"][0]["Permission"] == "FULL_CONTROL"
        assert acl["Grants"][0]["Grantee"]["ID"] == acl["Owner"]["ID"] == s3.list_buckets()["Owner"]["ID"]
    rules = s3.get_bucket_encryption(Bucket=bucket)["ServerSideEncryptionConfiguration"]["Rules"]
    assert rules[0]["ApplyServerSideEncryptionByDefault"]["SSEAlgorithm"] == "AES256"
    assert all(s3.get_public_access_block(Bucket=bucket)["PublicAccessBlockConfiguration"].values())
    controls = s3.get_bucket_ownership_controls(Bucket=bucket)["OwnershipControls"]
    assert controls["Rules"] == [{"ObjectOwnership": "BucketOwnerEnforced"}]
    assert s3.get_bucket_request_payment(Bucket=bucket)["Payer"] == "BucketOwner"
    assert "LoggingEnabled" not in s3.get_bucket_logging(Bucket=bucket)
    assert "Status" not in s3.get_bucket_accelerate_configuration(Bucket=bucket)
    refused(lambda: s3.get_bucket_policy(Bucket=bucket), "NoSuchBucketPolicy")
    refused(lambda: s3.get_bucket_lifecycle_configuration(Bucket=bucket), "NoSuchLifecycleConfiguration")
    refused(lambda: s3.get_bucket_website(Bucket=bucket), "NoSuchWebsiteConfiguration")
    refused(lambda: s3.get_bucket_replication(Bucket=bucket), "ReplicationConfigurationNotFoundError")
    refused(lambda: s3.get_object_lock_configuration(Bucket=bucket), "ObjectLockConfigurationNotFoundError")
    refused(lambda: s3.get_bucket_acl(Bucket="missing-" + RUN), "NoSuchBucket")
    refused(lambda: s3.get_object_acl(Bucket=bucket, Key="nothing"), "NoSuchKey")


def out_of_scope():
    bucket = new_bucket("scope")
    s3.put_object(Bucket=bucket, Key="k", Body=b"x")
    logging = {"LoggingEnabled": {"TargetBucket": bucket, "TargetPrefix": "l/"}}
    rules = {"Rules": [{"ID": "x", "Status": "Enabled", "Prefix": "", "Expiration": {"Days": 1}}]}
    calls = [
        lambda: s3.put_bucket_acl(Bucket=bucket, ACL="public-read"),
        lambda: s3.put_object_acl(Bucket=bucket, Key="k", ACL="public-read"),
        lambda: s3.put_object(Bucket=bucket, Key="k", Body=b"y", ACL="public-read"),
        lambda: s3.put_object(Bucket=bucket, Key="k", Body=b"y", GrantRead="id=x"),
        lambda: s3.put_bucket_policy(Bucket=bucket, Policy="{}"),
        lambda: s3.put_bucket_website(
            Bucket=bucket, WebsiteConfiguration={"IndexDocument": {"Suffix": "index.html"}}),
        lambda: s3.put_bucket_lifecycle_configuration(Bucket=bucket, LifecycleConfiguration=rules),
        lambda: s3.put_object(Bucket=bucket, Key="k", Body=b"y", ServerSideEncryption="aws:kms"),
        lambda: s3.put_object(Bucket=bucket, Key="k", Body=b"y", ObjectLockLegalHoldStatus="ON"),
        lambda: s3.create_bucket(Bucket="x" + bucket, ObjectLockEnabledForBucket=True),
        lambda: s3.put_bucket_logging(Bucket=bucket, BucketLoggingStatus=logging),
        lambda: s3.put_bucket_versioning(
            Bucket=bucket, MFA="x 1", VersioningConfiguration={"Status": "Enabled", "MFADelete": "Enabled"}),
        lambda: s3.select_object_content(
            Bucket=bucket, Key="k", Expression="select 1", ExpressionType="SQL", InputSerialization={"CSV": {}},
            OutputSerialization={"CSV": {}}),
        lambda: s3.list_bucket_inventory_configurations(Bucket=bucket),
        lambda: s3.list_bucket_metrics_configurations(Bucket=bucket),
        lambda: s3.restore_object(Bucket=bucket, Key="k", RestoreRequest={"Days": 1}),
    ]
    for place, call in enumerate(calls):
        try:
            error = refused(call, "NotImplemented")
        except AssertionError as problem:
            raise AssertionError(f"call {place}: {problem}")
        assert error.response["ResponseMetadata"]["HTTPStatusCode"] == 501
    assert s3.get_object(Bucket=bucket, Key="k")["Body"].read() == b"x"


SECTIONS = [
    buckets, listing_v1, multipart_uploads, checksums, parts_and_attributes, part_copy, copy_conditions, presigned,
    virtual_host, object_tagging, bucket_tagging, cors, notifications, versioning,
    versioned_uploads_and_events, fresh_bucket, out_of_scope,
]

checks = Checks()
for section in SECTIONS:
    checks.run("s3 " + section.__name__.replace("_", " "), section)
checks.finish()
