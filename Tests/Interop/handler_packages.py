"""The commands about packages and signatures: `handler_packages.py [CUSTOMERS.csv]`.

What is packed is read by GNU tar and by Python, what is signed is checked by OpenSSL and sha256sum, what OpenSSL signs is
taken here, and a changed file is found out.
"""

import hashlib
import json
import os
import pathlib
import subprocess
import tarfile
import tempfile

from checks import Checks
from stack import ROOT, binary

HANDLERS = pathlib.Path(binary()).parent / "handlers"


class Bench:
    """A folder with keys, a configuration and a handlers directory."""

    def __init__(self):
        self.folder = pathlib.Path(tempfile.mkdtemp(prefix="headrace-packages-"))
        self.handlers = self.folder / "handlers"
        self.configure("when-present")
        self.run("handler", "keygen", "ops")

    def configure(self, signatures):
        (self.folder / "headrace.yml").write_text(
            f"handlers:\n  directories: [handlers]\n  host: {HANDLERS.parent}/headrace-host\n"
            f"  signatures: {signatures}\n  trusted_keys: {{ ops: ops.pub.pem }}\n"
            "  grants:\n    limits: { memory: 256MiB }\n")

    def run(self, *words, code=0):
        env = {key: value for key, value in os.environ.items() if not key.startswith("HEADRACE_")}
        done = subprocess.run(
            [binary(), *map(str, words)], cwd=self.folder, env=env, capture_output=True, text=True, timeout=120)
        assert done.returncode == code, f"{words}: exit {done.returncode}: {done.stderr}"
        return done.stdout if code == 0 else done.stderr

    def shell(self, command, folder=None):
        return subprocess.run(command, shell=True, cwd=folder or self.folder, capture_output=True, text=True)


def pack(bench, name="a.tar", *options):
    source = HANDLERS / "churn-predict"
    return json.loads(bench.run("handler", "pack", source, "--include", "models", "--output", name, "--json", *options))


def same_bytes(bench):
    first, second = pack(bench, "a.tar"), pack(bench, "b.tar")
    contents = [(bench.folder / name).read_bytes() for name in ("a.tar", "b.tar")]
    assert contents[0] == contents[1] and first["sha256"] == second["sha256"]
    assert hashlib.sha256(contents[0]).hexdigest() == first["sha256"]


def readable(bench):
    packed = pack(bench)
    with tarfile.open(bench.folder / "a.tar") as archive:
        members = archive.getmembers()
    assert len(members) == packed["files"]
    assert all(member.isfile() and member.mtime == 0 and member.uid == 0 for member in members)
    assert all(member.name.startswith("churn-predict/") for member in members)
    assert bench.shell("tar -tf a.tar").stdout.splitlines() == [member.name for member in members]


def install_and_run(bench):
    pack(bench)
    said = bench.run("handler", "install", "a.tar")
    assert "installed churn-predict 1.0.0" in said, said
    assert "replaced churn-predict 1.0.0" in bench.run("handler", "install", "a.tar")
    assert [path.name for path in bench.handlers.iterdir()] == ["churn-predict"]
    listed = json.loads(bench.run("handler", "list", "--json"))["handlers"][0]
    assert (listed["status"], listed["signature"], listed["isolation"]) == ("ready", "unsigned", "pool"), listed


def explained(bench):
    rows = {row["key"]: row for row in json.loads(bench.run("handler", "explain", "churn-predict", "--json"))["grants"]}
    memory = rows["limits.memory"]
    assert (memory["requested"], memory["granted"], memory["effective"]) == ("512MiB", "256MiB", "256MiB"), memory
    assert memory["granted_at"].startswith("headrace.yml:7:"), memory
    assert "handler.yml:" in memory["requested_at"], memory
    text = bench.run("handler", "explain", "churn-predict")
    assert "headrace.yml:7" in text and "EFFECTIVE" in text, text


def required(bench):
    bench.configure("required")
    pack(bench)
    assert "not signed and handlers.signatures is required" in bench.run("handler", "install", "a.tar", code=3)
    packed = pack(bench, "signed.tar", "--key", "ops.pem", "--key-id", "ops")
    assert packed["key_id"] == "ops"
    bench.run("handler", "install", "signed.tar")
    listed = json.loads(bench.run("handler", "list", "--json"))["handlers"][0]
    assert listed["signature"] == "verified (ops)", listed
    assert "verified (ops)" in bench.run("handler", "verify", "handlers/churn-predict")


def independent(bench):
    folder = bench.handlers / "churn-predict"
    done = bench.shell(
        "sha256sum --quiet --strict --check handler.sha256 && openssl pkeyutl -verify -pubin -inkey ../../ops.pub.pem"
        " -rawin -in handler.sha256 -sigfile handler.sig", folder)
    assert done.returncode == 0, done.stderr
    done = bench.shell(
        "openssl genpkey -algorithm ed25519 -out other.pem && openssl pkey -in other.pem -pubout -out other.pub.pem && "
        "openssl pkeyutl -sign -inkey other.pem -rawin -in handlers/churn-predict/handler.sha256 -out other.sig")
    assert done.returncode == 0, done.stderr
    (folder / "handler.sig").write_bytes((bench.folder / "other.sig").read_bytes())
    assert "no signature of handler.sha256 by the key ops" in bench.run("handler", "verify", folder, code=3)
    bench.run("handler", "verify", folder, "--key", "other.pub.pem")


def altered(bench):
    bench.run("handler", "install", "signed.tar")
    model = next((bench.handlers / "churn-predict" / "models").rglob("*.json"))
    model.write_bytes(model.read_bytes() + b" ")
    fault = bench.run("handler", "verify", "handlers/churn-predict", code=3)
    assert "was altered after the handler was signed" in fault and model.name in fault, fault
    assert "was altered" in bench.run("handler", "list", code=3)


def hostile_archives(bench):
    for name, member in (("up", "../escape"), ("link", "churn-predict/handler.yml")):
        path = bench.folder / f"{name}.tar"
        with tarfile.open(path, "w") as archive:
            entry = tarfile.TarInfo(member)
            if name == "link":
                entry.type, entry.linkname = tarfile.SYMTYPE, "/etc/passwd"
            archive.addfile(entry)
        bench.run("handler", "install", path, code=3)
    assert not (bench.folder / "escape").exists() and not (bench.handlers / "escape").exists()
    assert [path.name for path in bench.handlers.iterdir()] == ["churn-predict"]


def schema(bench):
    published = json.loads(bench.run("handler", "schema"))
    assert published == json.loads((ROOT / "Sources/HandlerHosting/Schema/handler.schema.json").read_text())


def main():
    bench = Bench()
    checks = Checks()
    checks.run("the same files give the same bytes", lambda: same_bytes(bench))
    checks.run("GNU tar and Python read the archive", lambda: readable(bench))
    checks.run("an archive is installed and replaced", lambda: install_and_run(bench))
    checks.run("request, grant and effective value have their places", lambda: explained(bench))
    checks.run("a required signature is required, and good when it is there", lambda: required(bench))
    checks.run("OpenSSL and sha256sum agree about signatures, both ways", lambda: independent(bench))
    checks.run("an altered file is named", lambda: altered(bench))
    checks.run("archives with links or ways out leave no trace", lambda: hostile_archives(bench))
    checks.run("the published schema is the one that is printed", lambda: schema(bench))
    checks.finish("handler packages")


if __name__ == "__main__":
    main()
