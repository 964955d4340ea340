"""Drives SQS of a running fake cloud with the AWS CLI: `fakecloud_cli.py ENDPOINT [ACCESS_KEY SECRET]`.

One check for each action. Prints one line per check and exits 1 when one failed.
"""

import base64
import json

from checks import expect
from cli_driver import RUN, attributes, make, receive, refused, run_checks, send, sqs


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


CHECKS = [
    create_queue, get_queue_url, list_queues, get_queue_attributes, set_queue_attributes, send_message,
    send_message_batch, receive_message, delete_message, delete_message_batch, change_message_visibility,
    change_message_visibility_batch, purge_queue, delete_queue, list_dead_letter_source_queues, tag_queue,
    untag_queue, list_queue_tags, add_permission, remove_permission, start_message_move_task,
    list_message_move_tasks, cancel_message_move_task,
]

if __name__ == "__main__":
    run_checks("aws sqs ", CHECKS)
