"""Drives SQS and S3 of a running fake cloud with the AWS CLI: `fakecloud_cli.py ENDPOINT [ACCESS_KEY SECRET]`.

One check for each action of SQS, and one for each thing that people do with `aws s3` and `aws s3api`. The CLI (version
1, from PyPI) runs inside this process, because starting it takes longer than what it does. Prints one line per check
and exits 1 when one failed.
"""

import base64
import contextlib
import hashlib
import io
import json
import os
import pathlib
import sys
import tempfile
import urllib.request
import uuid

from awscli import __version__
from awscli.clidriver import create_clidriver

from checks import Checks, expect

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


def with_dead_letter(name):
    """A queue, its dead-letter queue with one message in it, and that one's ARN."""
    dead = make(name + "-dlq")
    arn = attributes(dead)["QueueArn"]
    queue = make(name, RedrivePolicy=json.dumps({"deadLetterTargetArn": arn, "maxReceiveCount": "1"}))
    send(queue, "dead")
    for _ in range(2):
        receive(queue, "--visibility-timeout", 0)
    return queue, dead, arn


def create_queue():
    queue = make("create", VisibilityTimeout="31")
    expect(attributes(queue)["VisibilityTimeout"], "31")
    refused("QueueAlreadyExists", "sqs", "create-queue", "--queue-name", f"create-{RUN}", "--attributes",
            "VisibilityTimeout=32")


def get_queue_url():
    queue = make("find")
    expect(sqs("get-queue-url", "--queue-name", f"find-{RUN}")["QueueUrl"], queue)
    refused("AWS.SimpleQueueService.NonExistentQueue", "sqs", "get-queue-url", "--queue-name", "missing")


def list_queues():
    queues = [make(f"list-{RUN}-{number}") for number in range(3)]
    expect(sqs("list-queues", "--queue-name-prefix", f"list-{RUN}", "--page-size", 2)["QueueUrls"], queues)


def get_queue_attributes():
    queue = make("attributes", DelaySeconds="3")
    answer = sqs("get-queue-attributes", "--queue-url", queue, "--attribute-names", "DelaySeconds", "QueueArn")
    arn = f"arn:aws:sqs:us-east-1:000000000000:attributes-{RUN}"
    expect(answer["Attributes"], {"DelaySeconds": "3", "QueueArn": arn})


def set_queue_attributes():
    queue = make("set", DelaySeconds="3")
    sqs("set-queue-attributes", "--queue-url", queue, "--attributes", "VisibilityTimeout=44")
    shown = attributes(queue)
    expect((shown["VisibilityTimeout"], shown["DelaySeconds"]), ("44", "3"))


def send_message():
    queue = make("send")
    typed = {"who": {"DataType": "String", "StringValue": "é"}, "raw": {"DataType": "Binary", "BinaryValue": "raw"}}
    sent = sqs("send-message", "--queue-url", queue, "--message-body", "<&> é", "--message-attributes",
               json.dumps(typed))
    got = receive(queue, "--message-attribute-names", "All")[0]
    expect((got["MessageId"], got["Body"]), (sent["MessageId"], "<&> é"))
    expect(sent["MD5OfMessageBody"], got["MD5OfBody"])
    expect(sent["MD5OfMessageAttributes"], got["MD5OfMessageAttributes"])
    expect(got["MessageAttributes"]["raw"]["BinaryValue"], base64.b64encode(b"raw").decode())


def send_message_batch():
    queue = make("batch")
    entries = [{"Id": str(number), "MessageBody": f"m{number}"} for number in range(3)]
    answer = sqs("send-message-batch", "--queue-url", queue, "--entries", json.dumps(entries))
    expect([entry["Id"] for entry in answer["Successful"]], ["0", "1", "2"])


def receive_message():
    queue = make("receive")
    expect(receive(queue), [])
    send(queue, "x")
    got = receive(queue, "--wait-time-seconds", 5, "--attribute-names", "All")[0]
    expect(got["Attributes"]["ApproximateReceiveCount"], "1")


def delete_message():
    queue = make("delete")
    send(queue, "x")
    handle = receive(queue, "--visibility-timeout", 0)[0]["ReceiptHandle"]
    sqs("delete-message", "--queue-url", queue, "--receipt-handle", handle)
    expect(receive(queue), [])
    refused("ReceiptHandleIsInvalid", "sqs", "delete-message", "--queue-url", queue, "--receipt-handle", "rubbish")


def delete_message_batch():
    queue = make("delete-batch")
    send(queue, "x")
    entries = [{"Id": "good", "ReceiptHandle": receive(queue)[0]["ReceiptHandle"]},
               {"Id": "bad", "ReceiptHandle": "rubbish"}]
    answer = sqs("delete-message-batch", "--queue-url", queue, "--entries", json.dumps(entries))
    expect((answer["Successful"], answer["Failed"][0]["Code"]), ([{"Id": "good"}], "ReceiptHandleIsInvalid"))


def change_message_visibility():
    queue = make("visibility")
    send(queue, "x")
    change = ["change-message-visibility", "--queue-url", queue, "--receipt-handle",
              receive(queue)[0]["ReceiptHandle"], "--visibility-timeout"]
    sqs(*change, 0)
    refused("AWS.SimpleQueueService.MessageNotInflight", "sqs", *change, 5)
    expect(len(receive(queue)), 1, "messages that are visible again")


