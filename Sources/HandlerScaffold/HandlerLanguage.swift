/// A language that a handler can be started in.
package enum HandlerLanguage: String, Sendable, Hashable, CaseIterable {
    /// Swift, with the SDK.
    case swift
    /// C, with the header alone.
    case c
    /// C++, with the header alone.
    case cpp
    /// Rust, with the header's declarations in Rust.
    case rust

    /// As people write it.
    package var title: String {
        switch self {
        case .swift: "Swift"
        case .c: "C"
        case .cpp: "C++"
        case .rust: "Rust"
        }
    }

    /// Whether its projects hold a copy of the C header.
    var usesHeader: Bool { self == .c || self == .cpp }

    /// The program that builds it, by the name under which it is found.
    package var compiler: String {
        switch self {
        case .swift: "swift"
        case .c: "cc"
        case .cpp: "c++"
        case .rust: "cargo"
        }
    }

    /// The file that the author writes on.
    package func mainFile(of name: HandlerProjectName) -> String {
        switch self {
        case .swift: "Sources/\(name.typeName)/\(name.typeName).swift"
        case .c: "\(name.snakeCase).c"
        case .cpp: "\(name.snakeCase).cpp"
        case .rust: "src/lib.rs"
        }
    }
}
