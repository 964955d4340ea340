"""Holds `lab validate` to its JSON Schema: both must agree about mutated scenario files, by other people's readers.

Usage: scenario_schema.py LAB [COUNT] [SEED]
"""

import copy
import json
import pathlib
import random
import re
import subprocess
import sys
import tempfile

import jsonschema
import yaml

ROOT = pathlib.Path(__file__).resolve().parents[2]


class Reader(yaml.SafeLoader):
    """YAML 1.2's core schema: yes, no, on, off and dates are texts."""


Reader.yaml_implicit_resolvers = {}
for tag, pattern, starts in [
    ("null", r"^(?:~|null|Null|NULL|)$", ["~", "n", "N", ""]),
    ("bool", r"^(?:true|True|TRUE|false|False|FALSE)$", list("tTfF")),
    ("int", r"^(?:[-+]?[0-9]+|0o[0-7]+|0x[0-9a-fA-F]+)$", list("-+0123456789")),
    ("float", r"^[-+]?(?:\.[0-9]+|[0-9]+(?:\.[0-9]*)?)(?:[eE][-+]?[0-9]+)?$", list("-+.0123456789")),
]:
    Reader.add_implicit_resolver(f"tag:yaml.org,2002:{tag}", re.compile(pattern), starts)

SCALARS = [
    None, True, 0, -1, 1, 2.5, 1000000, "", "x", "j1", "30s", "2 min", "-10m", "64KiB", "10MB", "50%", "120%", "20/s",
    "1,4", "4..2", "COMPLETED", "COMPLETD", "TERM", "job.claimed", "no_lost_jobs", "${matrix.x}", "${seed", "*", [], {},
    [1], {"eq": 1}, {"gte": 0, "lt": "x"}, {"matches": "a.b"}, {"between": [1, 2]}, {"a": 1}, [["ok"]], "-1m..1m",
    "0.9..1.1", "2026-01-01T00:00:00Z",
]


def places(value, path=()):
    """All containers inside a value, with the keys or indexes that they have."""
    if isinstance(value, dict):
        yield path, value
        for key, inner in value.items():
            yield from places(inner, path + (key,))
    elif isinstance(value, list):
        yield path, value
        for index, inner in enumerate(value):
            yield from places(inner, path + (index,))


def mutate(document, draw, names, pieces):
    """The document with one or two members removed, renamed, added, doubled or exchanged."""
    document = copy.deepcopy(document)
    for _ in range(draw.choice([1, 1, 1, 2])):
        _, container = draw.choice(list(places(document)))
        keys = list(container) if isinstance(container, dict) else list(range(len(container)))
        kind = draw.randrange(5)
        if isinstance(container, dict) and (kind == 0 or not keys):
            container[draw.choice(names)] = copy.deepcopy(draw.choice(pieces))
        elif not keys:
            container.append(copy.deepcopy(draw.choice(pieces)))
        elif kind == 1:
            del container[draw.choice(keys)]
        elif kind == 2 and isinstance(container, dict):
            container[draw.choice(names)] = container.pop(draw.choice(keys))
        elif kind == 3:
            container[draw.choice(keys)] = copy.deepcopy(draw.choice(pieces))
        else:
            container[draw.choice(keys)] = copy.deepcopy(draw.choice(SCALARS))
    return document


def main():
    lab = sys.argv[1]
    count = int(sys.argv[2]) if len(sys.argv) > 2 else 10_000
    seed = int(sys.argv[3]) if len(sys.argv) > 3 else 1
    draw = random.Random(seed)
    schema = json.loads((ROOT / "Scenarios/scenario.schema.json").read_text())
    jsonschema.Draft202012Validator.check_schema(schema)
    validator = jsonschema.Draft202012Validator(schema)
    sources = sorted((ROOT / "Scenarios").glob("*.yml")) + [ROOT / "Tests/ScenarioDSLTests/complete.yml"]
    documents = [yaml.load(path.read_text(), Reader) for path in sources]
    for path, document in zip(sources, documents):
        assert validator.is_valid(document), f"{path} does not have the form of the schema"
    names = sorted({key for d in documents for _, c in places(d) if isinstance(c, dict) for key in c})
    pieces = SCALARS + [c for d in documents for _, c in places(d)]

    with tempfile.TemporaryDirectory() as folder:
        mutants = {}
        for number in range(count):
            name = f"{number:06}.yml"
            mutants[name] = mutate(draw.choice(documents), draw, names, pieces)
            # Every other one in block style, the rest as JSON, which YAML reads as well.
            text = (
                yaml.safe_dump(mutants[name], sort_keys=False, allow_unicode=True)
                if number % 2
                else json.dumps(mutants[name], ensure_ascii=False)
            )
            pathlib.Path(folder, name).write_text(text, encoding="utf-8")
        done = subprocess.run([lab, "validate", "--json", folder], capture_output=True, text=True, check=False)
        assert done.returncode in (0, 2), f"lab ended with {done.returncode}: {done.stderr}"
        files = json.loads(done.stdout)["files"]
        assert len(files) == count, f"expected {count} verdicts, found {len(files)}"

        disagreements, valid = [], 0
        for file in files:
            name = pathlib.PurePath(file["path"]).name
            codes = [d["code"] for d in file["diagnostics"]]
            assert not any(code.startswith("LAB0") for code in codes), f"{name} was not read: {codes}"
            # A value of the matrix may lack the form where it is put in; the schema cannot see that far.
            lines = [d for d in file["diagnostics"] if d["code"].startswith("LAB1") and d["cell"] is None]
            is_valid = validator.is_valid(mutants[name])
            valid += is_valid
            if is_valid == bool(lines):
                reason = next(iter(validator.iter_errors(mutants[name])), None)
                disagreements.append((name, lines[:2], reason and reason.message[:200], mutants[name]))
    for name, lines, reason, document in disagreements[:10]:
        print(f"{name}: lab says {lines or 'nothing'}; schema says {reason or 'nothing'}\n  {json.dumps(document)[:2000]}")
    print(f"scenario_schema: {count} mutants of seed {seed}, {valid} with the form, {len(disagreements)} disagreements")
    sys.exit(1 if disagreements else 0)


if __name__ == "__main__":
    main()