def change_message_visibility_batch():
    queue = make("visibility-batch")
    send(queue, "x")
    entries = [{"Id": "a", "ReceiptHandle": receive(queue)[0]["ReceiptHandle"], "VisibilityTimeout": 0}]
    sqs("change-message-visibility-batch", "--queue-url", queue, "--entries", json.dumps(entries))
    expect(len(receive(queue)), 1, "messages that are visible again")


def purge_queue():
    queue = make("purge")
    send(queue, "x")
    sqs("purge-queue", "--queue-url", queue)
    expect(receive(queue), [])
    refused("AWS.SimpleQueueService.PurgeQueueInProgress", "sqs", "purge-queue", "--queue-url", queue)


def delete_queue():
    queue = make("gone")
    sqs("delete-queue", "--queue-url", queue)
    refused("AWS.SimpleQueueService.NonExistentQueue", "sqs", "purge-queue", "--queue-url", queue)


def list_dead_letter_source_queues():
    queue, dead, _ = with_dead_letter("sources")
    expect(sqs("list-dead-letter-source-queues", "--queue-url", dead)["queueUrls"], [queue])


def tag_queue():
    queue = make("tag")
    sqs("tag-queue", "--queue-url", queue, "--tags", "team=mill,place=é")
    expect(sqs("list-queue-tags", "--queue-url", queue)["Tags"], {"team": "mill", "place": "é"})


def untag_queue():
    queue = sqs("create-queue", "--queue-name", f"untag-{RUN}", "--tags", "a=1,b=2")["QueueUrl"]
    sqs("untag-queue", "--queue-url", queue, "--tag-keys", "a")
    expect(sqs("list-queue-tags", "--queue-url", queue)["Tags"], {"b": "2"})


def list_queue_tags():
    expect(sqs("list-queue-tags", "--queue-url", make("no-tags")), "", "what the CLI writes of no tags")


def add_permission():
    queue = make("permit")
    sqs("add-permission", "--queue-url", queue, "--label", "mill", "--aws-account-ids", "111122223333", "--actions",
        "SendMessage")
    expect(json.loads(attributes(queue)["Policy"])["Statement"][0]["Sid"], "mill")


def remove_permission():
    queue = make("forbid")
    sqs("add-permission", "--queue-url", queue, "--label", "mill", "--aws-account-ids", "111122223333", "--actions",
        "SendMessage")
    sqs("remove-permission", "--queue-url", queue, "--label", "mill")
    expect("Policy" in attributes(queue), False, "a policy")


def start_message_move_task():
    queue, _, arn = with_dead_letter("move")
    sqs("start-message-move-task", "--source-arn", arn)
    expect([message["Body"] for message in receive(queue)], ["dead"])


def list_message_move_tasks():
    _, _, arn = with_dead_letter("moves")
    sqs("start-message-move-task", "--source-arn", arn)
    task = sqs("list-message-move-tasks", "--source-arn", arn)["Results"][0]
    expect((task["Status"], task["ApproximateNumberOfMessagesMoved"]), ("COMPLETED", 1))


def cancel_message_move_task():
    queue, dead, arn = with_dead_letter("cancel")
    for _ in range(2):
        send(dead, "more")
    handle = sqs("start-message-move-task", "--source-arn", arn, "--max-number-of-messages-per-second", 1)["TaskHandle"]
    moved = sqs("cancel-message-move-task", "--task-handle", handle)["ApproximateNumberOfMessagesMoved"]
    expect(moved < 3, True, "a task that did not get to its end")


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


SQS_CHECKS = [
    create_queue, get_queue_url, list_queues, get_queue_attributes, set_queue_attributes, send_message,
    send_message_batch, receive_message, delete_message, delete_message_batch, change_message_visibility,
    change_message_visibility_batch, purge_queue, delete_queue, list_dead_letter_source_queues, tag_queue,
    untag_queue, list_queue_tags, add_permission, remove_permission, start_message_move_task,
    list_message_move_tasks, cancel_message_move_task,
]
S3_CHECKS = [
    s3_cp, s3_cp_multipart, s3_ls, s3_sync, s3_mv_rm_rb, s3_presign, s3api_checksums, s3api_conditions,
    s3api_settings, s3api_notifications, s3api_out_of_scope,
]


def main():
    # The CLI itself says with AWS_DATA_PATH where its data are.
    for name in [name for name in os.environ if name.startswith("AWS_") and name != "AWS_DATA_PATH"]:
        del os.environ[name]
    os.environ.update({
        "AWS_ACCESS_KEY_ID": KEY, "AWS_SECRET_ACCESS_KEY": SECRET, "AWS_DEFAULT_REGION": "us-east-1",
        "AWS_CONFIG_FILE": str(FOLDER / "none"), "AWS_MAX_ATTEMPTS": "1", "AWS_PAGER": ""})
    checks = Checks()
    for check in SQS_CHECKS:
        checks.run("aws sqs " + check.__name__.replace("_", "-"), check)
    for check in S3_CHECKS:
        checks.run("aws " + check.__name__.replace("_", " "), check)
    checks.finish(f"with awscli {__version__}")


if __name__ == "__main__":
    main()
