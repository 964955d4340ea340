"""What no SDK does over plain HTTP, on a running fake cloud: `fakecloud_raw.py ENDPOINT [ACCESS_KEY SECRET]`.

Queries in URLs, bodies in signed chunks with and without trailers, `Expect: 100-continue`, hosts that name buckets.
Requests are signed by botocore; boto3 itself sends its chunked bodies through a TLS front of this script's own, because
it sends them over TLS only. Prints one line per check and exits 1 when one failed.
"""

import base64
import binascii
import datetime
import hashlib
import hmac
import http.client
import os
import shutil
import socket
import ssl
import subprocess
import sys
import tempfile
import threading
import urllib.parse
import uuid
import xml.etree.ElementTree

import boto3
from botocore.auth import S3SigV4Auth, SigV4Auth
from botocore.awsrequest import AWSRequest
from botocore.config import Config
from botocore.credentials import Credentials

from checks import Checks, expect

ENDPOINT = sys.argv[1]
KEY = sys.argv[2] if len(sys.argv) > 2 else "headrace"
SECRET = sys.argv[3] if len(sys.argv) > 3 else "headrace-local-secret"
ADDRESS = urllib.parse.urlsplit(ENDPOINT)
RUN = uuid.uuid4().hex[:8]
REGION = "us-east-1"


def exchange(method, path, body=b"", headers=None):
    """One request on a connection of its own: the status, the headers and the body of the answer."""
    connection = http.client.HTTPConnection(ADDRESS.hostname, ADDRESS.port, timeout=30)
    try:
        connection.putrequest(method, path, skip_host=True, skip_accept_encoding=True)
        for name, value in {"Host": ADDRESS.netloc, "Content-Length": str(len(body)), **(headers or {})}.items():
            connection.putheader(name, value)
        connection.endheaders(body)
        answer = connection.getresponse()
        return answer.status, answer.headers, answer.read()
    finally:
        connection.close()


def sign(service, method, path, body=b"", headers=None, host=None):
    """The headers of a request with botocore's signature."""
    request = AWSRequest(method, f"http://{host or ADDRESS.netloc}{path}", headers or {}, body)
    signer = S3SigV4Auth if service == "s3" else SigV4Auth
    signer(Credentials(KEY, SECRET), service, REGION).add_auth(request)
    return {**dict(request.headers.items()), "Host": host or ADDRESS.netloc}


def s3(method, path, body=b"", headers=None):
    return exchange(method, path, body, sign("s3", method, path, body, headers))


def new_bucket(name):
    bucket = f"raw-{name}-{RUN}"
    expect(s3("PUT", "/" + bucket)[0], 200, "the status of CreateBucket")
    return bucket


# SQS by Query


FORM = {"Content-Type": "application/x-www-form-urlencoded; charset=utf-8"}


def query(method, path, **parameters):
    """A Query call: the status, and the document without its namespace."""
    text = urllib.parse.urlencode({"Version": "2012-11-05", **parameters}, quote_via=urllib.parse.quote)
    if method == "GET":
        target = f"{path}?{text}"
        status, _, body = exchange("GET", target, b"", sign("sqs", "GET", target))
    else:
        status, _, body = exchange("POST", path, text.encode(), sign("sqs", "POST", path, text.encode(), FORM))
    document = xml.etree.ElementTree.fromstring(body)
    for element in document.iter():
        element.tag = element.tag.rpartition("}")[2]
    return status, document


def query_queue(name):
    _, document = query("POST", "/", Action="CreateQueue", QueueName=f"raw-{name}-{RUN}")
    return urllib.parse.urlsplit(document.findtext("CreateQueueResult/QueueUrl")).path


def query_post_to_queue():
    path = query_queue("post")
    status, document = query("POST", path, Action="SendMessage", MessageBody="<&> é")
    expect(status, 200)
    expect(document.findtext("SendMessageResult/MD5OfMessageBody"), hashlib.md5("<&> é".encode()).hexdigest())
    _, document = query("POST", path, Action="ReceiveMessage")
    expect(document.findtext("ReceiveMessageResult/Message/Body"), "<&> é")


def query_get_on_queue():
    path = query_queue("get")
    expect(query("GET", path, Action="SendMessage", MessageBody="by GET + plus")[0], 200)
    _, document = query("GET", path, Action="ReceiveMessage", MaxNumberOfMessages="10")
    expect(document.findtext("ReceiveMessageResult/Message/Body"), "by GET + plus")


