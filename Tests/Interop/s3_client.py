"""The client of the suites that drive S3 with boto3, and what they share.

The command line names the server: ENDPOINT [ACCESS_KEY SECRET].
"""

import sys
import urllib.error
import urllib.request
import uuid

import boto3
from botocore.config import Config
from botocore.exceptions import ClientError

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
