import JobCore
import Logging

/// A swift-log handler that writes each event as one line.
struct LineLogHandler: LogHandler {
    let layout: LogLayout
    let output: LogOutput
    let clock: any RunnerClock
    var logLevel: Logger.Level
    var metadata: Logger.Metadata = [:]
    var metadataProvider: Logger.MetadataProvider?

    func log(event: LogEvent) {
        let fields = LogFields(metadata, metadataProvider?.get(), event.metadata, error: event.error)
        let now = clock.now()
        let line = layout.line(at: now, level: event.level, event: event.message.description, fields: fields)
        output.write(line) { count in
            let fields = LogFields(["lines": .stringConvertible(count)])
            return layout.line(at: now, level: .warning, event: "log_lines_dropped", fields: fields)
        }
    }

    subscript(metadataKey key: String) -> Logger.Metadata.Value? {
        get { metadata[key] }
        set { metadata[key] = newValue }
    }
}