def query_error():
    status, document = query("POST", "/", Action="GetQueueUrl", QueueName="missing")
    found = [document.findtext("Error/" + name) for name in ("Type", "Code")]
    expect((status, *found), (400, "Sender", "AWS.SimpleQueueService.NonExistentQueue"))
    expect(document.findtext("Error/Message"), "The specified queue does not exist for this wsdl version.")


def json_to_queue_url():
    path = query_queue("json")
    headers = {"Content-Type": "application/x-amz-json-1.0", "X-Amz-Target": "AmazonSQS.SendMessage"}
    body = b'{"QueueUrl": "%s", "MessageBody": "x"}' % (ENDPOINT + path).encode()
    status, answer, text = exchange("POST", path, body, sign("sqs", "POST", path, body, headers))
    expect((status, answer["Content-Type"], b"MD5OfMessageBody" in text), (200, "application/x-amz-json-1.0", True))


def json_error_header():
    headers = {"Content-Type": "application/x-amz-json-1.0", "X-Amz-Target": "AmazonSQS.GetQueueUrl"}
    body = b'{"QueueName": "missing"}'
    status, answer, text = exchange("POST", "/", body, sign("sqs", "POST", "/", body, headers))
    expect((status, answer["x-amzn-query-error"]), (400, "AWS.SimpleQueueService.NonExistentQueue;Sender"))
    expect(b"com.amazonaws.sqs#QueueDoesNotExist" in text, True, text)


def queue_url_follows_host():
    query_queue("host")
    body = f"Action=GetQueueUrl&QueueName=raw-host-{RUN}".encode()
    _, _, text = exchange("POST", "/", body, sign("sqs", "POST", "/", body, FORM, host="queue.example:1234"))
    expect(b"<QueueUrl>http://queue.example:1234/000000000000/raw-host" in text, True, text)


# Chunked bodies of S3


def chunk_key(stamp):
    key = ("AWS4" + SECRET).encode()
    for word in [stamp[:8], REGION, "s3", "aws4_request"]:
        key = hmac.digest(key, word.encode(), "sha256")
    return key


def chunked(path, chunks, trailer=None, spoil=None):
    """A PUT whose chunks are signed one after the other; `spoil` changes the body after it was signed."""
    size = sum(map(len, chunks))
    payload = "STREAMING-AWS4-HMAC-SHA256-PAYLOAD" + ("-TRAILER" if trailer else "")
    headers = {"x-amz-decoded-content-length": str(size), "Content-Encoding": "aws-chunked",
               "X-Amz-Content-SHA256": payload}
    if trailer:
        headers["x-amz-trailer"] = trailer[0]
    request = AWSRequest("PUT", ENDPOINT + path, headers)
    auth = S3SigV4Auth(Credentials(KEY, SECRET), "s3", REGION)
    auth.payload = lambda _: payload
    auth.add_auth(request)
    signed = {**dict(request.headers.items()), "Host": ADDRESS.netloc, "X-Amz-Content-SHA256": payload}
    stamp, previous = signed["X-Amz-Date"], signed["Authorization"].rsplit("=", 1)[1]
    scope = f"{stamp[:8]}/{REGION}/s3/aws4_request"
    empty = hashlib.sha256(b"").hexdigest()
    body = b""
    for chunk in [*chunks, b""]:
        text = "\n".join(["AWS4-HMAC-SHA256-PAYLOAD", stamp, scope, previous, empty,
                          hashlib.sha256(chunk).hexdigest()])
        previous = hmac.new(chunk_key(stamp), text.encode(), "sha256").hexdigest()
        body += f"{len(chunk):x};chunk-signature={previous}\r\n".encode() + chunk + (b"\r\n" if chunk else b"")
    if trailer:
        line = f"{trailer[0]}:{trailer[1]}\n".encode()
        text = "\n".join(["AWS4-HMAC-SHA256-TRAILER", stamp, scope, previous, hashlib.sha256(line).hexdigest()])
        last = hmac.new(chunk_key(stamp), text.encode(), "sha256").hexdigest()
        body += f"{trailer[0]}:{trailer[1]}\r\nx-amz-trailer-signature:{last}\r\n".encode()
    body += b"\r\n"
    return exchange("PUT", path, spoil(body) if spoil else body, signed)


CHUNKS = [bytes(range(256)) * 256, b"x" * 65536, b"the last one"]


def crc32(data):
    return base64.b64encode(binascii.crc32(data).to_bytes(4, "big")).decode()


