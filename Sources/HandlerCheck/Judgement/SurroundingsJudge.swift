import ProbeProtocol

/// Says what a handler changed of what it shares with its process.
enum SurroundingsJudge {
    /// The first change of something that belongs to the host; `nil` when there is none.
    static func change(from before: ProcessSurroundings, to after: ProcessSurroundings) -> String? {
        if before.directory != after.directory { return "it changes the current directory to \(after.directory)" }
        if before.umask != after.umask { return "it changes the umask to 0\(String(after.umask, radix: 8))" }
        if before.locale != after.locale { return "it changes the locale to \(after.locale)" }
        if before.environmentDigest != after.environmentDigest { return "it changes environment variables" }
        if before.handledSignals != after.handledSignals {
            let changed = Set(before.handledSignals).symmetricDifference(after.handledSignals).sorted()
            return "it changes what happens at signal \(changed.map(String.init).joined(separator: ", "))"
        }
        if before.blockedSignals != after.blockedSignals { return "it changes which signals are blocked" }
        return nil
    }

    /// How fast resident memory grows from run to run, in bytes: the slope of the line through all looks but those of
    /// the first quarter, where caches fill.
    ///
    /// Source: ordinary least squares.
    static func bytesPerRun(_ looks: [(count: Int, residentBytes: Int64)]) -> Double? {
        let late = looks.dropFirst(looks.count / 4)
        guard late.count >= 3 else { return nil }
        let count = Double(late.count)
        let meanRuns = late.reduce(0) { $0 + Double($1.count) } / count
        let meanBytes = late.reduce(0) { $0 + Double($1.residentBytes) } / count
        var (shared, own) = (0.0, 0.0)
        for look in late {
            let distance = Double(look.count) - meanRuns
            shared += distance * (Double(look.residentBytes) - meanBytes)
            own += distance * distance
        }
        return own > 0 ? shared / own : nil
    }
}
