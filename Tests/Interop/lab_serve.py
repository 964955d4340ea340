"""Starts and ends `lab serve` in every way that it offers: options, seed files, exit codes, signals.

Prints one line per check and exits 1 when one failed.
"""

import http.client
import json
import pathlib
import signal
import socket
import subprocess
import tempfile
import threading
import time

from botocore.exceptions import BotoCoreError, ClientError

from checks import Checks, expect
from lab_server import LabServer, binary, clean_environment

FOLDER = pathlib.Path(tempfile.mkdtemp(prefix="headrace-serve-"))


def lab(*arguments):
    """Runs the program to its end."""
    return subprocess.run([binary(), *map(str, arguments)], capture_output=True, text=True, timeout=30,
                          env=clean_environment(), stdin=subprocess.DEVNULL)


def fails(code, *words, arguments):
    """Sees a command fail with an exit code and with words in what it says; nothing goes to the standard output."""
    done = lab(*arguments)
    expect((done.returncode, done.stdout), (code, ""), "exit code and standard output")
    for word in words:
        expect(word in done.stderr, True, f"{word!r} in {done.stderr!r}")
    return done.stderr


def seed(text):
    path = FOLDER / "seed.yml"
    path.write_text(text)
    return path


def prints_variables_to_paste():
    process = subprocess.Popen([binary(), "serve", "--port", "0"], stdout=subprocess.PIPE, stderr=subprocess.PIPE,
                               text=True, env=clean_environment())
    line = process.stdout.readline()
    process.send_signal(signal.SIGTERM)
    _, words = process.communicate(timeout=30)
    names = [pair.split("=")[0] for pair in line.removeprefix("export ").split()]
    expect(names, ["AWS_ENDPOINT_URL", "AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_REGION",
                   "AWS_DEFAULT_REGION"])
    expect("/_lab/ui" in words, True, words)


def json_line():
    with LabServer("--region", "eu-west-1") as server:
        expect(set(server.document), {"endpoint_url", "access_key_id", "secret_access_key", "region", "page", "lab"})
        expect(server.document["region"], "eu-west-1")
        page = http.client.HTTPConnection(server.host, server.port)
        page.request("GET", server.document["page"].removeprefix(server.endpoint))
        expect(page.getresponse().status, 200, "the status of the page")


def port_zero_is_a_free_port():
    with LabServer() as first, LabServer() as second:
        expect(first.port != second.port and first.port > 0, True, f"two ports: {first.port}, {second.port}")


def port_in_use():
    with LabServer() as server:
        fails(3, f"port {server.port} of 127.0.0.1 is in use", "--port 0", arguments=["serve", "--port", server.port])


def address_of_no_machine():
    fails(3, "cannot listen on 192.0.2.1", "address of this machine", arguments=["serve", "--host", "192.0.2.1",
                                                                                "--port", "0"])


def clock_frozen():
    with LabServer("--clock", "frozen") as server:
        shown = [server.door("GET", "/_lab/clock") for _ in range(2)]
        expect((shown[0]["mode"], shown[0]["now"]), ("frozen", shown[1]["now"]))


def clock_offset():
    for option, ahead in [("+2h", 7200), ("-15m", -900), ("14d", 1209600)]:
        with LabServer("--clock", option) as server:
            shown = server.door("GET", "/_lab/clock")
            expect((shown["mode"], round(shown["ahead_seconds"])), ("offset", ahead))


def auth_verify():
    with LabServer() as server:
        try:
            server.client("sqs", aws_secret_access_key="wrong").list_queues()
        except ClientError as error:
            return expect(error.response["Error"]["Code"], "SignatureDoesNotMatch")
        raise AssertionError("a wrong secret was accepted")


def auth_accept():
    with LabServer("--auth", "accept") as server:
        server.client("sqs", aws_secret_access_key="wrong", aws_access_key_id="anyone").list_queues()
        connection = http.client.HTTPConnection(server.host, server.port)
        connection.request("PUT", "/unsigned")
        expect(connection.getresponse().status, 200, "the status of a request without a signature")


def data_directory():
    folder = FOLDER / "data"
    with LabServer("--data", str(folder)) as server:
        sqs, s3 = server.client("sqs"), server.client("s3")
        sqs.send_message(QueueUrl=sqs.create_queue(QueueName="kept")["QueueUrl"], MessageBody="kept")
        s3.create_bucket(Bucket="kept")
        s3.put_object(Bucket="kept", Key="k", Body=b"kept")
        fails(3, "is in use by another server", arguments=["serve", "--port", "0", "--data", folder])
        expect(server.stop(), 0, "the exit code")
    with LabServer("--data", str(folder)) as server:
        sqs = server.client("sqs")
        url = sqs.get_queue_url(QueueName="kept")["QueueUrl"]
        expect(sqs.receive_message(QueueUrl=url)["Messages"][0]["Body"], "kept")
        expect(server.client("s3").get_object(Bucket="kept", Key="k")["Body"].read(), b"kept")


