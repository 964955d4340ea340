"""Runs named checks, says how each went, and counts them."""

import pathlib
import sys
import time
import traceback


class Skipped(Exception):
    """Raised by a check that cannot be made on this machine; says why."""


class Checks:
    """Prints one line for each check as it ends, and at the end how many passed and failed."""

    def __init__(self):
        self.passed = 0
        self.failed = 0
        self.skipped = 0
        self.started = time.monotonic()

    def run(self, name, check):
        """Runs a check: what it raises is its failure; the checks after it run all the same."""
        try:
            check()
        except Skipped as reason:
            self.skip(name, reason)
        except Exception as error:
            self.failed += 1
            print(f"FAILED  {name}: {type(error).__name__}: {error} ({place(error)})", flush=True)
        else:
            self.passed += 1
            print(f"ok  {name}", flush=True)

    def skip(self, name, reason):
        """Says that a check was not made, and why."""
        self.skipped += 1
        print(f"skipped  {name}: {reason}", flush=True)

    def finish(self, what=""):
        """Ends the script with the counts: exit code 1 when a check failed, or when there was none."""
        skipped = f", {self.skipped} skipped" if self.skipped else ""
        print(f"{self.passed} passed, {self.failed} failed{skipped}"
              f"{' ' + what if what else ''} ({time.monotonic() - self.started:.1f} s)")
        sys.exit(1 if self.failed or not self.passed else 0)


def place(error):
    """The line of the script in which a check failed."""
    script = pathlib.Path(sys.argv[0]).resolve()
    frames = [frame for frame in traceback.extract_tb(error.__traceback__)
              if pathlib.Path(frame.filename).resolve() == script]
    return f"{script.name}:{frames[-1].lineno}" if frames else script.name


def expect(found, wanted, what="the answer"):
    """Raises unless a value is the one that is wanted."""
    if found != wanted:
        raise AssertionError(f"{what}: expected {wanted!r}, found {found!r}")


def api_name(function_name):
    """`get_queue_url` as the API spells it: `GetQueueUrl`."""
    return "".join(word.capitalize() for word in function_name.split("_"))
