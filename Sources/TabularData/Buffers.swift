/// Bytes in one growing allocation that is reused.
@safe
struct ByteBuffer: ~Copyable {
    private(set) var base: UnsafeMutablePointer<UInt8>
    private(set) var count = 0
    private var capacity: Int

    init(capacity: Int) {
        self.capacity = max(64, capacity)
        unsafe base = .allocate(capacity: self.capacity)
    }

    deinit { unsafe base.deallocate() }

    mutating func append(_ bytes: UnsafeRawBufferPointer) {
        guard let source = bytes.baseAddress else { return }
        reserve(count + bytes.count)
        unsafe UnsafeMutableRawPointer(base + count).copyMemory(from: source, byteCount: bytes.count)
        count += bytes.count
    }

    mutating func append(_ byte: UInt8) {
        reserve(count + 1)
        unsafe base[count] = byte
        count += 1
    }

    mutating func removeFirst(_ size: Int) {
        unsafe UnsafeMutableRawPointer(base).copyMemory(from: base + size, byteCount: count - size)
        count -= size
    }

    mutating func removeAll() { count = 0 }

    mutating func removeLast(_ size: Int) { count -= size }

    /// Appends a field's bytes if it needs no quotes; otherwise leaves the buffer as it is and says false.
    @inline(__always)
    mutating func appendPlain(_ bytes: UnsafeRawBufferPointer, delimiter: UInt8) -> Bool {
        let size = bytes.count
        guard size > 0, let source = bytes.baseAddress else { return true }
        reserve(count + size)
        let target = unsafe base + count
        var isPlain = unsafe bytes[0] != 0x20 && bytes[size - 1] != 0x20
        for index in 0..<size {
            let byte = unsafe source.load(fromByteOffset: index, as: UInt8.self)
            isPlain = isPlain && byte != delimiter && byte != 0x22 && byte != 0x0A && byte != 0x0D
            unsafe target[index] = byte
        }
        if isPlain { count += size }
        return isPlain
    }

    mutating func reserve(_ needed: Int) {
        guard needed > capacity else { return }
        let grown = max(needed, capacity * 2)
        let fresh = UnsafeMutablePointer<UInt8>.allocate(capacity: grown)
        unsafe fresh.update(from: base, count: count)
        unsafe base.deallocate()
        unsafe base = fresh
        capacity = grown
    }
}

/// Field ends in one growing allocation that is reused.
@safe
struct WordBuffer: ~Copyable {
    private(set) var base: UnsafeMutablePointer<UInt32>
    var count = 0
    private(set) var capacity: Int

    init(capacity: Int) {
        self.capacity = max(64, capacity)
        unsafe base = .allocate(capacity: self.capacity)
    }

    deinit { unsafe base.deallocate() }

    mutating func append(_ word: UInt32) {
        reserve(count + 1)
        unsafe base[count] = word
        count += 1
    }

    /// Drops the first words and lowers the positions of the others.
    mutating func removeFirst(_ size: Int, subtracting shift: UInt32) {
        for index in size..<count { unsafe base[index - size] = base[index] - shift }
        count -= size
    }

    mutating func reserve(_ needed: Int) {
        guard needed > capacity else { return }
        let grown = max(needed, capacity * 2)
        let fresh = UnsafeMutablePointer<UInt32>.allocate(capacity: grown)
        unsafe fresh.update(from: base, count: count)
        unsafe base.deallocate()
        unsafe base = fresh
        capacity = grown
    }
}