def chunks_signed():
    path = f"/{new_bucket('chunks')}/k"
    status, _, text = chunked(path, CHUNKS)
    expect(status, 200, text)
    status, headers, body = s3("GET", path)
    expect((body == b"".join(CHUNKS), headers["Content-Encoding"]), (True, None), "the bytes, and no Content-Encoding")
    status, _, text = chunked(path, CHUNKS, spoil=lambda body: body.replace(b"the last one", b"the last two"))
    expect((status, b"<Code>SignatureDoesNotMatch</Code>" in text), (403, True), text)


def chunks_signed_with_trailer():
    path = f"/{new_bucket('trailer')}/k"
    whole = b"".join(CHUNKS)
    status, headers, text = chunked(path, CHUNKS, ("x-amz-checksum-crc32", crc32(whole)))
    expect((status, headers["x-amz-checksum-crc32"]), (200, crc32(whole)), text)
    status, _, text = chunked(path, CHUNKS, ("x-amz-checksum-crc32", crc32(b"other")))
    expect((status, b"<Code>BadDigest</Code>" in text), (400, True), text)


class TLSFront:
    """Takes TLS connections, and passes their bytes to the server and back."""

    def __init__(self):
        folder = tempfile.mkdtemp(prefix="headrace-tls-")
        self.certificate, key = folder + "/certificate.pem", folder + "/key.pem"
        subprocess.run(
            ["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-days",
             "1", "-subj", "/CN=localhost", "-addext", "subjectAltName=DNS:localhost", "-keyout", key, "-out",
             self.certificate], check=True, capture_output=True)
        self.context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        self.context.load_cert_chain(self.certificate, key)
        self.listener = socket.create_server(("127.0.0.1", 0))
        self.endpoint = f"https://localhost:{self.listener.getsockname()[1]}"
        threading.Thread(target=self.accept, daemon=True).start()

    def accept(self):
        while True:
            client, _ = self.listener.accept()
            threading.Thread(target=self.serve, args=[client], daemon=True).start()

    def serve(self, client):
        server = socket.create_connection((ADDRESS.hostname, ADDRESS.port))
        client = self.context.wrap_socket(client, server_side=True)
        threading.Thread(target=self.copy, args=[server, client], daemon=True).start()
        self.copy(client, server)

    @staticmethod
    def copy(source, target):
        try:
            while data := source.recv(65536):
                target.sendall(data)
            target.shutdown(socket.SHUT_WR)
        except OSError:
            return  # One of the two is gone; the other one sees it.


def chunks_unsigned_by_boto3():
    front = TLSFront()
    seen = []
    client = boto3.client(
        "s3", endpoint_url=front.endpoint, region_name=REGION, aws_access_key_id=KEY, aws_secret_access_key=SECRET,
        verify=front.certificate, config=Config(s3={"addressing_style": "path"}, retries={"total_max_attempts": 1}))
    client.meta.events.register("before-send.s3", lambda request, **_: seen.append(request.headers))
    bucket, content = new_bucket("unsigned"), os.urandom(300_000)
    put = client.put_object(Bucket=bucket, Key="k", Body=content, ContentEncoding="gzip")
    expect(seen[-1]["X-Amz-Content-SHA256"], b"STREAMING-UNSIGNED-PAYLOAD-TRAILER", "how boto3 sends the body")
    expect(put["ChecksumCRC32"], crc32(content))
    got = client.get_object(Bucket=bucket, Key="k")
    expect((got["Body"].read() == content, got["ContentEncoding"]), (True, "gzip"), "the bytes and Content-Encoding")
    upload = client.create_multipart_upload(Bucket=bucket, Key="parts", ChecksumAlgorithm="CRC32")["UploadId"]
    parts = [client.upload_part(Bucket=bucket, Key="parts", UploadId=upload, PartNumber=n, Body=content * 20,
                                ChecksumAlgorithm="CRC32") for n in (1, 2)]
    client.complete_multipart_upload(Bucket=bucket, Key="parts", UploadId=upload, MultipartUpload={"Parts": [
        {"PartNumber": n, "ETag": part["ETag"], "ChecksumCRC32": part["ChecksumCRC32"]}
        for n, part in enumerate(parts, 1)]})
    expect(client.get_object(Bucket=bucket, Key="parts")["Body"].read() == content * 40, True, "the same bytes")


# Heads of S3


def expect_continue(path, headers):
    """Sends a head alone: the first line that comes back, and the connection."""
    connection = socket.create_connection((ADDRESS.hostname, ADDRESS.port), timeout=30)
    lines = [f"PUT {path} HTTP/1.1", *(f"{name}: {value}" for name, value in headers.items()),
             "Expect: 100-continue", "", ""]
    connection.sendall("\r\n".join(lines).encode())
    reader = connection.makefile("rb")
    return reader.readline().strip(), reader, connection


