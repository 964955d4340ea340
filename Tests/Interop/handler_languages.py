"""Handlers that `headrace handler new` starts in Swift, C, C++ and Rust: each is built as it is, and gives the same.

Nothing of the project is used but its binaries and the folder `sdk` beside them.
"""

import json
import os
import pathlib
import random
import shutil
import subprocess
import tempfile
import time

from checks import Checks, expect
from stack import binary

LANGUAGES = {"swift": "swift", "c": "cc", "cpp": "c++", "rust": "cargo"}
NAME = "row-count"


def inputs(folder):
    """Name to a file and the parameters of a job on it."""
    rows = random.Random(7)
    large = "".join(f"{i},{rows.random()},{'x' * rows.randrange(40)}\n" for i in range(60_000))
    texts = {
        "four rows, two kept": ("a,b\n1,2\n3,4\n5,6\n7,8\n", {"limit": 2}),
        "all kept": ("a,b\n1,2\n3,4\n", {}),
        "no line end at the end": ("a,b\n1,2\n3,4", {"limit": 1}),
        "carriage returns": ("a,b\r\n1,2\r\n3,4\r\n", {"limit": 1}),
        "a header alone": ("a,b\n", {"limit": 5}),
        "a header without a line end": ("a,b", {"limit": 5}),
        "empty lines": ("a\n\n\n\nb", {"limit": 2}),
        "no line at all": ("", {}),
        "megabytes": ("number,value,text\n" + large, {"limit": 50_000}),
        "megabytes, one row kept": ("number,value,text\n" + large, {"limit": 1}),
    }
    for number, (name, (text, params)) in enumerate(texts.items()):
        path = folder / f"{number}.csv"
        path.write_bytes(text.encode())
        yield name, path, params


def headrace(*words, cwd, check=True):
    environment = {k: v for k, v in os.environ.items() if not k.startswith(("AWS_", "HEADRACE_", "MAKE", "MFLAGS"))}
    done = subprocess.run([binary(), *map(str, words)], cwd=cwd, env=environment, capture_output=True, text=True)
    if check and done.returncode != 0:
        raise AssertionError(f"headrace {' '.join(map(str, words))}: exit {done.returncode}: {done.stderr[-2000:]}")
    return done


def outcome(project, path, params):
    """What one run comes to, without times and paths."""
    out = project / "out"
    done = headrace("handler", "run", project, "--input", f"csv={path}", "--payload", json.dumps(params),
                    "--output", out, "--json", "--no-build", cwd=project, check=False)
    report = json.loads(done.stdout)
    expect(done.returncode, 0 if report["status"] == "ok" else 1, "the exit code")
    contents = {file["name"]: pathlib.Path(file["path"]).read_bytes() for file in report["outputs"]}
    return report["status"], report.get("code"), report.get("result"), contents


def main():
    checks = Checks()
    folder = pathlib.Path(tempfile.mkdtemp(prefix="headrace-languages-"))
    projects = {}

    def make(language):
        started = time.monotonic()
        project = folder / language
        headrace("handler", "new", NAME, "--lang", language, "--directory", project, cwd=folder)
        report = headrace("handler", "run", project, "--example", "the first two rows", "--json", cwd=project)
        expect(json.loads(report.stdout)["result"], {"rows": 4, "kept": 2}, "the example's result")
        print(f"    {language}: from `new` to a green `run` in {time.monotonic() - started:.1f} s", flush=True)
        projects[language] = project

    for language, compiler in LANGUAGES.items():
        if shutil.which(compiler) is None:
            checks.skip(f"{language} builds and runs", f"{compiler} is not on the PATH")
            continue
        checks.run(f"{language} builds and runs", lambda: make(language))

    for name, path, params in inputs(folder):
        def same():
            found = {language: outcome(project, path, params) for language, project in projects.items()}
            first = next(iter(found))
            for language in found:
                expect(found[language], found[first], f"{language} beside {first}")
            lines = path.read_bytes().decode().split("\n")
            rows = len(lines) - (1 if lines[-1] == "" else 0) - 1
            status, code, result, contents = found[first]
            if rows < 0:
                expect((status, code, contents), ("invalid-input", "file-empty", {}), "an empty file")
                return
            kept = min(rows, params.get("limit", rows))
            expect((status, result), ("ok", {"rows": rows, "kept": kept}), "the result")
            text = path.read_bytes().split(b"\n")
            expect(contents["head.csv"], b"\n".join(text[:kept + 1]) + (b"\n" if len(text) > kept + 1 else b""),
                   "the output")
        checks.run(f"all languages alike: {name}", same)

    for language, project in projects.items():
        checks.run(f"{language} passes handler check untouched",
                   lambda: headrace("handler", "check", project, cwd=project))
    shutil.rmtree(folder)
    checks.finish("in " + ", ".join(projects))


main()
