"""Drives each of the 23 actions of SQS on a running fake cloud with boto3, one section for each action.

Usage: python3 Tests/Interop/fakecloud_sqs_boto3.py http://127.0.0.1:4566 [ACCESS_KEY SECRET [json|query]]

Any boto3 does: from 1.28.81 on it speaks JSON, before that (1.28.70, say) the Query protocol. Prints one line per
check and exits 1 when one failed, or when boto3 does not speak the protocol that is named.
"""

import json
import sys
import time
import urllib.request
import uuid

import boto3
import botocore
from botocore.config import Config
from botocore.exceptions import ClientError

from checks import Checks, api_name, expect

ENDPOINT = sys.argv[1]
KEY = sys.argv[2] if len(sys.argv) > 2 else "headrace"
SECRET = sys.argv[3] if len(sys.argv) > 3 else "headrace-local-secret"
RUN = uuid.uuid4().hex[:8]
PREFIX = "AWS.SimpleQueueService."

sqs = boto3.client(
    "sqs", endpoint_url=ENDPOINT, region_name="us-east-1", aws_access_key_id=KEY, aws_secret_access_key=SECRET,
    config=Config(retries={"max_attempts": 1}))
IS_QUERY = sqs.meta.service_model.metadata["protocol"] == "query"


def refused(call, *codes):
    try:
        call()
    except ClientError as error:
        code = error.response["Error"]["Code"]
        assert code in codes, f"expected {codes}, got {code}: {error}"
        return error.response
    raise AssertionError(f"expected a refusal with {codes}")


def make(name, **attributes):
    return sqs.create_queue(QueueName=f"{name}-{RUN}", Attributes=attributes)["QueueUrl"]


def make_fifo(name, **attributes):
    return sqs.create_queue(
        QueueName=f"{name}-{RUN}.fifo", Attributes={"FifoQueue": "true", **attributes})["QueueUrl"]


def shown(queue, *names):
    return sqs.get_queue_attributes(QueueUrl=queue, AttributeNames=list(names) or ["All"])["Attributes"]


def arn(queue):
    return shown(queue, "QueueArn")["QueueArn"]


def receive(queue, **options):
    return sqs.receive_message(
        QueueUrl=queue, AttributeNames=["All"], MessageAttributeNames=["All"], **options).get("Messages", [])


def with_dead_letters(name):
    dead = make(name + "-dlq")
    policy = json.dumps({"deadLetterTargetArn": arn(dead), "maxReceiveCount": "1"})
    return make(name, RedrivePolicy=policy), dead


def dead_letter(queue, dead, bodies):
    for body in bodies:
        sqs.send_message(QueueUrl=queue, MessageBody=body)
    while shown(dead)["ApproximateNumberOfMessages"] != str(len(bodies)):
        receive(queue, MaxNumberOfMessages=10, VisibilityTimeout=0)


def create_queue():
    queue = make("create", VisibilityTimeout="31")
    assert make("create", VisibilityTimeout="31") == queue
    refused(lambda: make("create", VisibilityTimeout="32"), "QueueAlreadyExists")
    refused(lambda: make("bad name"), "InvalidParameterValue")
    refused(lambda: make("x", DelaySeconds="901"), "InvalidAttributeValue")
    refused(lambda: make("x", Colour="red"), "InvalidAttributeName")
    refused(lambda: make("x", FifoQueue="true"), "InvalidParameterValue")
    fifo = make_fifo("create", DeduplicationScope="messageGroup", FifoThroughputLimit="perMessageGroupId")
    assert shown(fifo)["FifoThroughputLimit"] == "perMessageGroupId"
    tagged = sqs.create_queue(QueueName=f"tagged-{RUN}", tags={"team": "mill"})["QueueUrl"]
    assert sqs.list_queue_tags(QueueUrl=tagged)["Tags"] == {"team": "mill"}


def get_queue_url():
    queue = make("find")
    assert sqs.get_queue_url(QueueName=f"find-{RUN}")["QueueUrl"] == queue
    response = refused(lambda: sqs.get_queue_url(QueueName="missing"), PREFIX + "NonExistentQueue")
    assert response["ResponseMetadata"]["HTTPStatusCode"] == 400
    wanted = "The specified queue does not exist" + (" for this wsdl version." if IS_QUERY else ".")
    assert response["Error"]["Message"] == wanted, response


