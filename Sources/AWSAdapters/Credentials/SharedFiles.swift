internal import AWSWire
internal import Glibc
internal import Offloading

/// The profiles of AWS's shared configuration and credentials files.
///
/// Source: AWS SDKs and tools reference guide, "Shared config and credentials files".
package struct SharedProfile: Sendable, Hashable {
    /// The profile's name.
    package let name: String
    /// The settings of both files by lower-case name; the credentials file wins.
    package let settings: [String: String]
    /// The files that were read.
    package let files: [String]
    /// Whether a section of that name is in either file.
    package let exists: Bool

    /// Reads the profile that the environment names; files that are not there are empty.
    ///
    /// - Throws: ``CredentialError/invalidSetting(_:)`` when a file is there and cannot be read.
    package static func load(environment: [String: String]) async throws(CredentialError) -> SharedProfile {
        let home = environment["HOME"] ?? ""
        let credentialsFile = environment["AWS_SHARED_CREDENTIALS_FILE"] ?? home + "/.aws/credentials"
        let configFile = environment["AWS_CONFIG_FILE"] ?? home + "/.aws/config"
        let name = environment["AWS_PROFILE"].flatMap { $0.isEmpty ? nil : $0 } ?? "default"
        let texts = await BlockingWork.run { [readText(configFile), readText(credentialsFile)] }
        var settings: [String: String] = [:]
        var exists = false
        for (text, sections) in zip(texts, [name == "default" ? ["default"] : ["profile \(name)"], [name]]) {
            let file = INIFile(parsing: try text.get())
            for section in sections {
                guard let found = file.sections[section] else { continue }
                exists = true
                settings.merge(found) { _, newer in newer }
            }
        }
        return SharedProfile(name: name, settings: settings, files: [configFile, credentialsFile], exists: exists)
    }

    private static func readText(_ path: String) -> Result<String, CredentialError> {
        switch SmallFile.read(path, limitBytes: 1 << 20) {
        case .success(let bytes): .success(String(decoding: bytes, as: UTF8.self))
        case .failure(let failure) where failure.errno == ENOENT: .success("")
        case .failure(let failure):
            .failure(.invalidSetting("\(path) cannot be read (errno \(failure.errno)); check its rights"))
        }
    }
}

/// An INI file as the AWS tools read it: sections of `name = value`; indented lines belong to nested settings.
struct INIFile: Hashable {
    var sections: [String: [String: String]] = [:]

    init(parsing text: String) {
        var section: String?
        for line in text.split(whereSeparator: \.isNewline) {
            guard let first = line.first, first != "#", first != ";", first != " ", first != "\t" else { continue }
            if first == "[" {
                guard let end = line.firstIndex(of: "]") else { continue }
                let words = line[line.index(after: line.startIndex)..<end].split(whereSeparator: \.isWhitespace)
                let name = words.joined(separator: " ")
                section = name
                sections[name] = sections[name] ?? [:]
            } else if let section, let equals = line.firstIndex(of: "=") {
                let name = Self.trimmed(line[..<equals]).lowercased()
                var value = line[line.index(after: equals)...]
                if let comment = value.firstRange(of: " #") ?? value.firstRange(of: " ;") {
                    value = value[..<comment.lowerBound]
                }
                sections[section]?[name] = Self.trimmed(value)
            }
        }
    }

    private static func trimmed(_ text: Substring) -> String {
        var text = text
        while text.first?.isWhitespace == true { text.removeFirst() }
        while text.last?.isWhitespace == true { text.removeLast() }
        return String(text)
    }
}

/// `~/.aws/credentials` and `~/.aws/config`, profile by `AWS_PROFILE`.
struct SharedFileCredentials: CredentialSource {
    let environment: [String: String]

    let name = "shared files"

    func load() async throws(CredentialError) -> CredentialLookup {
        let profile = try await SharedProfile.load(environment: environment)
        let key = profile.settings["aws_access_key_id"] ?? ""
        let secret = profile.settings["aws_secret_access_key"] ?? ""
        if !key.isEmpty, !secret.isEmpty {
            return .found(
                AWSCredentials(
                    accessKeyID: key, secretAccessKey: secret,
                    sessionToken: profile.settings["aws_session_token"]))
        }
        let place = "profile '\(profile.name)' of \(profile.files.joined(separator: " and "))"
        guard key.isEmpty, secret.isEmpty else {
            throw .invalidSetting("\(place) has only one of aws_access_key_id and aws_secret_access_key")
        }
        if !profile.exists, let asked = environment["AWS_PROFILE"], !asked.isEmpty {
            throw .invalidSetting("AWS_PROFILE names '\(asked)', which is in neither of \(profile.files)")
        }
        return .absent(reason: "\(place) has no keys")
    }
}
