import ArgumentParser
import HandlerHosting
import JobCore
import Logging
import PureJSON

/// `headrace handler`: handlers, from the first line to the runner's folder.
struct HandlerCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "handler", abstract: "Write handlers, try them, and show those that are installed here.",
        subcommands: [
            List.self, Explain.self, New.self, Check.self, Run.self, Stamp.self, KeyGen.self, Sign.self, Verify.self,
            Pack.self, Install.self, Schema.self,
        ])

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
            let inventory = catalog.inventory()
            if console.writesJSON {
                return console.json([
                    "handlers": .array(inventory.map { json($0, catalog.description(of: $0.name)) }),
                    "faults": .array(faults.map { .string($0) }),
                ])
            }
            var table = TextTable([
                .init(title: "HANDLER"), .init(title: "VERSION"), .init(title: "PLATFORM", overflow: .wrap),
                .init(title: "ISOLATION"), .init(title: "SIGNATURE", overflow: .wrap),
                .init(title: "STATUS", overflow: .wrap, minimumWidth: 16),
                .init(title: "WHAT IT DOES", overflow: .wrap, minimumWidth: 16),
            ])
            for handler in inventory {
                let reason = handler.faults.first?.message
                table.add([
                    .init(handler.name, .bold), .init(handler.version ?? "-"),
                    .init(handler.platforms.isEmpty ? "-" : handler.platforms.joined(separator: " ")),
                    .init(handler.isolation?.rawValue ?? "-"), .init(handler.signature?.description ?? "-"),
                    .init(reason.map { "refused: \($0)" } ?? "ready", reason == nil ? .green : .red),
                    .init(handler.isUsable ? catalog.description(of: handler.name)?.title ?? "" : ""),
                ])
            }
            if !table.isEmpty { console.table(table) }
            for fault in faults {
                console.out.line("\(console.out.styled("error", .red))  \(TextWidth.sanitized(fault))")
            }
        }

        private func json(_ installed: InstalledHandler, _ description: HandlerDescription?) -> JSONValue {
            var object: JSONObject = [
                "name": .string(installed.name), "version": installed.version.map { .string($0) } ?? .null,
                "folder": .string(installed.folder), "platforms": .array(installed.platforms.map { .string($0) }),
                "isolation": installed.isolation.map { .string($0.rawValue) } ?? .null,
                "signature": installed.signature.map { .string("\($0)") } ?? .null,
                "status": installed.faults.isEmpty ? "ready" : "refused",
                "faults": .array(installed.faults.map { .string("\($0)") }),
            ]
            guard installed.isUsable, let description else { return .object(object) }
            object["title"] = .string(description.title)
            object["required_inputs"] = .array(description.requiredInputs.map { .string($0) })
            object["optional_inputs"] = .array(description.optionalInputs.map { .string($0) })
            object["outputs"] = .array(description.outputs.map { .string($0) })
            object["timeout_seconds"] = .integer(description.timeout.secondsRoundedUp)
            object["max_attempts"] = .integer(Int64(description.retry.maxAttempts))
            return .object(object)
        }
    }
}

extension Logger {
    /// A logger for commands that say themselves what there is to say.
    static var silent: Logger { Logger(label: "headrace", factory: { _ in SwiftLogNoOpLogHandler() }) }
}
