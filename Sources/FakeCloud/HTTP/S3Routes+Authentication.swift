internal import AWSWire
internal import HTTPTypes
internal import JobCore

extension S3Routes {
    /// A request whose signature is good.
    struct Authenticated: Sendable {
        /// The head; parameters of a presigned URL that stand for headers are headers.
        let head: HTTPRequest
        /// What the signature proves.
        let pass: SignatureGate.Pass
    }

    /// Checks who signed a request, and that the signature is for where the bucket is.
    ///
    /// Each region of AWS has an endpoint of its own. This server is the endpoint of its region and of every region
    /// that one of its buckets is in: the region of the signature tells which of them the client means.
    func authenticate(_ head: HTTPRequest, bucketHosts: [String]) throws(S3Refusal) -> Authenticated {
        let address = S3Address(
            authority: head.authority, path: RequestTarget(head).path, baseHosts: bucketHosts)
        do throws(SigV2Rejection) {
            if let url = try SigV2PresignedURL(head) {
                let pass = try gate.check(url, hostBucket: address.isBucketInHost ? address.bucket : nil)
                return Authenticated(head: url.request, pass: pass)
            }
        } catch {
            guard !gate.verifies else { throw S3Refusal(error) }
        }
        guard !gate.verifies || head.headerFields[.authorization]?.hasPrefix("AWS ") != true else {
            throw Self.oldSignature
        }
        return Authenticated(head: head, pass: try checkVersion4(head, bucket: address.bucket))
    }

    private func checkVersion4(_ head: HTTPRequest, bucket: String?) throws(S3Refusal) -> SignatureGate.Pass {
        let location = bucket.flatMap { regionOfExisting($0) } ?? region
        let pass: SignatureGate.Pass
        do throws(SigV4Rejection) {
            pass = try gate.check(head, payload: nil, service: "s3")
        } catch {
            guard case .wrongRegion(location, _, _) = error else { throw S3Refusal(error) }
            do throws(SigV4Rejection) {
                return try gate.check(head, payload: nil, service: "s3", region: location)
            } catch {
                throw S3Refusal(error)
            }
        }
        guard pass.identity == nil || location == region else {
            throw .elsewhere(bucket ?? "", location: location, endpoint: head.authority ?? "")
        }
        return pass
    }

    /// The region of a bucket; `nil` when there is no such bucket.
    private func regionOfExisting(_ bucket: String) -> String? {
        do throws(S3Refusal) {
            let location = try objects.read { (service) throws(S3Refusal) in try service.location(of: bucket) }
            // Source: Amazon S3 API reference, GetBucketLocation: the old name of eu-west-1.
            return location == "EU" ? "eu-west-1" : location
        } catch {
            return nil
        }
    }

    private static let oldSignature = S3Refusal(
        "InvalidRequest",
        "The authorization mechanism you have provided is not supported. Please use AWS4-HMAC-SHA256.")
}

extension S3Refusal {
    /// The refusal of a signature, as S3 puts it.
    init(_ rejection: SigV4Rejection) {
        switch rejection {
        case .missing: self.init("AccessDenied", "Access Denied")
        case .malformed(let reason): self.init("AuthorizationHeaderMalformed", reason)
        case .unknownAccessKey(let key):
            self.init(
                "InvalidAccessKeyId", "The AWS Access Key Id you provided does not exist in our records.",
                details: ["AWSAccessKeyId": key])
        case .wrongSessionToken: self.init("InvalidToken", "The provided token is malformed or otherwise invalid.")
        case .wrongRegion(let found, let expected, let isPresigned):
            let what = isPresigned ? Self.presignedProblem : Self.headerProblem
            self.init(
                what.code, what.text + "the region '\(found)' is wrong; expecting '\(expected)'",
                details: ["Region": expected])
            headers["x-amz-bucket-region"] = expected
        case .wrongService(let found, let expected, let isPresigned):
            let what = isPresigned ? Self.presignedProblem : Self.headerProblem
            self.init(
                what.code,
                what.text + "incorrect service \"\(found)\". This endpoint belongs to \"\(expected)\".")
        case .signatureMismatch(let key, let provided, let stringToSign, let canonicalRequest):
            self.init(
                "SignatureDoesNotMatch",
                "The request signature we calculated does not match the signature you provided. Check your key and "
                    + "signing method.",
                details: [
                    "AWSAccessKeyId": key, "CanonicalRequest": canonicalRequest, "SignatureProvided": provided,
                    "StringToSign": stringToSign,
                ])
        case .skewed(let requestTime, let serverTime):
            self.init(
                "RequestTimeTooSkewed",
                "The difference between the request time and the current time is too large.",
                details: [
                    "MaxAllowedSkewMilliseconds": "900000", "RequestTime": requestTime.amzDate,
                    "ServerTime": serverTime.rfc3339,
                ])
        case .expired(let end, let serverTime):
            self.init(
                "AccessDenied", "Request has expired",
                details: ["Expires": end.rfc3339, "ServerTime": serverTime.rfc3339])
        }
    }

    private static let headerProblem = (
        code: "AuthorizationHeaderMalformed", text: "The authorization header is malformed; "
    )
    private static let presignedProblem = (
        code: "AuthorizationQueryParametersError", text: "Error parsing the X-Amz-Credential parameter; "
    )

    /// The refusal of a signature of version 2, as S3 puts it.
    init(_ rejection: SigV2Rejection) {
        switch rejection {
        case .incomplete:
            self.init(
                "AccessDenied",
                "Query-string authentication requires the Signature, Expires and AWSAccessKeyId parameters")
        case .malformedExpiry(let text):
            self.init("AccessDenied", "Invalid date (should be seconds since epoch): \(text)")
        case .expired(let end, let serverTime): self.init(SigV4Rejection.expired(at: end, serverTime: serverTime))
        case .unknownAccessKey(let key): self.init(SigV4Rejection.unknownAccessKey(key))
        case .wrongSessionToken: self.init(SigV4Rejection.wrongSessionToken(accessKeyID: ""))
        case .signatureMismatch(let key, let provided, let stringToSign):
            self.init(
                SigV4Rejection.signatureMismatch(
                    accessKeyID: key, provided: provided, stringToSign: stringToSign, canonicalRequest: ""))
            error.details["CanonicalRequest"] = nil
        }
    }
}
