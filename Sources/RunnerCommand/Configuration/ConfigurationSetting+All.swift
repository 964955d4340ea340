import HandlerHosting
import JobCore

extension ConfigurationSetting {
    /// Every key there is, in the order of the manual.
    static let all: [ConfigurationSetting] =
        queueSettings + storageSettings + runnerSettings + awsSettings + logSettings + retrySettings

    /// The setting of a dotted key.
    static func named(_ key: String) -> ConfigurationSetting? { all.first { $0.key == key } }

    private static let queueSettings: [ConfigurationSetting] = [
        .text("queue.name", \.queue.name, .queueName, "The queue that jobs come from."),
        .text("queue.url", \.queue.url, .url, "The queue's URL, for accounts that may not look it up."),
        .duration(
            "queue.visibility", \.queue.visibility, .seconds(1) ... .seconds(43_200),
            "How long a received message stays hidden; renewed while its job runs."),
        .duration(
            "queue.wait", \.queue.wait, .zero ... .seconds(20), "How long one poll waits for a message."),
        .count(
            "queue.max_receives", \.queue.maxReceives, 1...1_000,
            "Deliveries before the queue itself dead-letters a message."),
        .duration(
            "queue.retention", \.queue.retention, .seconds(60) ... .seconds(14 * 86_400),
            "How long the queue keeps a message."),
        .text("dead_letter.name", \.deadLetter.name, .queueName, "The queue that hopeless messages go to."),
        .duration(
            "dead_letter.retention", \.deadLetter.retention, .seconds(60) ... .seconds(14 * 86_400),
            "How long the dead-letter queue keeps a message."),
        .choice("malformed", \.malformed, "What happens to a message that is not a valid job."),
        .duration(
            "message.max_age", \.message.maxAge, .seconds(1) ... .seconds(14 * 86_400),
            "The oldest submitted_at that is accepted."),
        .duration(
            "message.max_ahead", \.message.maxAhead, .zero ... .seconds(86_400),
            "How far submitted_at may lie in the future."),
    ]

    private static let storageSettings: [ConfigurationSetting] = [
        .list("storage.allowed_buckets", \.storage.allowedBuckets, .bucket, "Buckets that messages may name."),
        .text(
            "storage.output_bucket", \.storage.outputBucket, .bucket,
            "The bucket of all outputs; that of a job's first input when not set."),
        .text("storage.output_prefix", \.storage.outputPrefix, .prefix, "The prefix of published outputs."),
        .text(
            "storage.staging_prefix", \.storage.stagingPrefix, .prefix,
            "The prefix of outputs that are not committed yet."),
        .text("database.path", \.database.path, .path, "The SQLite file of jobs."),
        .duration(
            "database.busy_timeout", \.database.busyTimeout, .zero ... .seconds(300),
            "How long a database call waits for another process."),
    ]

    private static let runnerSettings: [ConfigurationSetting] = [
        .count("runner.concurrency", \.runner.concurrency, 1...256, "Jobs at a time."),
        .duration(
            "runner.grace", \.runner.grace, .zero ... .seconds(3_600),
            "How long running jobs may go on after SIGTERM."),
        .text("runner.id", \.runner.id, .runnerID, "The name in leases and logs; made up when not set."),
        .list("handlers.directories", \.handlers.directories, .path, "Folders with one folder per handler."),
        .text(
            "handlers.host", \.handlers.host, .path,
            "The headrace-host executable; the one beside headrace when not set."),
        .flag("handlers.watch", \.handlers.watch, "Whether handlers that change take over while the runner runs."),
        .duration(
            "handlers.rescan", \.handlers.rescan, .milliseconds(100) ... .seconds(3_600),
            "How often handlers are looked at, beside what the system says of changes."),
        .choice(
            "handlers.isolation", \.handlers.isolation,
            "Whether handlers may run where a layer of their confinement is missing."),
        .choice("handlers.signatures", \.handlers.policy.signatures, "Which handlers need a good signature."),
        .flag(
            "handlers.development", \.handlers.policy.allowsDevelopment,
            "Whether a library without a digest (sha256: dev) is loaded."),
        .text("scratch.directory", \.scratch.directory, .path, "Local files of running jobs."),
    ]

    private static let awsSettings: [ConfigurationSetting] = [
        .text("aws.region", \.aws.region, .region, "The AWS region.")
            .alsoSet(by: "AWS_REGION", "AWS_DEFAULT_REGION"),
        .text("aws.endpoint_url", \.aws.endpointURL, .url, "The endpoint of all services.")
            .alsoSet(by: "AWS_ENDPOINT_URL"),
        .text("aws.endpoint_url_sqs", \.aws.sqsEndpointURL, .url, "The endpoint of SQS alone.")
            .alsoSet(by: "AWS_ENDPOINT_URL_SQS"),
        .text("aws.endpoint_url_s3", \.aws.s3EndpointURL, .url, "The endpoint of S3 alone.")
            .alsoSet(by: "AWS_ENDPOINT_URL_S3"),
        .text("aws.profile", \.aws.profile, .profile, "The profile in the shared AWS files.")
            .alsoSet(by: "AWS_PROFILE", "AWS_DEFAULT_PROFILE"),
    ]

    private static let logSettings: [ConfigurationSetting] = [
        .choice("log.level", \.log.level, "The least severe level that is written."),
        .choice("log.format", \.log.format, "The layout of log lines; auto is pretty on a terminal."),
    ]

    private static let retrySettings: [ConfigurationSetting] = [
        .count(
            "retry.max_attempts", \.retry.maxAttempts, 1...100,
            "Attempts in all, for handlers whose manifest does not say."),
        .duration(
            "retry.initial_backoff", \.retry.initialBackoff, .zero ... .seconds(43_200),
            "The wait after the first failed attempt."),
        .duration(
            "retry.max_backoff", \.retry.maxBackoff, .zero ... .seconds(43_200), "The longest wait before jitter."),
        .factor("retry.factor", \.retry.factor, 1...10, "By how much each wait is longer than the one before."),
    ]
}
