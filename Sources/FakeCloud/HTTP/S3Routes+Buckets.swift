internal import AWSWire
internal import HTTPTypes

extension S3Routes {
    /// CreateBucket.
    func createBucket(_ call: S3Call, _ bucket: String) async throws -> HTTPAnswer {
        let body = try await call.document()
        var location: String?
        if !body.isEmpty {
            do throws(S3CodecError) {
                location = try S3BucketConfiguration(body: body).location
            } catch {
                throw S3Refusal.malformedXML
            }
        }
        if location == nil, region != "us-east-1" {
            throw S3Refusal(
                "IllegalLocationConstraintException",
                "The unspecified location constraint is incompatible for the region specific endpoint this request was "
                    + "sent to.")
        }
        try await objects.change { [location] (service, now) throws(S3Refusal) in
            try service.createBucket(bucket, location: location, at: now)
        }
        var response = call.responseHead()
        response.headerFields[.location] = "/" + bucket
        return HTTPAnswer(response)
    }
}
