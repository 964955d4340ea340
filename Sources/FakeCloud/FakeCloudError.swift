/// Why a fake cloud cannot start or go on; each with what to do next.
package enum FakeCloudError: Error, Sendable, Hashable {
    /// Another process listens on the port.
    case portInUse(host: String, port: Int)
    /// The address cannot be listened on for another reason.
    case cannotListen(host: String, port: Int, reason: String)
    /// Another server uses the data directory.
    case dataDirectoryInUse(path: String)
    /// The data directory cannot be made, read or written.
    case dataDirectoryUnusable(path: String, reason: String)
    /// The database in the data directory cannot be read or written.
    case databaseUnusable(path: String, reason: String)
    /// The server was asked for something before it ran or after it stopped.
    case notRunning
}

extension FakeCloudError: CustomStringConvertible {
    /// What happened, with what to do next.
    package var description: String {
        switch self {
        case .portInUse(let host, let port):
            "port \(port) of \(host) is in use by another process; stop it or choose another port (0 takes a free one)"
        case .cannotListen(let host, let port, let reason):
            "cannot listen on \(host):\(port): \(reason); choose an address of this machine"
        case .dataDirectoryInUse(let path):
            "the data directory \(path) is in use by another server; stop it or choose another directory"
        case .dataDirectoryUnusable(let path, let reason):
            "the data directory \(path) cannot be used: \(reason); mend its permissions or choose another directory"
        case .databaseUnusable(let path, let reason):
            "the database \(path) cannot be used: \(reason); free disk space or restore the file, then start again"
        case .notRunning: "the fake cloud is not running"
        }
    }
}
