#!/usr/bin/env python3
"""Records the SQS calls of capture.py as a client of the older Query protocol sends them.

Run it in an environment of its own with a boto3 from before November 2023:

    pip install boto3==1.26.0 botocore==1.29.0
    python3 capture_query.py      # writes to query/boto3/
"""
import capture

capture.HERE = capture.HERE / "query"

recorder = capture.Recorder()
capture.record_sqs(recorder)
sqs = capture.client("sqs")
recorder.expect("boto3/sqs-ReceiveMessage")
capture.quietly(lambda: sqs.receive_message(
    QueueUrl=capture.QUEUE, MaxNumberOfMessages=10, WaitTimeSeconds=20, VisibilityTimeout=300,
    AttributeNames=["All"], MessageAttributeNames=["All"]))
recorder.expect("boto3/sqs-TagQueue")
capture.quietly(lambda: sqs.tag_queue(QueueUrl=capture.QUEUE, Tags={"team": "mill", "cost centre": "7"}))
recorder.expect("boto3/sqs-UntagQueue")
capture.quietly(lambda: sqs.untag_queue(QueueUrl=capture.QUEUE, TagKeys=["team", "x"]))
recorder.expect("boto3/sqs-AddPermission")
capture.quietly(lambda: sqs.add_permission(
    QueueUrl=capture.QUEUE, Label="mill", AWSAccountIds=["111122223333"], Actions=["SendMessage", "ReceiveMessage"]))
