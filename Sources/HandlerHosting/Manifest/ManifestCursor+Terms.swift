import JobCore
import Yams

extension ManifestCursor {
    /// The blocks that hold terms, as members of the top level.
    static let termBlocks = ["isolation", "concurrency", "timeout", "limits", "env", "secrets", "s3"]

    /// Reads what one side asks for or grants.
    ///
    /// - Parameters:
    ///   - top: members of the top level by name.
    ///   - extras: further keys of the same blocks, such as `isolation.recycleAfterJobs`, for the caller to read.
    /// - Returns: the terms, and the nodes of the extras by key.
    mutating func terms(
        in top: [String: Node], extras: [String] = []
    ) -> (terms: GrantTerms, extras: [String: Node]) {
        let known = GrantKey.allCases.map(\.rawValue) + extras
        var nodes: [String: Node] = [:]
        for block in Self.termBlocks {
            if let node = top[block] { collect(node, at: block, known: known, into: &nodes) }
        }
        var terms = GrantTerms()
        for key in GrantKey.allCases {
            guard let node = nodes[key.rawValue], let value = value(of: key, node) else { continue }
            terms[key] = GrantTerms.Term(value: value, place: place(of: node))
        }
        return (terms, nodes.filter { extras.contains($0.key) })
    }

    private mutating func collect(_ node: Node, at path: String, known: [String], into nodes: inout [String: Node]) {
        guard !known.contains(path) else {
            nodes[path] = node
            return
        }
        var names: [String] = []
        for key in known where key.hasPrefix(path + ".") {
            let name = key.dropFirst(path.count + 1).prefix { $0 != "." }
            if !names.contains(String(name)) { names.append(String(name)) }
        }
        let members = members(node, of: path, known: names)
        for name in names {
            if let member = members[name] { collect(member, at: path + "." + name, known: known, into: &nodes) }
        }
    }

    private mutating func value(of key: GrantKey, _ node: Node) -> GrantValue? {
        let place = key.rawValue
        switch key {
        case .isolation:
            return choice(node, place, of: HandlerIsolation.allCases.map(\.rawValue))
                .flatMap { HandlerIsolation(rawValue: $0) }.map { .isolation($0) }
        case .network:
            return choice(node, place, of: HandlerNetwork.allCases.map(\.rawValue))
                .flatMap { HandlerNetwork(rawValue: $0) }.map { .network($0) }
        case .runTimeout: return duration(node, place, atLeast: .milliseconds(1)).map { .duration($0) }
        case .cancelGrace: return duration(node, place).map { .duration($0) }
        case .stall: return duration(node, place, atLeast: .seconds(5)).map { .duration($0) }
        case .memory: return size(node, place, atLeast: 1).map { .amount($0) }
        case .scratch, .outputBytes, .checkpointBytes, .kvBytes: return size(node, place).map { .amount($0) }
        case .concurrency: return integer(node, place, in: 1...256).map { .amount($0) }
        case .cpuSeconds: return integer(node, place, in: 1...1_000_000).map { .amount($0) }
        case .openFiles: return integer(node, place, in: 16...65_536).map { .amount($0) }
        case .processes: return integer(node, place, in: 0...65_536).map { .amount($0) }
        case .threads: return integer(node, place, in: 1...65_536).map { .amount($0) }
        case .readPaths: return paths(node, place)
        case .environment: return variables(node, place)
        case .secrets:
            return .names(
                texts(
                    node, place, expecting: "lower-case letters, digits and hyphens", unique: true,
                    where: TextForms.isSecretName))
        case .s3Read, .s3Write:
            let form = "BUCKET/PREFIX or {bucket}/PREFIX without .., // and %"
            return .prefixes(
                texts(node, place, expecting: form, unique: true) { ObjectPrefix($0) != nil }.compactMap {
                    ObjectPrefix($0)
                })
        }
    }

    private mutating func paths(_ node: Node, _ place: String) -> GrantValue {
        .paths(
            texts(node, place, expecting: "an absolute path without ..", unique: true, where: TextForms.isAbsolutePath)
        )
    }

    private mutating func variables(_ node: Node, _ place: String) -> GrantValue {
        var names: [String] = []
        for (element, name) in texts(node, place) {
            if !TextForms.isVariable(name) {
                fault(element, "\(place): expected a name in capitals, found \"\(name)\"")
            } else if TextForms.isForbiddenVariable(name) {
                fault(element, "\(place): \(name) is never given to handlers")
            } else if names.contains(name) {
                fault(element, "\(place): \"\(name)\" stands twice")
            } else {
                names.append(name)
            }
        }
        return .names(names)
    }
}
