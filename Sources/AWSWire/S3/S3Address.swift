/// Where S3 requests go: a service's address and how buckets are named in URLs.
package struct S3Endpoint: Sendable, Hashable {
    /// How a URL names the bucket.
    package enum Addressing: Sendable, Hashable {
        /// `https://host/bucket/key`.
        case path
        /// `https://bucket.host/key`.
        case virtualHost
    }

    /// `http` or `https`.
    package let scheme: String
    /// The host, with a port where it is not the scheme's own.
    package let authority: String
    /// How a URL names the bucket.
    package let addressing: Addressing

    /// Makes an endpoint.
    package init(scheme: String, authority: String, addressing: Addressing) {
        self.scheme = scheme
        self.authority = authority
        self.addressing = addressing
    }

    /// The authority and the encoded path of a bucket or an object; without a bucket, of the service.
    ///
    /// A bucket with a dot is always named in the path: over TLS the certificate would not match.
    package func address(bucket: String? = nil, key: String? = nil) -> (authority: String, path: String) {
        let encodedKey = key.map { PercentEncoding.encode($0, keeping: "/") }
        guard let bucket else { return (authority, "/") }
        if addressing == .virtualHost, !bucket.contains(".") {
            return (bucket + "." + authority, "/" + (encodedKey ?? ""))
        }
        return (authority, "/" + PercentEncoding.encode(bucket) + (encodedKey.map { "/" + $0 } ?? ""))
    }
}

/// What an S3 request's URL names, as a server reads it.
package struct S3Address: Sendable, Hashable {
    /// The bucket; `nil` for the service itself.
    package let bucket: String?
    /// The decoded key; `nil` for the bucket itself.
    package let key: String?
    /// Whether the host names the bucket, and not the path.
    package let isBucketInHost: Bool

    /// Reads a `Host` and an encoded path without query.
    ///
    /// A host of the form `bucket.BASE`, for one of the base hosts (without port), names the bucket; else the path does.
    package init(authority: String?, path: String, baseHosts: [String]) {
        let host = (authority ?? "").split(separator: ":").first.map { $0.lowercased() } ?? ""
        let base = baseHosts.first { host.hasSuffix("." + $0) }
        let rest = path.hasPrefix("/") ? path.dropFirst() : path[...]
        isBucketInHost = base != nil
        if let base {
            bucket = String(host.dropLast(base.count + 1))
            key = rest.isEmpty ? nil : PercentEncoding.decode(rest)
            return
        }
        let slash = rest.firstIndex(of: "/") ?? rest.endIndex
        let name = PercentEncoding.decode(rest[..<slash])
        bucket = name.isEmpty ? nil : name
        let tail = rest[slash...].dropFirst()
        key = tail.isEmpty ? nil : PercentEncoding.decode(tail)
    }
}
