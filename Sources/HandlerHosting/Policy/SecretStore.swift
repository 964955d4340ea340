import Glibc
import JobCore

/// Fetches the values of secrets.
struct SecretStore {
    /// The largest secret, in bytes.
    private static let sizeLimit = 64 << 10

    /// The runner's variables.
    let environment: [String: String]

    /// The values of those secrets that are wanted, by name.
    func values(
        of references: [SecretReference], wanted names: [String]
    ) throws(HandlerFault) -> [String: String] {
        var values: [String: String] = [:]
        for reference in references where names.contains(reference.name) {
            values[reference.name] = try value(of: reference)
        }
        return values
    }

    private func value(of reference: SecretReference) throws(HandlerFault) -> String {
        let value: String
        switch reference.source {
        case .variable(let name):
            guard let text = environment[name] else {
                throw HandlerFault(reference.place, "secret \(reference.name): $\(name) is not set")
            }
            value = text
        case .file(let path):
            let bytes: [UInt8]
            do throws(FileFault) {
                bytes = try FileReader.read(path: path, limit: Self.sizeLimit)
            } catch {
                throw HandlerFault(reference.place, "secret \(reference.name): \(path) \(error.reason)")
            }
            guard let text = String(validating: bytes, as: UTF8.self) else {
                throw HandlerFault(reference.place, "secret \(reference.name): \(path) is not UTF-8")
            }
            value = text.hasSuffix("\n") ? String(text.dropLast()) : text
        }
        guard !value.isEmpty else { throw HandlerFault(reference.place, "secret \(reference.name) is empty") }
        return value
    }
}

/// Keeps secrets out of what is logged, stored and shown.
struct SecretRedactor: Sendable {
    /// Shorter values would take ordinary words with them.
    private static let shortestBytes = 4
    private static let mark = "[secret]"

    private let values: [String]

    init(_ values: some Sequence<String>) {
        // The longest first, so that one that holds another goes as a whole.
        self.values = values.filter { $0.utf8.count >= Self.shortestBytes }.sorted { $0.utf8.count > $1.utf8.count }
    }

    var isIdle: Bool { values.isEmpty }

    func redacted(_ text: String) -> String {
        values.reduce(text) { $0.replacing($1, with: Self.mark) }
    }

    func redacted(_ signal: HandlerSignal) -> HandlerSignal {
        switch signal {
        case .progress(let fraction, let note): .progress(fraction: fraction, note: redacted(note))
        case .log(let level, let message, let fields):
            .log(level: level, message: redacted(message), fields: fields.mapValues { redacted($0) })
        }
    }

    /// The report with what is stored and shown of it redacted; a result is the handler's to keep clean.
    func redacted(_ report: HandlerReport) -> HandlerReport {
        var report = report
        report.lastLogLines = report.lastLogLines.map { redacted($0) }
        report.outcome =
            switch report.outcome {
            case .invalidInput(let code, let message): .invalidInput(code: code, message: redacted(message))
            case .retry(let after, let code, let message):
                .retry(after: after, code: code, message: redacted(message))
            case .failed(let code, let message): .failed(code: code, message: redacted(message))
            case .resourceExhausted(let limit, let message):
                .resourceExhausted(limit: limit, message: redacted(message))
            case .crashed(let signal, let exitCode, let message):
                .crashed(signal: signal, exitCode: exitCode, message: redacted(message))
            case .completed, .cancelled, .timedOut: report.outcome
            }
        return report
    }
}
