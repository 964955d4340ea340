"""Drives the settings of S3 in a running fake cloud with boto3, one section per feature.

Usage: python3 Tests/Interop/fakecloud_s3_settings.py http://127.0.0.1:4566 [ACCESS_KEY SECRET]

Needs boto3 (1.36 or later) from PyPI. Prints one line per section and exits 1 when one failed.
"""

import json

from checks import Checks
from s3_client import ENDPOINT, RUN, client, http, new_bucket, refused, s3, upload


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
    object_tagging, bucket_tagging, cors, notifications, versioning, versioned_uploads_and_events, fresh_bucket,
    out_of_scope,
]

checks = Checks()
for section in SECTIONS:
    checks.run("s3 " + section.__name__.replace("_", " "), section)
checks.finish()
