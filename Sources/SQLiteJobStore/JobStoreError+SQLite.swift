import GRDB
import JobCore

extension JobStoreError {
    /// Translates whatever GRDB or this module threw.
    init(_ error: any Error) {
        switch error {
        case let error as JobStoreError: self = error
        case let fault as StoredValueFault:
            self = .corrupt(detail: "\(fault.table).\(fault.column) of job \(fault.job) \(fault.reason)")
        case let error as DatabaseError: self.init(error)
        case is CancellationError: self = .cancelled
        default: self = .unreachable(detail: "\(error)")
        }
    }

    private init(_ error: DatabaseError) {
        let detail = "\(error.message ?? "no message") (SQLite \(error.extendedResultCode.rawValue))"
        switch error.resultCode {
        case .SQLITE_BUSY, .SQLITE_LOCKED: self = .busy(detail: detail)
        case .SQLITE_FULL, .SQLITE_READONLY, .SQLITE_IOERR, .SQLITE_PERM: self = .storage(detail: detail)
        case .SQLITE_CANTOPEN, .SQLITE_AUTH, .SQLITE_NOMEM: self = .unreachable(detail: detail)
        case .SQLITE_NOTADB: self = .corrupt(detail: "the file is not a SQLite database")
        case .SQLITE_CORRUPT, .SQLITE_CONSTRAINT, .SQLITE_MISMATCH: self = .corrupt(detail: detail)
        case .SQLITE_ERROR, .SQLITE_SCHEMA: self = .schema(detail: detail)
        case .SQLITE_INTERRUPT, .SQLITE_ABORT: self = .cancelled
        default: self = .unreachable(detail: detail)
        }
    }

    /// Whether another change in the same transaction may well succeed.
    var isOfOneChange: Bool {
        switch self {
        case .corrupt: true
        case .busy, .unreachable, .storage, .schema, .cancelled: false
        }
    }
}