def list_queues():
    prefix = f"list-{RUN}-"
    queues = [sqs.create_queue(QueueName=prefix + str(n))["QueueUrl"] for n in range(3)]
    assert sqs.list_queues(QueueNamePrefix=prefix)["QueueUrls"] == queues
    page = sqs.list_queues(QueueNamePrefix=prefix, MaxResults=2)
    rest = sqs.list_queues(QueueNamePrefix=prefix, MaxResults=2, NextToken=page["NextToken"])
    assert page["QueueUrls"] + rest["QueueUrls"] == queues and "NextToken" not in rest
    assert "QueueUrls" not in sqs.list_queues(QueueNamePrefix="nothing-" + RUN)


def get_queue_attributes():
    queue = make("attributes", DelaySeconds="3")
    everything = shown(queue)
    assert everything["DelaySeconds"] == "3" and everything["MaximumMessageSize"] == "1048576", everything
    assert set(shown(queue, "QueueArn", "DelaySeconds")) == {"QueueArn", "DelaySeconds"}
    refused(lambda: shown(queue, "Colour"), "InvalidAttributeName")


def set_queue_attributes():
    queue = make("set", DelaySeconds="3", VisibilityTimeout="44")
    sqs.set_queue_attributes(QueueUrl=queue, Attributes={"VisibilityTimeout": "0"})
    assert shown(queue)["DelaySeconds"] == "3" and shown(queue)["VisibilityTimeout"] == "0"
    refused(lambda: sqs.set_queue_attributes(QueueUrl=queue, Attributes={"FifoQueue": "true"}), "InvalidAttributeName")
    fifo = make_fifo("set")
    policy = json.dumps({"deadLetterTargetArn": arn(queue), "maxReceiveCount": "1"})
    refused(lambda: sqs.set_queue_attributes(QueueUrl=fifo, Attributes={"RedrivePolicy": policy}),
            "InvalidParameterValue")


def send_message():
    queue = make("send")
    typed = {"who": {"DataType": "String", "StringValue": "é"}, "n": {"DataType": "Number", "StringValue": "7"},
             "raw": {"DataType": "Binary.png", "BinaryValue": b"\0\1"}}
    system = {"AWSTraceHeader": {"DataType": "String", "StringValue": "Root=1-5759e988-bd862e3fe1be46a994272793"}}
    body = '{"x": "é <&> \U0001F600"}\r\n\t'
    sent = sqs.send_message(QueueUrl=queue, MessageBody=body, MessageAttributes=typed, MessageSystemAttributes=system)
    got = receive(queue)[0]
    assert got["Body"] == body and got["MessageId"] == sent["MessageId"]
    assert got["MD5OfMessageAttributes"] == sent["MD5OfMessageAttributes"]
    assert got["MessageAttributes"]["raw"]["BinaryValue"] == b"\0\1"
    assert got["Attributes"]["AWSTraceHeader"].startswith("Root=1")
    refused(lambda: sqs.send_message(QueueUrl=queue, MessageBody="a\x02b"), "InvalidMessageContents")
    refused(lambda: sqs.send_message(QueueUrl=queue, MessageBody="x" * 1_048_577), "InvalidParameterValue")
    many = {f"n{n}": {"DataType": "String", "StringValue": "v"} for n in range(11)}
    refused(lambda: sqs.send_message(QueueUrl=queue, MessageBody="x", MessageAttributes=many), "InvalidParameterValue")
    sqs.send_message(QueueUrl=queue, MessageBody="fair", MessageGroupId="tenant")
    assert receive(queue)[0]["Attributes"]["MessageGroupId"] == "tenant"


def send_message_fifo():
    queue = make_fifo("send")
    first = sqs.send_message(QueueUrl=queue, MessageBody="1", MessageGroupId="g", MessageDeduplicationId="x")
    again = sqs.send_message(QueueUrl=queue, MessageBody="2", MessageGroupId="g", MessageDeduplicationId="x")
    assert again["MessageId"] == first["MessageId"] and again["SequenceNumber"] == first["SequenceNumber"]
    assert len(first["SequenceNumber"]) == 20
    refused(lambda: sqs.send_message(QueueUrl=queue, MessageBody="1", MessageDeduplicationId="y"), "MissingParameter")
    refused(lambda: sqs.send_message(QueueUrl=queue, MessageBody="1", MessageGroupId="g"), "InvalidParameterValue")
    refused(lambda: sqs.send_message(
        QueueUrl=queue, MessageBody="1", MessageGroupId="g", MessageDeduplicationId="z", DelaySeconds=5),
        "InvalidParameterValue")
    sqs.set_queue_attributes(QueueUrl=queue, Attributes={"ContentBasedDeduplication": "true"})
    sqs.send_message(QueueUrl=queue, MessageBody="same", MessageGroupId="g")
    sqs.send_message(QueueUrl=queue, MessageBody="same", MessageGroupId="g")
    got = receive(queue, MaxNumberOfMessages=10)
    assert [m["Body"] for m in got] == ["1", "same"]
    assert got[0]["Attributes"]["MessageDeduplicationId"] == "x"
    assert got[0]["Attributes"]["SequenceNumber"] < got[1]["Attributes"]["SequenceNumber"]