def data_directory_that_is_a_file():
    path = FOLDER / "file"
    path.write_text("x")
    fails(3, str(path), arguments=["serve", "--port", "0", "--data", path])


def seed_file():
    (FOLDER / "b.csv").write_text("id\n1\n")
    path = seed("""
queues:
  - name: jobs
    attributes: {VisibilityTimeout: 31}
    dead_letter: {queue: jobs-dlq, max_receives: 5}
    messages: ['{"job": 1}', second]
  - name: jobs-dlq
buckets:
  - name: data
    objects:
      - {key: in/a.csv, text: "id,name"}
      - {key: in/b.csv, file: b.csv}
""")
    with LabServer("--seed-file", str(path)) as server:
        sqs, s3 = server.client("sqs"), server.client("s3")
        url = sqs.get_queue_url(QueueName="jobs")["QueueUrl"]
        shown = sqs.get_queue_attributes(QueueUrl=url, AttributeNames=["All"])["Attributes"]
        policy = json.loads(shown["RedrivePolicy"])
        expect((shown["VisibilityTimeout"], policy["maxReceiveCount"]), ("31", 5))
        expect(policy["deadLetterTargetArn"].endswith(":jobs-dlq"), True, policy)
        got = sqs.receive_message(QueueUrl=url, MaxNumberOfMessages=10)["Messages"]
        expect([message["Body"] for message in got], ['{"job": 1}', "second"])
        expect(s3.get_object(Bucket="data", Key="in/b.csv")["Body"].read(), b"id\n1\n")
        server.door("POST", "/_lab/reset")
        expect(len(sqs.receive_message(QueueUrl=url, MaxNumberOfMessages=10)["Messages"]), 2, "messages after a reset")


def seed_file_faults():
    for text, words in [
            ("queues: jobs", ["1:9: expected a list", "found the text"]),
            ("queues:\n  - nmae: x", ["2:5: there is no \"nmae\"", "known: name, attributes"]),
            ("buckets:\n  - name: b\n    objects:\n      - {key: k, file: none}", ["4:24:", "none cannot be read"]),
            ("queues: [", ["expected YAML"]),
            ("queues:\n  - name: bad name", ["2:5: the queue \"bad name\" cannot be made", "alphanumeric"]),
            ("queues:\n  - name: q\n    attributes: {Colour: red}", ["2:5: the queue \"q\"", "Colour"]),
            ("queues:\n  - name: q\n    dead_letter: {queue: none}", ["2:5: the queue \"q\""]),
            ("buckets:\n  - name: UPPER", ["2:5: the bucket \"UPPER\" cannot be made"])]:
        path = seed(text)
        fails(2, f"{path}:", *words, "lab serve --help", arguments=["serve", "--port", "0", "--seed-file", path])
    fails(2, "no such file", arguments=["serve", "--port", "0", "--seed-file", FOLDER / "missing.yml"])


def usage():
    for arguments in [["--port", "70000"], ["--port", "x"], ["--clock", "soon"], ["--auth", "maybe"], ["--colour"]]:
        fails(6, "Usage: lab serve", arguments=["serve", *arguments])
    expect((lab("serve", "--help").returncode, lab("--version").returncode), (0, 0), "exit codes of help and version")


def wait_for_message(sqs, url):
    try:
        sqs.receive_message(QueueUrl=url, WaitTimeSeconds=20)
    except BotoCoreError:
        return  # The server was gone already.


def ends_cleanly(number):
    server = LabServer().start()
    sqs = server.client("sqs")
    url = sqs.create_queue(QueueName="jobs")["QueueUrl"]
    # One client waits for a message, another one is connected and says nothing.
    receiver = threading.Thread(target=wait_for_message, args=[sqs, url])
    with socket.create_connection((server.host, server.port)):
        receiver.start()
        started = time.monotonic()
        expect(server.stop(number), 0, "the exit code")
    expect(time.monotonic() - started < 10, True, "an end long before the receiver's 20 s are over")
    receiver.join(10)
    expect(receiver.is_alive(), False, "a receiver that still waits")


def term():
    ends_cleanly(signal.SIGTERM)


def interrupt():
    ends_cleanly(signal.SIGINT)


CHECKS = [
    prints_variables_to_paste, json_line, port_zero_is_a_free_port, port_in_use, address_of_no_machine, clock_frozen,
    clock_offset, auth_verify, auth_accept, data_directory, data_directory_that_is_a_file, seed_file,
    seed_file_faults, usage, term, interrupt,
]


def main():
    checks = Checks()
    for check in CHECKS:
        checks.run("lab serve " + check.__name__.replace("_", " "), check)
    checks.finish()


if __name__ == "__main__":
    main()
