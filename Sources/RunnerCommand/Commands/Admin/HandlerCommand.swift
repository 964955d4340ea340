import ArgumentParser
import HandlerHosting
import JobCore
import Logging
import PureJSON

/// `headrace handler`: handlers, from the first line to the runner's folder.
struct HandlerCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "handler", abstract: "Write handlers, try them, and show those that are installed here.",
        subcommands: [List.self, New.self, Check.self, Run.self])

    /// `headrace handler list`.
    struct List: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "List handlers, and say why others could not be loaded; exits 3 when one could not.")

        @OptionGroup var global: GlobalOptions

        func run() async throws {
            let session = try global.session()
            let (catalog, faults) = try await Composition(session).handlers(logger: .silent)
            show(catalog, faults, session.console)
            await catalog.shutdown()
            guard let first = faults.first else { return }
            throw CommandFailure(
                .configuration,
                faults.count == 1 ? first : "\(faults.count) faults in the handlers; the first: \(first)",
                next: "Mend or remove the handler; the others are not affected.")
        }

        private func show(_ catalog: HostedHandlerCatalog, _ faults: [String], _ console: Console) {
            let all = catalog.descriptions()
            if console.writesJSON {
                return console.json([
                    "handlers": .array(all.map { json($0, folder: catalog.folder(of: $0.name)) }),
                    "faults": .array(faults.map { .string($0) }),
                ])
            }
            var table = TextTable([
                .init(title: "HANDLER"), .init(title: "VERSION"),
                .init(title: "INPUTS", overflow: .wrap), .init(title: "OUTPUTS", overflow: .wrap, minimumWidth: 12),
                .init(title: "TIMEOUT", alignment: .right), .init(title: "ATTEMPTS", alignment: .right),
                .init(title: "WHAT IT DOES", overflow: .wrap, minimumWidth: 16),
            ])
            for handler in all {
                let optional = handler.optionalInputs.map { "[\($0)]" }
                table.add([
                    .init(handler.name, .bold), .init(handler.version),
                    .init((handler.requiredInputs + optional).joined(separator: " ")),
                    .init(handler.outputs.joined(separator: " ")), .init(ConfigurationText.text(handler.timeout)),
                    .init("\(handler.retry.maxAttempts)"), .init(handler.title),
                ])
            }
            if !table.isEmpty { console.table(table) }
            for fault in faults {
                console.out.line("\(console.out.styled("error", .red))  \(TextWidth.sanitized(fault))")
            }
        }

        private func json(_ handler: HandlerDescription, folder: String?) -> JSONValue {
            var object: JSONObject = [
                "name": .string(handler.name), "version": .string(handler.version), "title": .string(handler.title),
                "required_inputs": .array(handler.requiredInputs.map { .string($0) }),
                "optional_inputs": .array(handler.optionalInputs.map { .string($0) }),
                "outputs": .array(handler.outputs.map { .string($0) }),
                "timeout_seconds": .integer(handler.timeout.secondsRoundedUp),
                "max_attempts": .integer(Int64(handler.retry.maxAttempts)),
            ]
            object["folder"] = folder.map { .string($0) }
            return .object(object)
        }
    }
}

extension Logger {
    /// A logger for commands that say themselves what there is to say.
    static var silent: Logger { Logger(label: "headrace", factory: { _ in SwiftLogNoOpLogHandler() }) }
}