def send_message_batch():
    queue = make("batch")
    entries = [{"Id": str(n), "MessageBody": f"m{n}"} for n in range(9)] + [{"Id": "bad", "MessageBody": "a\x02b"}]
    answer = sqs.send_message_batch(QueueUrl=queue, Entries=entries)
    assert [s["Id"] for s in answer["Successful"]] == [str(n) for n in range(9)]
    assert answer["Failed"][0]["Code"] == "InvalidMessageContents" and answer["Failed"][0]["SenderFault"] is True
    refused(lambda: sqs.send_message_batch(QueueUrl=queue, Entries=entries[:1] * 2),
            PREFIX + "BatchEntryIdsNotDistinct")
    refused(lambda: sqs.send_message_batch(QueueUrl=queue, Entries=[{"Id": "a b", "MessageBody": "x"}]),
            PREFIX + "InvalidBatchEntryId")
    refused(lambda: sqs.send_message_batch(QueueUrl=queue, Entries=entries + [{"Id": "x", "MessageBody": "x"}]),
            PREFIX + "TooManyEntriesInBatchRequest")
    refused(lambda: sqs.send_message_batch(QueueUrl=queue, Entries=[]), PREFIX + "EmptyBatchRequest")
    large = [{"Id": str(n), "MessageBody": "x" * 600_000} for n in range(2)]
    refused(lambda: sqs.send_message_batch(QueueUrl=queue, Entries=large), PREFIX + "BatchRequestTooLong")


def receive_message():
    queue = make("receive")
    assert "Messages" not in sqs.receive_message(QueueUrl=queue)
    start = time.monotonic()
    assert not receive(queue, WaitTimeSeconds=1) and time.monotonic() - start > 0.9
    sqs.send_message(QueueUrl=queue, MessageBody="late", DelaySeconds=1)
    assert receive(queue, WaitTimeSeconds=5)[0]["Body"] == "late"
    for options in [{"MaxNumberOfMessages": 11}, {"VisibilityTimeout": 43201}, {"WaitTimeSeconds": 21}]:
        refused(lambda: receive(queue, **options), "InvalidParameterValue")
    sqs.send_message(QueueUrl=queue, MessageBody="x", MessageAttributes={
        name: {"DataType": "String", "StringValue": "v"} for name in ["a.b", "a.c", "d"]})
    got = sqs.receive_message(QueueUrl=queue, MessageAttributeNames=["a.*"])["Messages"][0]
    assert set(got["MessageAttributes"]) == {"a.b", "a.c"} and "Attributes" not in got


def receive_message_fifo():
    queue = make_fifo("receive")
    for body, group in [("a1", "a"), ("b1", "b"), ("a2", "a"), ("a3", "a")]:
        sqs.send_message(QueueUrl=queue, MessageBody=body, MessageGroupId=group, MessageDeduplicationId=body)
    first = receive(queue, MaxNumberOfMessages=2, ReceiveRequestAttemptId="try")
    assert [m["Body"] for m in first] == ["a1", "a2"]
    again = receive(queue, MaxNumberOfMessages=2, ReceiveRequestAttemptId="try")
    assert [m["ReceiptHandle"] for m in again] == [m["ReceiptHandle"] for m in first]
    assert [m["Body"] for m in receive(queue, MaxNumberOfMessages=10)] == ["b1"]
    for message in first:
        sqs.delete_message(QueueUrl=queue, ReceiptHandle=message["ReceiptHandle"])
    assert [m["Body"] for m in receive(queue)] == ["a3"]


