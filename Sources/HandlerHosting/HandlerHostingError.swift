/// Why hosting cannot do something that has nothing to do with one handler.
package enum HandlerHostingError: Error, Hashable, CustomStringConvertible {
    /// The system gave no thread.
    case noThread(errno: Int32)
    /// The system gave no descriptor.
    case noDescriptor(errno: Int32)
    /// The host executable is not there or may not be executed.
    case hostExecutable(path: String, errno: Int32)
    /// The host executable was started and did not say what it was asked.
    case noAnswer(path: String, reason: String)

    /// One sentence with the next step.
    package var description: String {
        switch self {
        case .noThread(let code): "no thread for a host process (errno \(code)); raise the limit of threads"
        case .noDescriptor(let code): "no descriptor for a host process (errno \(code)); raise the limit of open files"
        case .hostExecutable(let path, let code):
            "\(path) cannot be executed (errno \(code)); install headrace-host beside headrace"
        case .noAnswer(let path, let reason):
            "\(path) did not answer (\(reason)); install the headrace-host that belongs to this headrace"
        }
    }
}
