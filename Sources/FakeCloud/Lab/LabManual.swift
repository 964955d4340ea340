internal import PureJSON

/// What `GET /_lab/` answers: every route of the lab's door with what it takes.
enum LabManual {
    static let document: JSONValue = [
        "lab": "A clock that testers own, faults that they script, and a view that disturbs nothing.",
        "access": "clients of the server's own machine; nothing is signed",
        "page": "GET /_lab/ui",
        "durations": "seconds as a number, or text such as \"250ms\", \"15m\", \"1h30m\", \"14d\"",
        "routes": [
            "GET /_lab/clock": "the cloud's time and how it goes on",
            "PUT /_lab/clock":
                "{mode: real}, {mode: offset, by: +2h} or {mode: frozen, at: RFC 3339, or now when absent}",
            "POST /_lab/clock/advance": "{by: 15m}; answers once everything that fell due has settled",
            "GET /_lab/queues": "queues with depths, ages, dead-letter queues and attributes",
            "GET /_lab/queues/NAME/messages?state=visible|in-flight|delayed&limit=100":
                "messages as they lie, without receiving them; any state when none is named",
            "GET /_lab/objects": "buckets",
            "GET /_lab/objects?bucket=NAME&prefix=TEXT&limit=100": "a bucket's objects",
            "GET /_lab/objects/preview?bucket=NAME&key=KEY&limit=4096": "the first bytes of an object",
            "GET /_lab/connection": "what a client needs to know: region, and the keys where they guard nothing",
            "GET /_lab/journal?since=N&limit=100":
                "requests after number N; the last ones without since; follow=1 streams one JSON object a line",
            "GET /_lab/faults": "the faults that are armed, with how many calls they matched and hit",
            "POST /_lab/faults": [
                "name": "for the journal",
                "match": [
                    "operation": "s3.GetObject, sqs.*, *", "resource": "queue, bucket or bucket/key with * and ?",
                    "nth": "\"2\", \"2..4\", \"1,4\": which of the calls that match, from 1",
                    "probability": "0 to 1, drawn from seed and the call's number", "seed": "a whole number",
                ],
                "action": [
                    "one of": [
                        ["error": ["status": 503, "code": "SlowDown", "message": "text"]], ["latency": "250ms"],
                        ["reset": "before | headers"], ["truncate": ["after": 100]], ["stall": ["for": "90s"]],
                        ["slowBody": ["bytesPerSecond": 1_000]], ["corrupt": true], ["duplicate": true],
                        ["drop": true], ["applyThen": "reset | timeout | error"],
                    ]
                ],
                "times": "at most so many hits",
            ],
            "DELETE /_lab/faults": "take all faults away", "DELETE /_lab/faults/ID": "take one away",
            "POST /_lab/reset": "back to the state after the start; no faults, an empty journal",
            "GET /_lab/snapshots": "the snapshots' names", "POST /_lab/snapshots/NAME": "keep queues and buckets",
            "POST /_lab/snapshots/NAME/restore": "bring them back; a frozen clock goes back as well",
            "GET /_aws/sqs/messages?QueueUrl=URL&ShowInvisible=true&ShowDelayed=true":
                "messages in the form of ReceiveMessage, without receiving them",
        ],
    ]
}
