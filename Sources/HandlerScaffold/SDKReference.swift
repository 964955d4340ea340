/// Where a Swift handler's package finds the SDK.
package enum SDKReference: Sendable, Hashable {
    /// A folder: absolute, or relative to the project.
    case folder(String)
    /// A repository, by its address; its main branch is taken.
    case repository(String)

    /// Takes what a person typed; anything with a scheme, and `user@host:path`, is a repository.
    package init(_ text: String) {
        let isAddress =
            text.contains("://") || (text.contains("@") && text.contains(":") && !text.hasPrefix("/"))
        self = isAddress ? .repository(text) : .folder(text)
    }

    /// The dependency as Package.swift has it.
    var dependency: String {
        switch self {
        case .folder(let path):
            """
            let sdk = Package.Dependency.package(
                name: "HandlerSDK", path: Context.environment["HEADRACE_SDK"] ?? \(Self.literal(path)))
            """
        case .repository(let address):
            """
            let sdk = Package.Dependency.package(url: \(Self.literal(address)), branch: "main")
            """
        }
    }

    /// The package's name where a product of it is named.
    var packageName: String {
        switch self {
        case .folder: "HandlerSDK"
        case .repository(let address):
            String(address.split { $0 == "/" || $0 == ":" }.last ?? "").replacing(".git", with: "")
        }
    }

    /// A Swift string literal.
    private static func literal(_ text: String) -> String {
        "\"" + text.replacing("\\", with: "\\\\").replacing("\"", with: "\\\"") + "\""
    }
}