def delete_message():
    queue = make("delete")
    sqs.send_message(QueueUrl=queue, MessageBody="x")
    old = receive(queue, VisibilityTimeout=0)[0]["ReceiptHandle"]
    sqs.delete_message(QueueUrl=queue, ReceiptHandle=old)
    sqs.delete_message(QueueUrl=queue, ReceiptHandle=old)
    assert not receive(queue)
    refused(lambda: sqs.delete_message(QueueUrl=queue, ReceiptHandle="rubbish"), "ReceiptHandleIsInvalid")
    fifo = make_fifo("delete", ContentBasedDeduplication="true")
    sqs.send_message(QueueUrl=fifo, MessageBody="x", MessageGroupId="g")
    handle = receive(fifo, VisibilityTimeout=0)[0]["ReceiptHandle"]
    error = refused(lambda: sqs.delete_message(QueueUrl=fifo, ReceiptHandle=handle), "InvalidParameterValue")
    assert error["Error"]["Message"].endswith("The receipt handle has expired.")


def delete_message_batch():
    queue = make("delete-batch")
    sqs.send_message(QueueUrl=queue, MessageBody="x")
    handle = receive(queue)[0]["ReceiptHandle"]
    answer = sqs.delete_message_batch(QueueUrl=queue, Entries=[
        {"Id": "good", "ReceiptHandle": handle}, {"Id": "bad", "ReceiptHandle": "rubbish"}])
    assert answer["Successful"] == [{"Id": "good"}]
    assert answer["Failed"][0]["Code"] == "ReceiptHandleIsInvalid"


def change_message_visibility():
    queue = make("visibility")
    sqs.send_message(QueueUrl=queue, MessageBody="x")
    handle = receive(queue)[0]["ReceiptHandle"]
    change = lambda seconds: sqs.change_message_visibility(
        QueueUrl=queue, ReceiptHandle=handle, VisibilityTimeout=seconds)
    change(100)
    refused(lambda: change(43201), "InvalidParameterValue")
    refused(lambda: change(43200), "InvalidParameterValue")
    change(0)
    refused(lambda: change(5), PREFIX + "MessageNotInflight")
    again = receive(queue)[0]
    assert again["Attributes"]["ApproximateReceiveCount"] == "2"
    sqs.delete_message(QueueUrl=queue, ReceiptHandle=again["ReceiptHandle"])
    refused(lambda: change(5), "InvalidParameterValue")


def change_message_visibility_batch():
    queue = make("visibility-batch")
    sqs.send_message(QueueUrl=queue, MessageBody="x")
    handle = receive(queue)[0]["ReceiptHandle"]
    answer = sqs.change_message_visibility_batch(QueueUrl=queue, Entries=[
        {"Id": "good", "ReceiptHandle": handle, "VisibilityTimeout": 0},
        {"Id": "bad", "ReceiptHandle": "rubbish", "VisibilityTimeout": 0}])
    assert answer["Successful"] == [{"Id": "good"}] and len(answer["Failed"]) == 1
    assert receive(queue)


def purge_queue():
    queue = make("purge")
    sqs.send_message(QueueUrl=queue, MessageBody="x")
    sqs.purge_queue(QueueUrl=queue)
    assert not receive(queue)
    error = refused(lambda: sqs.purge_queue(QueueUrl=queue), PREFIX + "PurgeQueueInProgress")
    assert error["ResponseMetadata"]["HTTPStatusCode"] == 403


def delete_queue():
    queue = make("gone")
    sqs.delete_queue(QueueUrl=queue)
    refused(lambda: sqs.send_message(QueueUrl=queue, MessageBody="x"), PREFIX + "NonExistentQueue")
    refused(lambda: make("gone"), PREFIX + "QueueDeletedRecently")


def list_dead_letter_source_queues():
    queue, dead = with_dead_letters("sources")
    assert sqs.list_dead_letter_source_queues(QueueUrl=dead)["queueUrls"] == [queue]
    assert not sqs.list_dead_letter_source_queues(QueueUrl=queue).get("queueUrls")


def tag_queue():
    queue = make("tag")
    sqs.tag_queue(QueueUrl=queue, Tags={"team": "mill", "é 1": "&"})
    sqs.tag_queue(QueueUrl=queue, Tags={"team": "dock"})
    assert sqs.list_queue_tags(QueueUrl=queue)["Tags"] == {"team": "dock", "é 1": "&"}


def untag_queue():
    queue = sqs.create_queue(QueueName=f"untag-{RUN}", tags={"a": "1", "b": "2"})["QueueUrl"]
    sqs.untag_queue(QueueUrl=queue, TagKeys=["a", "x"])
    assert sqs.list_queue_tags(QueueUrl=queue)["Tags"] == {"b": "2"}


def list_queue_tags():
    assert "Tags" not in sqs.list_queue_tags(QueueUrl=make("no-tags"))


