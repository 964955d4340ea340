"""The page at /_lab/ui in a real Chromium: it shows queues and objects, arms faults, moves the clock, and runs nothing
that messages and keys hold. Skipped where no Chromium is installed."""

import json
import sys

import boto3
import botocore

import browser
from lab_server import LabServer

HOSTILE = "<img src=x onerror=window.intruder=1><script>window.intruder=1</script>"


def clients(said):
    options = {
        "endpoint_url": said["endpoint_url"], "aws_access_key_id": said["access_key_id"],
        "aws_secret_access_key": said["secret_access_key"], "region_name": said["region"],
        "config": botocore.config.Config(retries={"max_attempts": 0}),
    }
    return boto3.client("sqs", **options), boto3.client("s3", **options)


def empty_page(page):
    page.wait("document.getElementById('connect').open")
    page.wait("document.querySelector('#connect-lines pre')?.textContent.startsWith('export AWS_ENDPOINT_URL=http://')")
    page.wait("document.getElementById('queues').innerText.includes('aws sqs create-queue')")


def fill(sqs, s3):
    dead = sqs.create_queue(QueueName="jobs-dlq")["QueueUrl"]
    arn = sqs.get_queue_attributes(QueueUrl=dead, AttributeNames=["QueueArn"])["Attributes"]["QueueArn"]
    policy = json.dumps({"deadLetterTargetArn": arn, "maxReceiveCount": "2"})
    jobs = sqs.create_queue(QueueName="jobs", Attributes={"RedrivePolicy": policy})["QueueUrl"]
    for body in [HOSTILE, '{"job": 1}']:
        sqs.send_message(QueueUrl=jobs, MessageBody=body)
    sqs.send_message(QueueUrl=dead, MessageBody="was never read")
    s3.create_bucket(Bucket="data")
    s3.put_object(Bucket="data", Key="in/" + HOSTILE, Body=HOSTILE.encode())
    return jobs


def queues_and_messages(page, sqs, jobs):
    page.wait("!document.getElementById('connect').open")
    click(page, "#queues button", "jobs")
    page.wait("document.querySelectorAll('#messages details').length === 2")
    page.value("document.querySelectorAll('#messages details').forEach(each => { each.open = true })")
    page.wait(f"document.querySelector('#messages pre').textContent === {json.dumps(HOSTILE)}")
    click(page, "#states button", "Dead letters 1")
    page.wait("document.getElementById('messages').innerText.includes('was never read')")
    received = sqs.receive_message(QueueUrl=jobs, AttributeNames=["ApproximateReceiveCount"])["Messages"][0]
    assert received["Attributes"]["ApproximateReceiveCount"] == "1", "looking has changed a receive count"
    click(page, "#states button", "In flight 1")
    page.wait("document.querySelectorAll('#messages details').length === 1")


def objects(page):
    click(page, "#objects button", "in/" + HOSTILE)
    page.wait(f"document.querySelector('#preview pre')?.textContent === {json.dumps(HOSTILE)}")


def faults(page, s3):
    """With the keyboard alone, from the first field to the button."""
    write(page, "#arm [name=operation]", "HeadBucket")
    write(page, "#arm [name=times]", "1")
    page.key("Enter", 13, "\r")
    page.wait("document.querySelector('#faults .tag')?.textContent === 'hit 0 of 0'")
    try:
        s3.head_bucket(Bucket="data")
        raise AssertionError("the fault that the page armed has not hit")
    except botocore.exceptions.ClientError as error:
        assert error.response["ResponseMetadata"]["HTTPStatusCode"] == 503
    s3.head_bucket(Bucket="data")
    page.wait("document.querySelector('#faults .tag')?.textContent === 'hit 1 of 2'")
    page.wait("document.querySelector('#journal').innerText.includes('answer with an error')")
    click(page, "#faults button", "Remove")
    page.wait("document.getElementById('faults').innerText.includes('No fault is armed')")


def clock(page):
    click(page, "#freeze", "Freeze")
    page.wait("document.getElementById('mode').textContent.startsWith('frozen')")
    before = page.value("document.getElementById('now').textContent")
    write(page, "#by", "25h")
    page.key("Enter", 13, "\r")
    page.wait(f"document.getElementById('now').textContent.slice(0, 10) > {json.dumps(before[:10])}")
    write(page, "#by", "soon")
    page.key("Enter", 13, "\r")
    page.wait("document.getElementById('note').textContent.includes('length of time')")


def journal(page):
    write(page, "#filter", "NoSuch nothing")
    page.wait("document.getElementById('journal').innerText.includes('No request fits')")
    write(page, "#filter", "sqs CreateQueue")
    page.wait("document.querySelectorAll('#journal tbody tr').length === 2")


def write(page, selector, text):
    """Types into a field in the place of what is there."""
    found = f"document.querySelector({json.dumps(selector)})"
    page.value(f"{found}.focus(); {found}.select()")
    page.type(text)


def click(page, selector, text):
    """Clicks the element whose text starts so, once it is there."""
    found = f"[...document.querySelectorAll({json.dumps(selector)})].find(e => e.textContent.startsWith({json.dumps(text)}))"
    page.wait(found)
    page.value(f"{found}.click()")


def main():
    chromium = browser.find()
    if chromium is None:
        print("lab_page: skipped, no Chromium is installed (Debian: apt-get install chromium)")
        return
    with LabServer() as server:
        page = browser.Browser(chromium)
        try:
            look(page, server.document)
        finally:
            page.close()
    print("lab_page: the page does what it should")


def look(page, said):
    """Does everything that the page is for, and looks at what it shows."""
    page.open(said["endpoint_url"] + "/_lab/ui")
    empty_page(page)
    sqs, s3 = clients(said)
    jobs = fill(sqs, s3)
    queues_and_messages(page, sqs, jobs)
    objects(page)
    faults(page, s3)
    clock(page)
    journal(page)
    page.size(390, 844)
    page.wait("document.documentElement.scrollWidth <= 390")
    assert page.value("window.intruder") is None, "the page has run what a message holds"
    errors = [error for error in page.errors if error.get("source") != "network"]
    assert not errors, errors


if __name__ == "__main__":
    sys.exit(main())
