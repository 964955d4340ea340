import CHandlerABI

/// Text across the C interface.
enum HostText {
    /// Fields of a log line beyond these are left out.
    static let fieldLimit = 64

    /// A text that is not longer than the host takes; cut between characters.
    static func clipped(_ text: String, to limit: Int) -> String {
        guard text.utf8.count > limit else { return text }
        var end = text.utf8.index(text.startIndex, offsetBy: limit)
        while end > text.startIndex, end.samePosition(in: text.unicodeScalars) == nil {
            end = text.utf8.index(before: end)
        }
        return String(text[..<end])
    }

    /// Lends a string for the time of a call.
    static func with<R>(_ text: String, _ body: (jh_str) -> R) -> R {
        var text = text
        return text.withUTF8 { bytes in
            let base = unsafe UnsafeRawPointer(bytes.baseAddress)?.assumingMemoryBound(to: CChar.self)
            return unsafe body(jh_str(ptr: base, len: UInt64(bytes.count)))
        }
    }

    /// Pulls text; empty when the host refuses.
    static func copy(_ pull: (UnsafeMutablePointer<CChar>?, UInt64) -> Int64) -> [UInt8] {
        let pulled = unsafe bytes { buffer, capacity in
            unsafe pull(buffer?.assumingMemoryBound(to: CChar.self), capacity)
        }
        return (try? pulled.get()) ?? []
    }

    /// A code of the host that says why there are no bytes.
    struct Refusal: Error {
        let status: Int32
    }

    /// Pulls bytes through a function that copies up to a capacity and returns the whole length, or a code below 0.
    static func bytes(_ pull: (UnsafeMutableRawPointer?, UInt64) -> Int64) -> Result<[UInt8], Refusal> {
        var capacity = 256
        while true {
            var needed: Int64 = 0
            let bytes = unsafe [UInt8](unsafeUninitializedCapacity: capacity) { buffer, count in
                needed = unsafe pull(UnsafeMutableRawPointer(buffer.baseAddress), UInt64(capacity))
                count = max(min(Int(needed), capacity), 0)
            }
            if needed < 0 { return .failure(Refusal(status: Int32(truncatingIfNeeded: needed))) }
            guard needed > capacity else { return .success(bytes) }
            capacity = Int(needed)
        }
    }

    /// Lends fields for the time of a call, sorted by key; those beyond the limit are left out.
    static func with<R>(_ fields: [String: String], _ body: (UnsafePointer<jh_field>?, UInt32) -> R)
        -> R
    {
        var arena: [UInt8] = []
        var lengths: [(key: Int, value: Int)] = []
        for (key, value) in fields.sorted(by: { $0.key < $1.key }).prefix(fieldLimit) {
            let key = clipped(key, to: Int(JH_MAX_NAME_BYTES))
            let value = clipped(value, to: Int(JH_MAX_LOG_BYTES))
            arena.append(contentsOf: key.utf8)
            arena.append(contentsOf: value.utf8)
            lengths.append((key.utf8.count, value.utf8.count))
        }
        return unsafe arena.withUnsafeBytes { bytes in
            var base = unsafe bytes.baseAddress?.assumingMemoryBound(to: CChar.self)
            var list: [jh_field] = unsafe []
            for length in lengths {
                let key = unsafe jh_str(ptr: base, len: UInt64(length.key))
                let value = unsafe jh_str(
                    ptr: base.map { unsafe $0 + length.key }, len: UInt64(length.value))
                unsafe list.append(jh_field(key: key, value: value))
                unsafe base = base.map { unsafe $0 + length.key + length.value }
            }
            return unsafe body(list, UInt32(list.count))
        }
    }
}