def add_permission():
    queue = make("permit")
    add = lambda actions: sqs.add_permission(
        QueueUrl=queue, Label="mill", AWSAccountIds=["111122223333"], Actions=actions)
    add(["SendMessage", "ReceiveMessage"])
    statement = json.loads(shown(queue, "Policy")["Policy"])["Statement"][0]
    assert statement["Sid"] == "mill" and statement["Action"] == ["SQS:SendMessage", "SQS:ReceiveMessage"]
    refused(lambda: add(["SendMessage"]), "InvalidParameterValue")
    refused(lambda: add(["Dance"]), "InvalidParameterValue")


def remove_permission():
    queue = make("forbid")
    sqs.add_permission(QueueUrl=queue, Label="mill", AWSAccountIds=["111122223333"], Actions=["*"])
    sqs.remove_permission(QueueUrl=queue, Label="mill")
    assert "Policy" not in shown(queue)
    refused(lambda: sqs.remove_permission(QueueUrl=queue, Label="mill"), "InvalidParameterValue")


def start_message_move_task():
    queue, dead = with_dead_letters("move")
    dead_letter(queue, dead, ["a", "b"])
    sqs.start_message_move_task(SourceArn=arn(dead))
    assert sorted(m["Body"] for m in receive(queue, MaxNumberOfMessages=10)) == ["a", "b"]
    refused(lambda: sqs.start_message_move_task(SourceArn=arn(queue)), "InvalidParameterValue")
    refused(lambda: sqs.start_message_move_task(SourceArn=arn(queue) + "x"), "ResourceNotFoundException")


def list_message_move_tasks():
    queue, dead = with_dead_letters("moves")
    dead_letter(queue, dead, ["a"])
    sqs.start_message_move_task(SourceArn=arn(dead), DestinationArn=arn(make("moved-to")))
    task = sqs.list_message_move_tasks(SourceArn=arn(dead), MaxResults=10)["Results"][0]
    assert task["Status"] == "COMPLETED" and task["ApproximateNumberOfMessagesMoved"] == 1, task


def cancel_message_move_task():
    queue, dead = with_dead_letters("cancel")
    dead_letter(queue, dead, ["a", "b", "c"])
    handle = sqs.start_message_move_task(SourceArn=arn(dead), MaxNumberOfMessagesPerSecond=1)["TaskHandle"]
    refused(lambda: sqs.start_message_move_task(SourceArn=arn(dead)), "InvalidParameterValue")
    assert sqs.list_message_move_tasks(SourceArn=arn(dead))["Results"][0]["TaskHandle"] == handle
    assert sqs.cancel_message_move_task(TaskHandle=handle)["ApproximateNumberOfMessagesMoved"] < 3
    assert sqs.list_message_move_tasks(SourceArn=arn(dead))["Results"][0]["Status"] == "CANCELLED"
    refused(lambda: sqs.cancel_message_move_task(TaskHandle="rubbish"), "InvalidParameterValue")


def presigned():
    sqs_url = sqs.generate_presigned_url("list_queues", Params={"QueueNamePrefix": "list"}, HttpMethod="GET")
    text = urllib.request.urlopen(sqs_url).read().decode()
    assert "<ListQueuesResult><QueueUrl>" in text, text


SECTIONS = [
    create_queue, get_queue_url, list_queues, get_queue_attributes, set_queue_attributes, send_message,
    send_message_fifo, send_message_batch, receive_message, receive_message_fifo, delete_message,
    delete_message_batch, change_message_visibility, change_message_visibility_batch, purge_queue, delete_queue,
    list_dead_letter_source_queues, tag_queue, untag_queue, list_queue_tags, add_permission, remove_permission,
    start_message_move_task, list_message_move_tasks, cancel_message_move_task,
]


def main():
    checks = Checks()
    protocol = "query" if IS_QUERY else "json"
    checks.run(f"sqs by botocore {botocore.__version__}", lambda: expect(protocol, *sys.argv[4:5] or [protocol]))
    for section in SECTIONS:
        action = section.__name__.removesuffix("_fifo")
        if not hasattr(sqs, action):
            checks.skip(f"sqs.{api_name(action)} {protocol}", "this boto3 is older than the action")
            continue
        checks.run(f"sqs.{api_name(action)} {protocol}" + (" fifo" if section.__name__ != action else ""), section)
    if IS_QUERY:
        checks.run("sqs.ListQueues query presigned", presigned)
    checks.finish(f"with botocore {botocore.__version__}, {protocol} protocol")


if __name__ == "__main__":
    main()
