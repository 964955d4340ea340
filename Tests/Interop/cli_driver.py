"""The AWS CLI inside this process, for the suites that drive a running fake cloud with it, and what they share.

The CLI (version 1, from PyPI) runs in the process of the suite, because starting it takes longer than what it does. The
command line names the server: ENDPOINT [ACCESS_KEY SECRET].
"""

import contextlib
import io
import json
import os
import pathlib
import sys
import tempfile
import uuid

from awscli import __version__
from awscli.clidriver import create_clidriver

from checks import Checks

ENDPOINT = sys.argv[1]
KEY = sys.argv[2] if len(sys.argv) > 2 else "headrace"
SECRET = sys.argv[3] if len(sys.argv) > 3 else "headrace-local-secret"
RUN = uuid.uuid4().hex[:8]
FOLDER = pathlib.Path(tempfile.mkdtemp(prefix="headrace-cli-"))
MIB = 1 << 20
DRIVER = create_clidriver()


class Refused(Exception):
    """The CLI ended with another exit code than 0; the text is what it wrote to the standard error."""


def aws(*arguments):
    """Runs the CLI, and returns its standard output: a document where it is one."""
    written = io.TextIOWrapper(io.BytesIO(), encoding="utf-8", write_through=True)
    complaints = io.TextIOWrapper(io.BytesIO(), encoding="utf-8", write_through=True)
    with contextlib.redirect_stdout(written), contextlib.redirect_stderr(complaints):
        try:
            code = DRIVER.main([*map(str, arguments), "--endpoint-url", ENDPOINT])
        except SystemExit as end:
            code = end.code
    text = written.buffer.getvalue().decode()
    if code != 0:
        raise Refused(f"aws {' '.join(map(str, arguments))}: exit {code}: {complaints.buffer.getvalue().decode()}")
    return json.loads(text) if text.startswith("{") else text


def refused(code, *arguments):
    try:
        aws(*arguments)
    except Refused as error:
        if f"({code})" not in str(error):
            raise AssertionError(f"expected {code}, found: {error}")
        return
    raise AssertionError(f"expected a refusal with {code}: aws {' '.join(map(str, arguments))}")


def sqs(action, *arguments):
    return aws("sqs", action, *arguments)


def make(name, **attributes):
    more = ["--attributes", json.dumps(attributes)] if attributes else []
    return sqs("create-queue", "--queue-name", f"{name}-{RUN}", *more)["QueueUrl"]


def attributes(queue):
    return sqs("get-queue-attributes", "--queue-url", queue, "--attribute-names", "All")["Attributes"]


def send(queue, body):
    return sqs("send-message", "--queue-url", queue, "--message-body", body)


def receive(queue, *more):
    answer = sqs("receive-message", "--queue-url", queue, "--max-number-of-messages", 10, *more)
    return answer["Messages"] if answer else []


def run_checks(prefix, checks_to_run):
    """Runs checks one after the other, named after their functions, and ends the script."""
    # The CLI itself says with AWS_DATA_PATH where its data are.
    for name in [name for name in os.environ if name.startswith("AWS_") and name != "AWS_DATA_PATH"]:
        del os.environ[name]
    os.environ.update({
        "AWS_ACCESS_KEY_ID": KEY, "AWS_SECRET_ACCESS_KEY": SECRET, "AWS_DEFAULT_REGION": "us-east-1",
        "AWS_CONFIG_FILE": str(FOLDER / "none"), "AWS_MAX_ATTEMPTS": "1", "AWS_PAGER": ""})
    checks = Checks()
    for check in checks_to_run:
        checks.run(prefix + check.__name__.replace("_", "-"), check)
    checks.finish(f"with awscli {__version__}")
