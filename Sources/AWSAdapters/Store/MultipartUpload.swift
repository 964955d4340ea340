internal import AWSWire
internal import HTTPTransport
internal import HTTPTypes
internal import JobCore

/// One upload in parts: begun, filled part by part from the file, and completed, or else aborted.
struct MultipartUpload: Sendable {
    let caller: S3Caller
    let path: String
    let sizeBytes: Int64
    let partSizeBytes: Int64
    let location: ObjectLocation
    let contentType: String
    let progress: TransferProgress?

    /// Carries the upload out; readers see the whole object or none.
    func run() async throws(DependencyError) -> ObjectInfo {
        let uploadID = try await begin()
        do throws(DependencyError) {
            var parts: [S3MultipartManifest.Part] = []
            var md5s: [[UInt8]] = []
            var offset: Int64 = 0
            while offset < sizeBytes {
                let length = min(partSizeBytes, sizeBytes - offset)
                let (part, md5) = try await send(uploadID, number: parts.count + 1, offset: offset, length: length)
                parts.append(part)
                md5s.append(md5)
                offset += length
            }
            return try await complete(uploadID, parts, expected: ETag.multipart(partMD5s: md5s))
        } catch {
            throw await abort(uploadID, after: error)
        }
    }

    private func begin() async throws(DependencyError) -> String {
        let operation = "s3.CreateMultipartUpload \(location)"
        var head = caller.head(
            .post, bucket: location.bucket, key: location.key, query: QueryItems([.init("uploads")]))
        head.headerFields[.contentType] = contentType
        let response = try await caller.call(operation, head)
        return try caller.read(S3MultipartUpload.self, response, operation).uploadID
    }

    private func send(
        _ uploadID: String, number: Int, offset: Int64, length: Int64
    ) async throws(DependencyError) -> (S3MultipartManifest.Part, md5: [UInt8]) {
        let region = try await FileRegion.digest(path, offset: offset, length: length)
        let query = QueryItems([.init("partNumber", String(number)), .init("uploadId", uploadID)])
        var head = caller.head(.put, bucket: location.bucket, key: location.key, query: query)
        head.headerFields[.contentMD5] = Base64.encode(region.md5)
        var transfer = TransportRequest(
            head: head, body: .file(path: path, offset: offset, length: length),
            timeouts: S3Caller.transferPatience)
        if let progress {
            let size = sizeBytes
            transfer.progress = { sent, _ in progress(offset + sent, size) }
        }
        let response = try await caller.client.send(
            AWSClient.Call(
                operation: "s3.UploadPart \(location) part \(number)", request: transfer,
                payload: PayloadHash(sha256: region.sha256), failure: S3Caller.failure))
        progress?(offset + length, sizeBytes)
        let etag = response.head.headerFields[.eTag] ?? ETag.quoted(md5: region.md5)
        return (S3MultipartManifest.Part(number: number, etag: etag), region.md5)
    }

    private func complete(
        _ uploadID: String, _ parts: [S3MultipartManifest.Part], expected: String
    ) async throws(DependencyError) -> ObjectInfo {
        let operation = "s3.CompleteMultipartUpload \(location)"
        var head = caller.head(
            .post, bucket: location.bucket, key: location.key, query: QueryItems([.init("uploadId", uploadID)]))
        head.headerFields[.contentType] = "application/xml"
        do throws(DependencyError) {
            let body = S3MultipartManifest(parts: parts).body
            let response = try await caller.call(operation, head, body: body, timeouts: S3Caller.copyPatience)
            let result = try caller.read(S3MultipartResult.self, response, operation)
            return ObjectInfo(
                sizeBytes: sizeBytes, etag: result.etag, contentType: contentType,
                versionID: response.head.headerFields[.amzVersionID])
        } catch {
            // An answer that was lost leaves a completed upload behind, which the repetition does not find.
            guard error.code == "NoSuchUpload" else { throw error }
            let stored = try await caller.call(
                "s3.HeadObject \(location)", caller.head(.head, bucket: location.bucket, key: location.key))
            let info = ObjectInfo(headers: stored.head.headerFields)
            guard ETag.matches(info.etag, expected), info.sizeBytes == sizeBytes else { throw error }
            return info
        }
    }

    /// Frees the parts that are stored already, also when the upload was cancelled; returns the error to throw.
    private func abort(_ uploadID: String, after error: DependencyError) async -> DependencyError {
        let head = caller.head(
            .delete, bucket: location.bucket, key: location.key, query: QueryItems([.init("uploadId", uploadID)]))
        let operation = "s3.AbortMultipartUpload \(location)"
        // A task of its own, because this one may be cancelled already; it is awaited, so nothing is left running.
        let aborting = Task { () -> DependencyError? in
            do throws(DependencyError) {
                _ = try await caller.call(operation, head)
                return nil
            } catch {
                return error
            }
        }
        guard let second = await aborting.value, second.code != "NoSuchUpload" else { return error }
        var both = error
        both.message += " (the parts already stored could not be removed either: \(second.message))"
        return both
    }
}
