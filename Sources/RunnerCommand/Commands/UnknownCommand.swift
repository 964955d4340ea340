import ArgumentParser
import JobCore

/// Finds what somebody who mistyped a command most likely meant.
enum UnknownCommand {
    /// The failure to report when the arguments name a command that does not exist; `nil` when they do not.
    static func failure(in arguments: [String]) -> CommandFailure? {
        var command: any ParsableCommand.Type = HeadraceCommand.self
        var path = ["headrace"]
        for argument in arguments {
            let subcommands = command.configuration.subcommands
            guard !subcommands.isEmpty, !argument.hasPrefix("-") else { return nil }
            if argument == "help" { return nil }
            guard let next = subcommands.first(where: { name(of: $0) == argument }) else {
                let nearest = NearestName.of(argument, among: subcommands.map { name(of: $0) })
                let place = path.joined(separator: " ")
                let hint = nearest.map { "Did you mean `\(place) \($0)`? " } ?? ""
                return CommandFailure(
                    .usage, "there is no command `\(place) \(argument)`", next: "\(hint)See `\(place) --help`.")
            }
            command = next
            path.append(argument)
        }
        return nil
    }

    private static func name(of command: any ParsableCommand.Type) -> String {
        command.configuration.commandName ?? String(describing: command).lowercased()
    }
}
