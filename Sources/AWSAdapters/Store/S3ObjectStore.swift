package import AWSWire
internal import HTTPTransport
internal import HTTPTypes
package import JobCore
internal import Synchronization

/// Objects of Amazon S3, or of what speaks its protocol.
///
/// Uploads carry Content-MD5 and a signed SHA-256; what comes down is checked by length, and by MD5 or CRC-64 where
/// the service tells one.
package struct S3ObjectStore: ObjectStore {
    /// Files up to this size go up in one request.
    package static let defaultPartSizeBytes: Int64 = 16 << 20
    static let maximumParts: Int64 = 10_000

    let caller: S3Caller
    let partSizeBytes: Int64

    /// Makes a store.
    ///
    /// - Parameters:
    ///   - client: The client of the service `s3`.
    ///   - addressing: How URLs name buckets; in the path for a configured endpoint and in the host for AWS's when `nil`.
    ///   - partSizeBytes: The size of an upload's parts, at least 5 MiB for AWS; smaller files go up in one request.
    package init(
        client: AWSClient, addressing: S3Endpoint.Addressing? = nil, partSizeBytes: Int64 = Self.defaultPartSizeBytes
    ) {
        caller = S3Caller(client: client, addressing: addressing)
        self.partSizeBytes = partSizeBytes
    }

    /// Describes an object without reading it.
    package func head(_ object: InputReference) async throws(DependencyError) -> ObjectInfo {
        let response = try await caller.call("s3.HeadObject \(object.location)", request(.head, for: object))
        return ObjectInfo(headers: response.head.headerFields)
    }

    /// Writes an object to a new or truncated file, and checks it.
    package func download(
        _ object: InputReference, to path: String, progress: TransferProgress?
    ) async throws(DependencyError) -> ObjectInfo {
        var head = request(.get, for: object)
        head.headerFields[.amzChecksumMode] = "ENABLED"
        let check = DownloadCheck()
        var transfer = TransportRequest(
            head: head, sink: .file(path: path), timeouts: S3Caller.transferPatience)
        transfer.observer = check
        if let progress { transfer.progress = { _, received in progress(received, nil) } }
        let operation = "s3.GetObject \(object.location)"
        let response = try await caller.client.send(
            AWSClient.Call(
                operation: operation, request: transfer, payload: .empty,
                failure: { $0.head.status.code < 300 ? check.failure(of: $0) : AWSFailure(s3: $0) },
                prepare: { _ in check.restart() }))
        let info = ObjectInfo(headers: response.head.headerFields, sizeBytes: response.bodyByteCount)
        progress?(info.sizeBytes, info.sizeBytes)
        return info
    }

    /// Stores a file under a key, in parts when it is larger than one part.
    package func upload(
        _ path: String, to location: ObjectLocation, contentType: String, progress: TransferProgress?
    ) async throws(DependencyError) -> ObjectInfo {
        let size = try await FileRegion.size(of: path)
        guard size > partSizeBytes else {
            return try await uploadWhole(path, size, to: location, contentType: contentType, progress: progress)
        }
        let partSize = max(partSizeBytes, (size + Self.maximumParts - 1) / Self.maximumParts)
        let upload = MultipartUpload(
            caller: caller, path: path, sizeBytes: size, partSizeBytes: partSize, location: location,
            contentType: contentType, progress: progress)
        return try await upload.run()
    }

    /// Copies an object inside the store, up to S3's 5 GiB for one copy; repeating it gives the same object.
    package func copy(
        _ source: ObjectLocation, to destination: ObjectLocation
    ) async throws(DependencyError) -> ObjectInfo {
        var head = caller.head(.put, bucket: destination.bucket, key: destination.key)
        head.headerFields[.amzCopySource] =
            "/" + PercentEncoding.encode(source.bucket) + "/" + PercentEncoding.encode(source.key, keeping: "/")
        let operation = "s3.CopyObject \(source) to \(destination)"
        let response = try await caller.call(operation, head, timeouts: S3Caller.copyPatience)
        let result = try caller.read(S3CopyResult.self, response, operation)
        var info = try await self.head(InputReference(location: destination))
        guard ETag.matches(info.etag, result.etag) else {
            throw DependencyError(
                .stale, operation: operation, code: "OverwrittenMeanwhile",
                message: "\(destination) was written by somebody else during the copy; look again")
        }
        info.versionID = response.head.headerFields[.amzVersionID] ?? info.versionID
        return info
    }

    /// Deletes an object; deleting one that is gone already succeeds.
    package func delete(_ location: ObjectLocation) async throws(DependencyError) {
        let operation = "s3.DeleteObject \(location)"
        do throws(DependencyError) {
            _ = try await caller.call(operation, caller.head(.delete, bucket: location.bucket, key: location.key))
        } catch {
            guard error.kind == .notFound, error.code != "NoSuchBucket" else { throw error }
        }
    }

    /// Lists keys under a prefix in UTF-8 byte order, at most `limit`.
    package func list(
        bucket: String, prefix: String, limit: Int
    ) async throws(DependencyError) -> [(key: String, sizeBytes: Int64)] {
        let operation = "s3.ListObjectsV2 s3://\(bucket)/\(prefix)"
        var found: [(key: String, sizeBytes: Int64)] = []
        var token: String?
        repeat {
            var query = QueryItems([.init("list-type", "2"), .init("encoding-type", "url")])
            query.append("max-keys", String(min(max(limit - found.count, 1), 1000)))
            if !prefix.isEmpty { query.append("prefix", prefix) }
            if let token { query.append("continuation-token", token) }
            let response = try await caller.call(operation, caller.head(.get, bucket: bucket, query: query))
            let page = try caller.read(S3Listing.self, response, operation)
            found += page.objects.map { ($0.key, $0.sizeBytes) }
            token = page.isTruncated ? page.nextContinuationToken : nil
        } while token != nil && found.count < limit
        return Array(found.prefix(max(limit, 0)))
    }

    // MARK: - Steps

    private func request(_ method: HTTPRequest.Method, for object: InputReference) -> HTTPRequest {
        var query = QueryItems()
        if let version = object.versionID { query.append("versionId", version) }
        var head = caller.head(method, bucket: object.location.bucket, key: object.location.key, query: query)
        head.headerFields[.ifMatch] = object.etag
        return head
    }

    private func uploadWhole(
        _ path: String, _ size: Int64, to location: ObjectLocation, contentType: String, progress: TransferProgress?
    ) async throws(DependencyError) -> ObjectInfo {
        let region = try await FileRegion.digest(path, offset: 0, length: size)
        var head = caller.head(.put, bucket: location.bucket, key: location.key)
        head.headerFields[.contentType] = contentType
        head.headerFields[.contentMD5] = Base64.encode(region.md5)
        var transfer = TransportRequest(
            head: head, body: .file(path: path, offset: 0, length: size), timeouts: S3Caller.transferPatience)
        if let progress { transfer.progress = { sent, _ in progress(sent, size) } }
        let response = try await caller.client.send(
            AWSClient.Call(
                operation: "s3.PutObject \(location)", request: transfer,
                payload: PayloadHash(sha256: region.sha256), failure: S3Caller.failure))
        progress?(size, size)
        let headers = response.head.headerFields
        return ObjectInfo(
            sizeBytes: size, etag: headers[.eTag] ?? "", contentType: contentType, versionID: headers[.amzVersionID])
    }
}
