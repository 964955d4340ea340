import JobCore

/// What is wrong with the queues' attributes, seen from the settings.
enum QueueChecks {
    /// Looks at the job queue.
    static func findings(
        _ attributes: QueueAttributes, settings: HeadraceConfiguration, longestTimeout: Duration?,
        isEmbedded: Bool = false
    ) -> [Finding] {
        let name = settings.queue.name
        let counts =
            "\(HumanFormat.count(attributes.visibleCount)) waiting, "
            + "\(HumanFormat.count(attributes.inFlightCount)) in flight, "
            + "\(HumanFormat.count(attributes.delayedCount)) delayed"
        var findings = [Finding.ok("queue", "\(name) answers: \(counts)")]
        findings += redrive(attributes, settings)
        if attributes.visibilityTimeout < .seconds(30) {
            findings.append(
                .note(
                    "queue",
                    "\(name) hides messages for \(HumanFormat.duration(attributes.visibilityTimeout)); the runner asks "
                        + "for \(ConfigurationText.text(settings.queue.visibility)) itself"))
        }
        if let longest = longestTimeout, settings.queue.visibility < .seconds(60), longest > .seconds(600) {
            findings.append(
                .warning(
                    "queue",
                    "queue.visibility is \(ConfigurationText.text(settings.queue.visibility)) and handlers may run "
                        + "\(HumanFormat.duration(longest)); many renewals, and little time to recover from an outage",
                    fix: "Set queue.visibility to 5m."))
        }
        // Polls of an embedded cloud cost nothing.
        if settings.queue.wait < .seconds(5), !isEmbedded {
            findings.append(
                .warning(
                    "queue", "queue.wait is \(ConfigurationText.text(settings.queue.wait)): short polls cost money",
                    fix: "Set queue.wait to 20s."))
        }
        return findings
    }

    private static func redrive(_ attributes: QueueAttributes, _ settings: HeadraceConfiguration) -> [Finding] {
        let name = settings.queue.name
        guard let maxReceives = attributes.maxReceiveCount else {
            return [
                .warning(
                    "queue", "\(name) has no redrive policy: a message that no runner can handle circles for ever",
                    fix: "Run `headrace queue create`; it sets maxReceiveCount \(settings.queue.maxReceives).")
            ]
        }
        var findings: [Finding] = []
        if let target = attributes.deadLetterQueueName, target != settings.deadLetter.name {
            findings.append(
                .warning(
                    "queue", "\(name) dead-letters to \(target), the runner to \(settings.deadLetter.name)",
                    fix: "Set dead_letter.name to \(target)."))
        }
        if maxReceives < 3 {
            findings.append(
                .warning(
                    "queue",
                    "\(name) dead-letters after \(maxReceives) receives; receives without an attempt count too",
                    fix: "Raise maxReceiveCount to 3 or more with `headrace queue create`."))
        }
        return findings
    }

    /// Looks at the dead-letter queue.
    static func deadLetterFindings(
        _ attributes: QueueAttributes, source: QueueAttributes?, settings: HeadraceConfiguration
    ) -> [Finding] {
        let name = settings.deadLetter.name
        let depth = attributes.visibleCount
        var findings: [Finding] = []
        if depth > 5 {
            findings.append(
                .warning(
                    "dead letters", "\(name) holds \(HumanFormat.count(depth)) messages",
                    fix: "Look at their jobs with `headrace jobs list --state failed --state quarantined`."))
        } else {
            findings.append(.ok("dead letters", "\(name) answers: \(depth) \(depth == 1 ? "message" : "messages")"))
        }
        if let source, attributes.retention <= source.retention {
            findings.append(
                .warning(
                    "dead letters",
                    "\(name) keeps messages \(HumanFormat.duration(attributes.retention)), no longer than the queue "
                        + "itself; their age counts from when they were first sent",
                    fix: "Raise MessageRetentionPeriod of \(name) to 14 days with `headrace queue create`."))
        }
        return findings
    }
}
