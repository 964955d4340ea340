internal import AWSWire
internal import HTTPTransport
internal import HTTPTypes
internal import Synchronization

/// Computes what a download can be checked against while it comes in.
final class DownloadCheck: ResponseBodyObserver {
    private struct State: ~Copyable {
        var md5 = StreamingDigest(.md5)
        var crc64 = CyclicChecksum(.crc64nvme)
        var byteCount: Int64 = 0
    }

    private let state = Mutex(State())

    /// Forgets everything, for another attempt.
    func restart() { state.withLock { $0 = State() } }

    /// Takes the next bytes.
    func received(_ bytes: UnsafeRawBufferPointer) {
        state.withLock { state in
            state.md5.update(bytes)
            state.crc64.update(bytes)
            state.byteCount += Int64(bytes.count)
        }
    }

    /// A transient failure when the bytes are not those that the answer's headers announce; call it once per attempt.
    func failure(of response: TransportResponse) -> AWSFailure? {
        let headers = response.head.headerFields
        let (md5, crc64, byteCount) = state.withLock { state in
            let (check, count) = (state.crc64.base64, state.byteCount)
            var digest = StreamingDigest(.md5)
            swap(&digest, &state.md5)
            return (digest.finalize(), check, count)
        }
        if let announced = headers[.contentLength].flatMap({ Int64($0) }), announced != byteCount {
            return AWSFailure(damaged: response, "\(byteCount) of \(announced) bytes arrived")
        }
        if let announced = headers[.amzChecksumCRC64NVME], !announced.contains("-"), announced != crc64 {
            return AWSFailure(damaged: response, "the CRC64NVME is \(crc64), announced was \(announced)")
        }
        let encryption = headers[.amzServerSideEncryption] ?? "AES256"
        if encryption == "AES256", let announced = headers[.eTag].flatMap({ ETag.md5($0) }), announced != md5 {
            return AWSFailure(
                damaged: response, "the MD5 is \(Hex.encode(md5)), announced was \(Hex.encode(announced))")
        }
        return nil
    }
}
