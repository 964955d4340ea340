/// A handler's wish to read or write what the runner keeps for it between runs.
package struct HostStateRequest: Sendable, Hashable {
    /// What is wanted.
    package enum Operation: Sendable, Hashable {
        /// Replace the job's checkpoint.
        case putCheckpoint([UInt8])
        /// Read the job's checkpoint.
        case getCheckpoint
        /// Set the value of a key of the handler; `nil` removes it.
        case putValue(key: String, [UInt8]?)
        /// Read the value of a key of the handler.
        case getValue(key: String)
    }

    /// The run's number.
    package var run: UInt64
    /// The request's number, for its reply.
    package var number: UInt64
    /// What is wanted.
    package var operation: Operation

    /// Makes a frame's content.
    package init(run: UInt64, number: UInt64, operation: Operation) {
        self.run = run
        self.number = number
        self.operation = operation
    }
}

/// What came of a ``HostStateRequest``.
package struct HostStateReply: Sendable, Hashable {
    /// How a request ended.
    package enum Answer: Sendable, Hashable {
        /// Written, on disk.
        case done
        /// Read.
        case value([UInt8])
        /// Nothing is kept there.
        case notFound
        /// A limit of the manifest forbids it.
        case overLimit
        /// The job belongs to another attempt.
        case notOwner
        /// The runner's store failed.
        case failed
    }

    /// The request's number.
    package var number: UInt64
    /// How it ended.
    package var answer: Answer

    /// Makes a frame's content.
    package init(number: UInt64, answer: Answer) {
        self.number = number
        self.answer = answer
    }
}

extension HostStateRequest {
    private enum Kind {
        static let putCheckpoint: UInt8 = 0
        static let getCheckpoint: UInt8 = 1
        static let putValue: UInt8 = 2
        static let removeValue: UInt8 = 3
        static let getValue: UInt8 = 4
    }

    func write(to writer: inout FrameWriter) {
        writer.number(run)
        writer.number(number)
        switch operation {
        case .putCheckpoint(let bytes):
            writer.number(Kind.putCheckpoint)
            writer.blob(bytes)
        case .getCheckpoint: writer.number(Kind.getCheckpoint)
        case .putValue(let key, let bytes?):
            writer.number(Kind.putValue)
            writer.text(key)
            writer.blob(bytes)
        case .putValue(let key, nil):
            writer.number(Kind.removeValue)
            writer.text(key)
        case .getValue(let key):
            writer.number(Kind.getValue)
            writer.text(key)
        }
    }

    init(from reader: inout FrameReader) throws(FrameFault) {
        run = try reader.number()
        number = try reader.number()
        switch try reader.number(UInt8.self) {
        case Kind.putCheckpoint: operation = .putCheckpoint(try reader.blob())
        case Kind.getCheckpoint: operation = .getCheckpoint
        case Kind.putValue: operation = .putValue(key: try reader.text(), try reader.blob())
        case Kind.removeValue: operation = .putValue(key: try reader.text(), nil)
        case Kind.getValue: operation = .getValue(key: try reader.text())
        default: throw .invalidValue(field: "state operation")
        }
    }
}

extension HostStateReply {
    private enum Kind {
        static let done: UInt8 = 0
        static let value: UInt8 = 1
        static let notFound: UInt8 = 2
        static let overLimit: UInt8 = 3
        static let notOwner: UInt8 = 4
        static let failed: UInt8 = 5
    }

    func write(to writer: inout FrameWriter) {
        writer.number(number)
        switch answer {
        case .done: writer.number(Kind.done)
        case .value(let bytes):
            writer.number(Kind.value)
            writer.blob(bytes)
        case .notFound: writer.number(Kind.notFound)
        case .overLimit: writer.number(Kind.overLimit)
        case .notOwner: writer.number(Kind.notOwner)
        case .failed: writer.number(Kind.failed)
        }
    }

    init(from reader: inout FrameReader) throws(FrameFault) {
        number = try reader.number()
        switch try reader.number(UInt8.self) {
        case Kind.done: answer = .done
        case Kind.value: answer = .value(try reader.blob())
        case Kind.notFound: answer = .notFound
        case Kind.overLimit: answer = .overLimit
        case Kind.notOwner: answer = .notOwner
        case Kind.failed: answer = .failed
        default: throw .invalidValue(field: "state answer")
        }
    }
}
