-- One SendMessage after the other with a body of 200 bytes; the report is one line of JSON.
-- The queue's URL comes in QUEUE_URL, the Authorization header in AUTHORIZATION.
wrk.method = "POST"
wrk.headers["Content-Type"] = "application/x-amz-json-1.0"
wrk.headers["X-Amz-Target"] = "AmazonSQS.SendMessage"
wrk.headers["X-Amz-Date"] = "20260101T000000Z"
wrk.headers["Authorization"] = os.getenv("AUTHORIZATION")
wrk.body = '{"QueueUrl":"' .. os.getenv("QUEUE_URL") .. '","MessageBody":"' .. string.rep("m", 200) .. '"}'

function done(summary, latency)
  local errors = summary.errors
  io.write(string.format(
    'JSON {"requests_per_second":%.1f,"p50_ms":%.3f,"p99_ms":%.3f,"failed":%d}\n',
    summary.requests / (summary.duration / 1e6), latency:percentile(50) / 1e3, latency:percentile(99) / 1e3,
    errors.connect + errors.read + errors.write + errors.timeout + errors.status))
end
