"""The main job as an AWS client of today runs it: `main_job.py CUSTOMERS.csv`.

Creates a bucket and a queue, uploads the file, sends the prediction message of the replaced system unchanged, waits,
downloads the result and counts its rows; then tries a wrong secret and a wrong key on both services.
"""

import csv
import io
import sys

from botocore.exceptions import ClientError

from stack import Stack, prediction_message


def refused(call, code):
    try:
        call()
    except ClientError as error:
        found = error.response["Error"]["Code"]
        assert found == code, f"expected {code}, found {found}"
        return error.response["ResponseMetadata"]["HTTPStatusCode"], found
    raise AssertionError(f"expected {code}, the call succeeded")


def main(path):
    rows = sum(1 for _ in csv.reader(open(path, newline=""))) - 1
    stack = Stack().start()
    try:
        stack.s3.create_bucket(Bucket="interop-uploads")
        made = stack.sqs.create_queue(QueueName="interop-jobs")["QueueUrl"]
        print("created   bucket interop-uploads, queue", made)
        key = "user_2abc/customers 2026.csv"
        stack.s3.upload_file(path, stack.bucket, key)
        message = prediction_message(f"s3://{stack.bucket}/{key}")
        stack.send(message)
        job = stack.wait_for(message["prediction_id"], "COMPLETED", "FAILED")
        assert job["state"] == "COMPLETED", job
        stack.wait_until_empty()
        scores = next(o for o in job["outputs"] if o["name"] == "scores.csv")
        bucket, result_key = scores["uri"].removeprefix("s3://").split("/", 1)
        body = stack.s3.get_object(Bucket=bucket, Key=result_key)["Body"].read().decode()
        found = len(list(csv.reader(io.StringIO(body)))) - 1
        print(f"scored    {found} rows of {rows} into {scores['uri']}")
        assert found == rows
        print("refused  ", refused(lambda: stack.client("s3", secret="wrong").list_buckets(), "SignatureDoesNotMatch"))
        print("refused  ", refused(lambda: stack.client("sqs", secret="wrong").list_queues(), "SignatureDoesNotMatch"))
        print("refused  ", refused(lambda: stack.client("s3", key="AKIDUNKNOWN").list_buckets(), "InvalidAccessKeyId"))
        print("refused  ", refused(
            lambda: stack.client("sqs", key="AKIDUNKNOWN").list_queues(), "InvalidClientTokenId"))
    finally:
        code = stack.stop()
    print("stopped   exit", code)
    assert code == 0


if __name__ == "__main__":
    main(sys.argv[1])
