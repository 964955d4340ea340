"""Drives S3 of a running fake cloud with the AWS CLI: `fakecloud_cli_s3.py ENDPOINT [ACCESS_KEY SECRET]`.

One check for each thing that people do with `aws s3` and `aws s3api`. Prints one line per check and exits 1 when one
failed.
"""

import hashlib
import json
import os
import urllib.request

from checks import expect
from cli_driver import FOLDER, MIB, RUN, attributes, aws, make, receive, refused, run_checks


def bucket(name):
    aws("s3", "mb", f"s3://cli-{name}-{RUN}")
    return f"cli-{name}-{RUN}"


def file(name, content):
    path = FOLDER / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content)
    return path


def s3_cp():
    name, path = bucket("cp"), file("a b+é.txt", b"hello")
    aws("s3", "cp", path, f"s3://{name}/in/a b+é.txt")
    aws("s3", "cp", f"s3://{name}/in/a b+é.txt", f"s3://{name}/copy")
    aws("s3", "cp", f"s3://{name}/copy", FOLDER / "back")
    expect((FOLDER / "back").read_bytes(), b"hello")
    expect(aws("s3", "cp", f"s3://{name}/copy", "-"), "hello", "the object on the standard output")


def s3_cp_multipart():
    name, content = bucket("multipart"), os.urandom(18 * MIB)
    aws("s3", "cp", file("big", content), f"s3://{name}/big")
    head = aws("s3api", "head-object", "--bucket", name, "--key", "big")
    expect((head["ETag"][-3:], head["ContentLength"]), ('-3"', len(content)))
    aws("s3", "cp", f"s3://{name}/big", FOLDER / "big-back")
    expect(hashlib.md5((FOLDER / "big-back").read_bytes()).digest(), hashlib.md5(content).digest(), "the content")
    aws("s3", "cp", f"s3://{name}/big", f"s3://{name}/big-copy")
    expect(aws("s3api", "head-object", "--bucket", name, "--key", "big-copy")["ContentLength"], len(content))


def s3_ls():
    name = bucket("ls")
    for key in ["a", "d/1", "d/2"]:
        aws("s3api", "put-object", "--bucket", name, "--key", key)
    lines = aws("s3", "ls", f"s3://{name}/").splitlines()
    expect([line.split()[-1] for line in lines], ["d/", "a"])
    expect(len(aws("s3", "ls", f"s3://{name}/", "--recursive", "--page-size", 1).splitlines()), 3, "lines")
    expect(name in aws("s3", "ls"), True, "the bucket in the list")


def s3_sync():
    name, source, target = bucket("sync"), FOLDER / "source", FOLDER / "target"
    for number in range(5):
        file(f"source/d{number % 2}/f{number}", str(number).encode())
    aws("s3", "sync", source, f"s3://{name}/x")
    expect(aws("s3", "sync", source, f"s3://{name}/x"), "", "what a second sync does")
    aws("s3", "sync", f"s3://{name}/x", target)
    found = {str(path.relative_to(target)): path.read_bytes() for path in target.rglob("f*")}
    expect(found, {f"d{number % 2}/f{number}": str(number).encode() for number in range(5)})
    (source / "d0/f0").unlink()
    aws("s3", "sync", source, f"s3://{name}/x", "--delete")
    expect(len(aws("s3", "ls", f"s3://{name}/x/", "--recursive").splitlines()), 4, "objects")


def s3_mv_rm_rb():
    name = bucket("mv")
    for key in ["a", "b", "c/d"]:
        aws("s3api", "put-object", "--bucket", name, "--key", key)
    aws("s3", "mv", f"s3://{name}/a", f"s3://{name}/z")
    aws("s3", "rm", f"s3://{name}/b")
    expect([line.split()[-1] for line in aws("s3", "ls", f"s3://{name}/", "--recursive").splitlines()], ["c/d", "z"])
    aws("s3", "rm", f"s3://{name}/c", "--recursive")
    refused("BucketNotEmpty", "s3api", "delete-bucket", "--bucket", name)
    aws("s3", "rb", f"s3://{name}", "--force")
    refused("404", "s3api", "head-bucket", "--bucket", name)


