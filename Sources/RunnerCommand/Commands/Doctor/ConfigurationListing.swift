import PureJSON

/// What `headrace doctor --print-config` shows.
enum ConfigurationListing {
    /// Writes every setting, its value and where it came from.
    static func show(_ configuration: HeadraceConfiguration, on console: Console) {
        if console.writesJSON {
            return console.json(
                .array(
                    configuration.entries.map {
                        [
                            "key": .string($0.key), "value": .string($0.value),
                            "origin": .string($0.origin.description), "summary": .string($0.summary),
                        ]
                    }))
        }
        var table = TextTable([
            .init(title: "KEY"), .init(title: "VALUE", overflow: .truncate, minimumWidth: 16),
            .init(title: "FROM", overflow: .truncate, minimumWidth: 12),
            .init(title: "WHAT IT IS", overflow: .truncate, minimumWidth: 12),
        ])
        for entry in configuration.entries {
            let isSet = entry.origin != .builtIn
            table.add([
                .init(entry.key, isSet ? .bold : .plain), .init(entry.value.isEmpty ? "-" : entry.value),
                .init(entry.origin.description, isSet ? .cyan : .dim), .init(entry.summary, .dim),
            ])
        }
        console.table(table)
    }
}
