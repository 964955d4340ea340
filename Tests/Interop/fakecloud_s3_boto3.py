"""Drives buckets and objects of a running fake cloud with boto3, one section per feature.

Usage: python3 Tests/Interop/fakecloud_s3_boto3.py http://127.0.0.1:4566 [ACCESS_KEY SECRET]

Needs boto3 (1.36 or later) from PyPI. Prints one line per section and exits 1 when one failed.
"""

from datetime import datetime, timedelta, timezone

import boto3
from botocore.config import Config

from checks import Checks
from s3_client import ENDPOINT, KEY, MIB, RUN, SECRET, client, http, new_bucket, refused, s3, upload


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


SECTIONS = [
    buckets, listing_v1, multipart_uploads, checksums, parts_and_attributes, part_copy, copy_conditions, presigned,
    virtual_host,
]

checks = Checks()
for section in SECTIONS:
    checks.run("s3 " + section.__name__.replace("_", " "), section)
checks.finish()
