"""Drives S3 of a running fake cloud with s3cmd: `fakecloud_s3cmd.py ENDPOINT [ACCESS_KEY SECRET]`.

Needs the Debian package s3cmd. Prints one line per check and exits 1 when one failed; a machine without s3cmd is told
so, and that is no failure.
"""

import os
import pathlib
import shutil
import subprocess
import sys
import tempfile
import urllib.parse
import urllib.request
import uuid

from checks import Checks, expect

ENDPOINT = sys.argv[1]
KEY = sys.argv[2] if len(sys.argv) > 2 else "headrace"
SECRET = sys.argv[3] if len(sys.argv) > 3 else "headrace-local-secret"
HOST = urllib.parse.urlsplit(ENDPOINT).netloc
BUCKET = f"s3://s3cmd-{uuid.uuid4().hex[:8]}"
FOLDER = pathlib.Path(tempfile.mkdtemp(prefix="headrace-s3cmd-"))
MIB = 1 << 20


def s3cmd(*arguments, code=0):
    """Runs s3cmd, and returns the lines of its standard output."""
    # A host template without a bucket in it asks for path style.
    command = ["s3cmd", "--config", str(FOLDER / "none"), "--access_key", KEY, "--secret_key", SECRET, "--host", HOST,
               "--host-bucket", HOST, "--no-ssl", "--no-progress", *map(str, arguments)]
    done = subprocess.run(command, capture_output=True, text=True, timeout=120, stdin=subprocess.DEVNULL)
    if done.returncode != code:
        raise AssertionError(f"s3cmd {' '.join(map(str, arguments))}: exit {done.returncode}: {done.stderr}")
    return done.stdout.splitlines()


def file(name, content):
    path = FOLDER / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content)
    return path


def keys(prefix=""):
    return [line.split(BUCKET + "/", 1)[1] for line in s3cmd("ls", "--recursive", f"{BUCKET}/{prefix}")]


def make_bucket():
    s3cmd("mb", BUCKET)
    expect(any(line.endswith(BUCKET) for line in s3cmd("ls")), True, "the bucket in the list")


def put_and_get():
    content = os.urandom(300_000)
    s3cmd("put", file("a b+é.bin", content), BUCKET + "/in/a b+é.bin")
    s3cmd("get", BUCKET + "/in/a b+é.bin", FOLDER / "back")
    expect((FOLDER / "back").read_bytes() == content, True, "the same bytes")
    s3cmd("get", BUCKET + "/missing", FOLDER / "missing", code=64)


def list_with_folders():
    for key in ["list/1", "list/2", "list/d/3"]:
        s3cmd("put", file("small", b"x"), f"{BUCKET}/{key}")
    shown = [line.split(BUCKET + "/", 1)[1] for line in s3cmd("ls", BUCKET + "/list/")]
    expect(sorted(shown), ["list/1", "list/2", "list/d/"])
    expect(keys("list/"), ["list/1", "list/2", "list/d/3"])


def multipart():
    content = os.urandom(17 * MIB)
    told = s3cmd("put", "--progress", "--multipart-chunk-size-mb=5", file("big", content), BUCKET + "/big")
    expect(any("part 4 of 4" in line for line in told), True, f"four parts in {told[-1:]}")
    s3cmd("get", BUCKET + "/big", FOLDER / "big-back")
    expect((FOLDER / "big-back").read_bytes() == content, True, "the same bytes")


def copy_and_move():
    s3cmd("put", file("small", b"copied"), BUCKET + "/from")
    s3cmd("cp", BUCKET + "/from", BUCKET + "/copied")
    s3cmd("mv", BUCKET + "/from", BUCKET + "/moved")
    expect([key for key in keys() if key in ("from", "copied", "moved")], ["copied", "moved"])


def sync_both_ways():
    for number in range(4):
        file(f"up/d{number % 2}/{number}", str(number).encode())
    s3cmd("sync", str(FOLDER / "up") + "/", BUCKET + "/sync/")
    expect(keys("sync/"), ["sync/d0/0", "sync/d0/2", "sync/d1/1", "sync/d1/3"])
    (FOLDER / "up/d0/0").unlink()
    file("up/d1/1", b"changed")
    s3cmd("sync", "--delete-removed", str(FOLDER / "up") + "/", BUCKET + "/sync/")
    (FOLDER / "down").mkdir()
    s3cmd("sync", BUCKET + "/sync/", str(FOLDER / "down") + "/")
    found = {str(path.relative_to(FOLDER / "down")): path.read_bytes() for path in (FOLDER / "down").rglob("?")}
    expect(found, {"d0/2": b"2", "d1/1": b"changed", "d1/3": b"3"})


def presigned():
    s3cmd("put", file("small", b"signed"), BUCKET + "/signed")
    url = s3cmd("signurl", BUCKET + "/signed", "+60")[0]
    expect(urllib.request.urlopen(url).read(), b"signed")


def info():
    s3cmd("put", "--add-header", "x-amz-meta-who: me", file("small", b"x"), BUCKET + "/info")
    shown = " ".join(s3cmd("info", BUCKET + "/info"))
    expect("x-amz-meta-who: me" in shown and "MD5 sum:" in shown, True, shown)
    expect(any("Location:" in line for line in s3cmd("info", BUCKET)), True, "the bucket's location")


def delete():
    s3cmd("del", BUCKET + "/moved")
    expect("moved" in keys(), False, "an object that was deleted")
    s3cmd("del", "--recursive", "--force", BUCKET)
    expect(keys(), [], "objects")


CHECKS = [
    make_bucket, put_and_get, list_with_folders, multipart, copy_and_move, sync_both_ways, presigned, info,
    delete,
]


def main():
    if not shutil.which("s3cmd"):
        print("0 passed, 0 failed: s3cmd is not installed on this machine; `apt-get install s3cmd` brings it")
        return
    checks = Checks()
    for check in CHECKS:
        checks.run("s3cmd " + check.__name__.replace("_", " "), check)
    version = subprocess.run(["s3cmd", "--version"], capture_output=True, text=True).stdout.strip()
    checks.finish(f"with {version}")


if __name__ == "__main__":
    main()