def hundred_continue():
    path = f"/{new_bucket('continue')}/k"
    headers = {**sign("s3", "PUT", path, b"hello"), "Content-Length": "5"}
    line, reader, connection = expect_continue(path, headers)
    expect((line, reader.readline()), (b"HTTP/1.1 100 Continue", b"\r\n"))
    connection.sendall(b"hello")
    expect(reader.readline().strip(), b"HTTP/1.1 200 OK")
    headers["Authorization"] = headers["Authorization"][:-4] + "0000"
    expect(expect_continue(path, headers)[0], b"HTTP/1.1 403 Forbidden", "the first line to a wrong signature")


def hosts_name_buckets():
    bucket = new_bucket("hosts")
    expect(s3("PUT", f"/{bucket}/a/b", b"x")[0], 200)
    for base in ["s3.localhost", "localhost"]:
        host = f"{bucket}.{base}:{ADDRESS.port}"
        status, _, body = exchange("GET", "/a/b", b"", sign("s3", "GET", "/a/b", host=host))
        expect((status, body), (200, b"x"), f"the answer at {host}")


def awkward_keys():
    bucket = new_bucket("keys")
    for key in ["a+b", "a=b&c", "a%2Fb", "a b", "é/\U0001F600", "..", "a//b", "a/./b", "x?y", "~*'()"]:
        path = f"/{bucket}/{urllib.parse.quote(key, safe='/~')}"
        expect(s3("PUT", path, key.encode())[0], 200, f"the status of PUT {key}")
        expect(s3("GET", path)[2], key.encode(), f"the object {key}")


def checksums_by_header():
    """CRC32C and CRC64NVME, for which boto3 needs a library of its own, by known sums of `123456789`."""
    path = f"/{new_bucket('sums')}/k"
    for name, hexadecimal in [("crc32c", "e3069283"), ("crc64nvme", "ae8b14860a799888")]:
        value = base64.b64encode(bytes.fromhex(hexadecimal)).decode()
        status, headers, text = s3("PUT", path, b"123456789", {f"x-amz-checksum-{name}": value})
        expect((status, headers[f"x-amz-checksum-{name}"]), (200, value), text)
        headers = s3("HEAD", path, b"", {"x-amz-checksum-mode": "ENABLED"})[1]
        expect((headers[f"x-amz-checksum-{name}"], headers["x-amz-checksum-type"]), (value, "FULL_OBJECT"))
        wrong = base64.b64encode(bytes(len(hexadecimal) // 2)).decode()
        expect(s3("PUT", path, b"123456789", {f"x-amz-checksum-{name}": wrong})[0], 400, "the status of a wrong sum")


def signature_age():
    past = datetime.datetime.now(datetime.timezone.utc) - datetime.timedelta(minutes=16)
    stamp = past.strftime("%Y%m%dT%H%M%SZ")
    request = AWSRequest("GET", ENDPOINT + "/", {})
    auth = S3SigV4Auth(Credentials(KEY, SECRET), "s3", REGION)
    request.context["timestamp"] = stamp
    auth._modify_request_before_signing(request)
    request.headers["X-Amz-Date"] = stamp
    text = auth.string_to_sign(request, auth.canonical_request(request))
    auth._inject_signature_to_request(request, auth.signature(text, request))
    status, _, body = exchange("GET", "/", b"", {**dict(request.headers.items()), "Host": ADDRESS.netloc})
    expect((status, b"<Code>RequestTimeTooSkewed</Code>" in body), (403, True), body)


CHECKS = [
    ("sqs", [query_post_to_queue, query_get_on_queue, query_error, json_to_queue_url, json_error_header,
             queue_url_follows_host]),
    ("s3", [chunks_signed, chunks_signed_with_trailer, hundred_continue, hosts_name_buckets, awkward_keys,
            checksums_by_header, signature_age]),
]


def main():
    checks = Checks()
    for service, group in CHECKS:
        for check in group:
            checks.run(f"{service} {check.__name__.replace('_', ' ')}", check)
    name = "s3 chunks unsigned by boto3"
    if shutil.which("openssl"):
        checks.run(name, chunks_unsigned_by_boto3)
    else:
        checks.skip(name, "there is no openssl on this machine to make a certificate")
    checks.finish()


if __name__ == "__main__":
    main()
