internal import Glibc
internal import LabProtocol
internal import Synchronization

/// The lab's end of the line to one process of the world.
final class ProcessLine: Sendable {
    /// What comes in on a line.
    protocol Listener: Sendable {
        /// A process has greeted; it waits for its start.
        func greeted(_ name: String, processID: Int32, by line: ProcessLine)
        /// A process stands still.
        func reported(_ name: String, _ report: StandstillReport)
        /// A line cannot be understood; the process is not heard any more.
        func broke(_ name: String, _ reason: String)
    }

    private let descriptor: Int32
    private let writing = Mutex(())

    init(descriptor: Int32) { self.descriptor = descriptor }

    deinit { close(descriptor) }

    /// Sends a line; one to a process that is gone is lost.
    func send(_ line: String) {
        let bytes = Array((line + "\n").utf8)
        writing.withLock { _ in
            var start = 0
            while start < bytes.count {
                let count = bytes[start...].withUnsafeBytes {
                    Glibc.send(descriptor, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL))
                }
                if count > 0 {
                    start += count
                } else if errno != EINTR {
                    return
                }
            }
        }
    }

    /// Reads lines until the process is gone; blocks its thread.
    func listen(_ listener: any Listener) {
        var reader = LineReader(descriptor: descriptor)
        guard let first = reader.next() else { return }
        let name: String
        do throws(LabWire.Fault) {
            let greeting = try LabWire.Greeting(line: first)
            name = greeting.name
            listener.greeted(name, processID: greeting.processID, by: self)
        } catch {
            return listener.broke("", error.description)
        }
        while let line = reader.next() {
            do throws(LabWire.Fault) {
                listener.reported(name, try StandstillReport(line: line))
            } catch {
                return listener.broke(name, error.description)
            }
        }
    }
}

/// Lines of text from a descriptor.
private struct LineReader {
    let descriptor: Int32
    private var received: [UInt8] = []

    init(descriptor: Int32) { self.descriptor = descriptor }

    /// The next line; `nil` at the end or when the line is longer than the protocol allows.
    mutating func next() -> String? {
        var searched = 0
        while true {
            if let end = received[searched...].firstIndex(of: UInt8(ascii: "\n")) {
                defer { received.removeFirst(end + 1) }
                return String(decoding: received[..<end], as: UTF8.self)
            }
            searched = received.count
            guard searched <= LabWire.lineLimitBytes else { return nil }
            var buffer = [UInt8](repeating: 0, count: 64 << 10)
            let count = buffer.withUnsafeMutableBytes { recv(descriptor, $0.baseAddress, $0.count, 0) }
            if count > 0 {
                received += buffer[..<count]
            } else if count == 0 || errno != EINTR {
                return nil
            }
        }
    }
}
