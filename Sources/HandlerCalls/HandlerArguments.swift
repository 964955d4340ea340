package import CHandlerABI
package import HostProtocol

/// Reads what handlers pass and writes into their buffers, by the rules of the C header.
package enum HandlerArguments {
    /// Checks a text of the handler; `nil` for one that breaks the contract.
    package static func text(_ string: jh_str, limit: Int) -> String? {
        guard let bytes = unsafe bytes(string, limit: limit) else { return nil }
        return unsafe String(validating: bytes, as: UTF8.self)
    }

    /// Checks bytes of the handler; `nil` for a length above the limit or a length without a pointer.
    package static func bytes(_ string: jh_str, limit: Int) -> UnsafeRawBufferPointer? {
        unsafe bytes(UnsafeRawPointer(string.ptr), string.len, limit: limit)
    }

    /// Checks bytes of the handler; `nil` for a length above the limit or a length without a pointer.
    package static func bytes(_ start: UnsafeRawPointer?, _ length: UInt64, limit: Int) -> UnsafeRawBufferPointer? {
        guard length <= UInt64(limit) else { return nil }
        guard length > 0 else { return unsafe UnsafeRawBufferPointer(start: nil, count: 0) }
        guard let start = unsafe start else { return nil }
        return unsafe UnsafeRawBufferPointer(start: start, count: Int(length))
    }

    /// As much of a text as fits, repaired where it is not UTF-8: an explanation is kept at any price.
    package static func lenientText(_ string: jh_str, limit: Int) -> String {
        guard let start = unsafe string.ptr else { return "" }
        let count = unsafe Int(min(string.len, UInt64(limit)))
        return unsafe String(decoding: UnsafeRawBufferPointer(start: start, count: count), as: UTF8.self)
    }

    /// Checks keys and values of the handler; `nil` where one breaks the contract.
    package static func fields(_ fields: UnsafePointer<jh_field>?, _ count: UInt32) -> [HostLog.Field]? {
        guard count > 0 else { return [] }
        guard count <= fieldLimit, let fields = unsafe fields else { return nil }
        var list: [HostLog.Field] = []
        for place in 0..<Int(count) {
            guard let key = unsafe text(fields[place].key, limit: Int(JH_MAX_NAME_BYTES)),
                let value = unsafe text(fields[place].value, limit: Int(JH_MAX_LOG_BYTES))
            else { return nil }
            list.append(HostLog.Field(key: key, value: value))
        }
        return list
    }

    /// Reads an error report by its own size: members that the handler's header did not have yet are empty.
    package static func report(_ error: UnsafePointer<jh_error>) -> jh_error? {
        let size = unsafe Int(error.pointee.size)
        guard size >= firstErrorBytes else { return nil }
        var report = unsafe jh_error()
        unsafe withUnsafeMutableBytes(of: &report) { target in
            let count = min(size, target.count)
            unsafe target.copyMemory(from: UnsafeRawBufferPointer(start: error, count: count))
        }
        return unsafe report
    }

    /// Copies as much as fits and returns the whole length.
    package static func copy(_ source: [UInt8], _ buffer: UnsafeMutableRawPointer?, _ capacity: UInt64) -> Int64 {
        let count = Int(min(capacity, UInt64(source.count)))
        if count > 0 {
            guard let buffer = unsafe buffer else { return Int64(JH_E_ARGUMENT) }
            unsafe UnsafeMutableRawBufferPointer(start: buffer, count: count).copyBytes(from: source.prefix(count))
        }
        return Int64(source.count)
    }

    private static let fieldLimit: UInt32 = 64
    // jh_error up to retry_after_ms: what the first handlers were built with.
    private static let firstErrorBytes = 88
}
