import Glibc

/// A file that always holds the input that runs, so that it is known after the process died.
///
/// The file is mapped into memory: to keep an input costs a copy, and the kernel has it whatever becomes of the process.
/// Layout: the length in eight bytes, little-endian, then the input. One writer and, after its end, one reader.
final class BlackBox: @unchecked Sendable {
    // SAFETY: the memory is written by the one task that runs inputs, and read by another process after its end.
    private let memory: UnsafeMutableRawPointer
    private static let sizeBytes = 4 << 20

    struct Failure: Error, CustomStringConvertible {
        let description: String
    }

    /// Opens or makes the file.
    init(path: String) throws {
        let descriptor = open(path, O_RDWR | O_CREAT, 0o600)
        guard descriptor >= 0, ftruncate(descriptor, off_t(Self.sizeBytes)) == 0,
            let memory = mmap(nil, Self.sizeBytes, PROT_READ | PROT_WRITE, MAP_SHARED, descriptor, 0),
            memory != MAP_FAILED
        else { throw Failure(description: "cannot map \(path): \(String(cString: strerror(errno)))") }
        close(descriptor)
        self.memory = memory
    }

    deinit { munmap(memory, Self.sizeBytes) }

    /// Keeps an input in the place of the last one.
    func keep(_ bytes: [UInt8]) {
        let count = min(bytes.count, Self.sizeBytes - 8)
        memory.storeBytes(of: UInt64(count).littleEndian, as: UInt64.self)
        bytes.withUnsafeBytes {
            (memory + 8).copyMemory(from: $0.baseAddress ?? UnsafeRawPointer(memory), byteCount: count)
        }
    }

    /// The input that was kept last.
    var kept: [UInt8] {
        let count = Int(min(UInt64(littleEndian: memory.load(as: UInt64.self)), UInt64(Self.sizeBytes - 8)))
        return Array(UnsafeRawBufferPointer(start: memory + 8, count: count))
    }
}
