import ArgumentParser
import HandlerHosting
import PureJSON

extension HandlerCommand {
    /// `headrace handler explain`.
    struct Explain: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Show what a handler asks for, what it is granted, and what it may use.",
            discussion: """
                What it asks for stands in its manifest, what it is granted in handlers.grants and \
                handlers.settings.NAME.grants of the configuration. The last column is what host processes are held to.
                """)

        @Argument(help: ArgumentHelp("The handler.", valueName: "name"))
        var name: String

        @OptionGroup var global: GlobalOptions

        func run() async throws {
            let session = try global.session()
            let (catalog, faults) = try await Composition(session).handlers(logger: .silent)
            let explanation = catalog.explanation(of: name)
            let fault = catalog.loadFault(of: name) ?? faults.first { $0.contains(name) }
            await catalog.shutdown()
            guard let explanation else {
                throw CommandFailure(
                    .configuration, fault ?? "no handler is named \(name)", next: "See `headrace handler list`.")
            }
            if session.console.writesJSON {
                session.console.json(explanation.json)
            } else {
                show(explanation, session.console)
            }
        }

        private func show(_ explanation: HandlerExplanation, _ console: Console) {
            console.facts(explanation.facts)
            console.out.line()
            var table = TextTable([
                .init(title: "KEY"), .init(title: "REQUESTED", overflow: .wrap), .init(title: "AT"),
                .init(title: "GRANTED", overflow: .wrap), .init(title: "AT"),
                .init(title: "EFFECTIVE", overflow: .wrap),
            ])
            for row in explanation.grants.rows {
                let effective = GrantText.text(row.effective, of: row.key)
                // What the operator took away stands out.
                table.add([
                    .init(row.key.rawValue), .init(GrantText.text(row.requested, of: row.key)),
                    .init(GrantText.place(row.requestedAt)), .init(GrantText.text(row.granted, of: row.key)),
                    .init(GrantText.place(row.grantedAt)),
                    .init(effective, row.effective == row.requested ? .plain : .yellow),
                ])
            }
            console.table(table)
        }
    }
}

extension HandlerExplanation {
    fileprivate var facts: [(label: String, value: String)] {
        var facts = [
            ("handler", "\(name) \(version)"), ("folder", folder), ("signature", "\(signature)"),
            ("secrets", secrets.isEmpty ? "none" : secrets.joined(separator: " ")),
        ]
        if let binding { facts.append(("takes", binding)) }
        if !notEnforced.isEmpty { facts.append(("not enforced", notEnforced.joined(separator: " "))) }
        return facts
    }

    fileprivate var json: JSONValue {
        let rows = grants.rows.map { row -> JSONValue in
            [
                "key": .string(row.key.rawValue),
                "requested": .string(GrantText.text(row.requested, of: row.key)),
                "requested_at": row.requestedAt.map { .string("\($0)") } ?? .null,
                "granted": .string(GrantText.text(row.granted, of: row.key)),
                "granted_at": row.grantedAt.map { .string("\($0)") } ?? .null,
                "effective": .string(GrantText.text(row.effective, of: row.key)),
            ]
        }
        return [
            "name": .string(name), "version": .string(version), "folder": .string(folder),
            "signature": .string("\(signature)"), "secrets": .array(secrets.map { .string($0) }),
            "binding": binding.map { .string($0) } ?? .null,
            "not_enforced": .array(notEnforced.map { .string($0) }), "grants": .array(rows),
        ]
    }
}