def s3_presign():
    name = bucket("presign")
    aws("s3", "cp", file("signed", b"signed"), f"s3://{name}/a/b c")
    url = aws("s3", "presign", f"s3://{name}/a/b c").strip()
    expect(urllib.request.urlopen(url).read(), b"signed")


def s3api_checksums():
    name, path = bucket("sums"), file("sum", b"hello")
    for algorithm in ["CRC32", "SHA1", "SHA256"]:
        put = aws("s3api", "put-object", "--bucket", name, "--key", algorithm, "--body", path, "--checksum-algorithm",
                  algorithm)
        got = aws("s3api", "get-object-attributes", "--bucket", name, "--key", algorithm, "--object-attributes",
                  "Checksum", "ObjectSize")
        expect((got["Checksum"][f"Checksum{algorithm}"], got["ObjectSize"]), (put[f"Checksum{algorithm}"], 5))


def s3api_conditions():
    name, path = bucket("conditions"), file("condition", b"0123456789")
    put = ["s3api", "put-object", "--bucket", name, "--key", "k", "--body", path]
    tag = aws(*put, "--if-none-match", "*")["ETag"]
    refused("PreconditionFailed", *put, "--if-none-match", "*")
    aws(*put, "--if-match", tag)
    part = aws("s3api", "get-object", "--bucket", name, "--key", "k", "--range", "bytes=2-4", FOLDER / "part")
    expect((part["ContentRange"], (FOLDER / "part").read_bytes()), ("bytes 2-4/10", b"234"))
    refused("PreconditionFailed", "s3api", "get-object", "--bucket", name, "--key", "k", "--if-match", "x",
            FOLDER / "part")


def s3api_settings():
    name = bucket("settings")
    aws("s3api", "put-bucket-versioning", "--bucket", name, "--versioning-configuration", "Status=Enabled")
    for _ in range(2):
        aws("s3api", "put-object", "--bucket", name, "--key", "k", "--tagging", "a=1")
    expect(len(aws("s3api", "list-object-versions", "--bucket", name)["Versions"]), 2, "versions")
    expect(aws("s3api", "get-object-tagging", "--bucket", name, "--key", "k")["TagSet"], [{"Key": "a", "Value": "1"}])
    rules = {"CORSRules": [{"AllowedMethods": ["GET"], "AllowedOrigins": ["*"]}]}
    aws("s3api", "put-bucket-cors", "--bucket", name, "--cors-configuration", json.dumps(rules))
    expect(aws("s3api", "get-bucket-cors", "--bucket", name), rules)
    aws("s3api", "put-bucket-tagging", "--bucket", name, "--tagging", "TagSet=[{Key=a,Value=b}]")
    expect(aws("s3api", "get-bucket-tagging", "--bucket", name)["TagSet"], [{"Key": "a", "Value": "b"}])


def s3api_notifications():
    name, queue = bucket("events"), make("events")
    wanted = {"QueueConfigurations": [{"Id": "x", "QueueArn": attributes(queue)["QueueArn"],
                                       "Events": ["s3:ObjectCreated:*"]}]}
    aws("s3api", "put-bucket-notification-configuration", "--bucket", name, "--notification-configuration",
        json.dumps(wanted))
    expect(aws("s3api", "get-bucket-notification-configuration", "--bucket", name), wanted)
    aws("s3api", "put-object", "--bucket", name, "--key", "k")
    bodies = [json.loads(message["Body"]) for message in receive(queue)]
    expect([body["Records"][0]["eventName"] for body in bodies if "Records" in body], ["ObjectCreated:Put"])


def s3api_out_of_scope():
    name = bucket("scope")
    refused("NotImplemented", "s3api", "put-bucket-acl", "--bucket", name, "--acl", "public-read")
    refused("NotImplemented", "s3api", "put-bucket-policy", "--bucket", name, "--policy", "{}")
    refused("NotImplemented", "s3", "website", f"s3://{name}", "--index-document", "index.html")


CHECKS = [
    s3_cp, s3_cp_multipart, s3_ls, s3_sync, s3_mv_rm_rb, s3_presign, s3api_checksums, s3api_conditions,
    s3api_settings, s3api_notifications, s3api_out_of_scope,
]

if __name__ == "__main__":
    run_checks("aws ", CHECKS)
