import CHandlerABI

/// An input of the host.
@safe struct HostInput: InputSource {
    let host: UnsafePointer<jh_host>
    let stream: OpaquePointer
    let name: String

    var size: Int { unsafe Int(max(host.pointee.input_size(stream), 0)) }

    func read(into buffer: UnsafeMutableRawBufferPointer) throws(HandlerError) -> Int {
        let count = unsafe host.pointee.read(stream, buffer.baseAddress, UInt64(buffer.count))
        guard count >= 0 else {
            throw HostStatus.inputFailure(Int32(truncatingIfNeeded: count), name: name)
        }
        return Int(count)
    }

    func seek(to offset: Int) throws(HandlerError) {
        let place = offset < 0 ? Int64(JH_E_ARGUMENT) : unsafe host.pointee.seek(stream, UInt64(offset))
        guard place >= 0 else {
            throw HostStatus.inputFailure(Int32(truncatingIfNeeded: place), name: name)
        }
    }

    func close() { _ = unsafe host.pointee.close(stream) }
}

/// An output of the host.
@safe struct HostOutput: OutputSink {
    let host: UnsafePointer<jh_host>
    let stream: OpaquePointer
    let name: String

    func write(_ bytes: UnsafeRawBufferPointer) throws(HandlerError) {
        var written = 0
        while written < bytes.count {
            let rest = unsafe UnsafeRawBufferPointer(rebasing: bytes[written...])
            let count = unsafe host.pointee.write(stream, rest.baseAddress, UInt64(rest.count))
            guard count > 0 else {
                throw HostStatus.outputFailure(Int32(truncatingIfNeeded: count), name: name)
            }
            written += Int(count)
        }
    }

    func close() throws(HandlerError) {
        let status = unsafe host.pointee.close(stream)
        guard status == JH_OK else { throw HostStatus.outputFailure(status, name: name) }
    }
}
