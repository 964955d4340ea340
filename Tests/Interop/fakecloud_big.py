"""Sends a large object up and down in parts, and watches the server's memory: `fakecloud_big.py [GIB]`.

Uploads with boto3's transfer manager (parts of 16 MiB, four at a time), reads the object back twice, at one go and in
parallel ranges, compares every byte, and fails when the server ever had more than 100 MiB resident. Needs free disk
space of the object's size. With and without a data directory.
"""

import concurrent.futures
import hashlib
import io
import random
import sys
import tempfile
import time

from boto3.s3.transfer import TransferConfig
from botocore.config import Config

from lab_server import LabServer

MIB = 1 << 20
LIMIT_MIB = 100
PART_BYTES = 16 * MIB
WORKERS = 4


class Pattern:
    """Bytes of a length of its own in which no two blocks of 1 MiB are the same, without keeping them."""

    def __init__(self, size):
        self.size = size
        self.filling = random.Random(1).randbytes(MIB - 8)

    def block(self, number):
        return number.to_bytes(8, "big") + self.filling

    def read(self, start, count):
        first, last = start // MIB, (start + count - 1) // MIB
        whole = b"".join(self.block(number) for number in range(first, last + 1))
        return whole[start - first * MIB:][:count]


class PatternFile(io.RawIOBase):
    """A pattern as a file that can be read."""

    def __init__(self, pattern):
        self.pattern, self.place = pattern, 0

    def readable(self):
        return True

    def seekable(self):
        return True

    def tell(self):
        return self.place

    def seek(self, offset, whence=io.SEEK_SET):
        self.place = offset + {io.SEEK_SET: 0, io.SEEK_CUR: self.place, io.SEEK_END: self.pattern.size}[whence]
        return self.place

    def read(self, count=-1):
        left = self.pattern.size - self.place
        count = left if count is None or count < 0 else min(count, left)
        data = self.pattern.read(self.place, count) if count else b""
        self.place += len(data)
        return data


def upload(s3, pattern):
    settings = TransferConfig(multipart_threshold=PART_BYTES, multipart_chunksize=PART_BYTES, max_concurrency=WORKERS)
    s3.upload_fileobj(PatternFile(pattern), "big", "object", Config=settings)
    size = s3.head_object(Bucket="big", Key="object")["ContentLength"]
    if size != pattern.size:
        raise AssertionError(f"expected {pattern.size} bytes, found {size}")


def download_at_one_go(s3, pattern):
    body = s3.get_object(Bucket="big", Key="object")["Body"]
    for number in range(pattern.size // MIB):
        if body.read(MIB) != pattern.block(number):
            raise AssertionError(f"block {number} is not the one that was sent")
    if body.read(1):
        raise AssertionError("there are more bytes than were sent")


def download_ranges(s3, pattern):
    def check(start):
        end = min(start + PART_BYTES, pattern.size)
        got = s3.get_object(Bucket="big", Key="object", Range=f"bytes={start}-{end - 1}")["Body"].read()
        if hashlib.sha256(got).digest() != hashlib.sha256(pattern.read(start, end - start)).digest():
            raise AssertionError(f"the range from {start} is not what was sent")

    with concurrent.futures.ThreadPoolExecutor(WORKERS) as pool:
        list(pool.map(check, range(0, pattern.size, PART_BYTES)))


def measure(pattern, options):
    """Runs all steps on a server; returns the most MiB that it had resident."""
    with LabServer(*options) as server:
        s3 = server.client("s3", Config(read_timeout=120))
        s3.create_bucket(Bucket="big")
        server.forget_peak()
        for step in [upload, download_at_one_go, download_ranges]:
            started = time.monotonic()
            step(s3, pattern)
            seconds = time.monotonic() - started
            print(f"  {step.__name__.replace('_', ' ')}: {pattern.size / MIB / seconds:.0f} MiB/s in {seconds:.1f} s, "
                  f"peak so far {server.memory('VmHWM'):.0f} MiB", flush=True)
        return server.memory("VmHWM")


def main(gib):
    pattern = Pattern(int(gib * 1024) * MIB)
    peaks = []
    with tempfile.TemporaryDirectory(prefix="headrace-big-") as folder:
        for name, options in [("without a data directory", []), ("with a data directory", ["--data", folder])]:
            print(f"{pattern.size / MIB:.0f} MiB {name}", flush=True)
            peaks.append(measure(pattern, options))
    failed = sum(peak > LIMIT_MIB for peak in peaks)
    print(f"peaks of {', '.join(f'{peak:.0f} MiB' for peak in peaks)}, {LIMIT_MIB} MiB allowed: "
          f"{len(peaks) - failed} passed, {failed} failed")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main(float(sys.argv[1]) if len(sys.argv) > 1 else 2))
