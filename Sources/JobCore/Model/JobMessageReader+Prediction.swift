import PureJSON

extension JobMessageReader {
    /// Reads the prediction message of the replaced system and maps it to `churn-predict`.
    ///
    /// Its five checks stay: structure, UUID, S3 path, user id, timestamp window. Python writes times without an
    /// offset; those are read as UTC.
    func readPrediction(_ fields: MessageFields) throws(MessageRejection) -> JobRequest {
        let text = try fields.string("prediction_id")
        guard Self.isUUIDv4(text), let id = JobID(text) else {
            throw MessageRejection(
                .badJobID, at: "/prediction_id", "expected a version 4 UUID, found \"\(text.prefix(64))\"")
        }
        do {
            return try readPrediction(fields, id)
        } catch {
            var rejection = error
            rejection.jobID = id
            throw rejection
        }
    }

    private func readPrediction(_ fields: MessageFields, _ id: JobID) throws(MessageRejection) -> JobRequest {
        let user = try fields.string("user_id")
        guard Self.isUserID(user), let tenant = Tenant(user) else {
            throw MessageRejection(
                .badUserID, at: "/user_id",
                "expected user_ and 20 to 40 of A-Z a-z 0-9 _, found \"\(user.prefix(64))\"")
        }
        _ = try fields.string("upload_id")
        let location = try fields.location("s3_file_path")
        try checkPath(location)
        return JobRequest(
            id: id, handler: "churn-predict", inputs: ["csv": InputReference(location: location)], tenant: tenant,
            priority: try readPriority(fields, allowed: [.normal, .high]) ?? .normal,
            submittedAt: try fields.timestamp("timestamp", assumingUTC: true), format: .prediction)
    }

    private func checkPath(_ location: ObjectLocation) throws(MessageRejection) {
        guard location.key.lowercased().hasSuffix(".csv") else {
            throw MessageRejection(
                .badInput, at: "/s3_file_path", "expected a key that ends in .csv, found \"\(location.key.suffix(64))\""
            )
        }
        let allowed = location.key.unicodeScalars.allSatisfy { scalar in
            scalar.isASCII
                && (UInt8(truncatingIfNeeded: scalar.value).isASCIIAlphanumeric
                    || "/-_. ()+=,@".unicodeScalars.contains(scalar))
        }
        guard allowed else {
            throw MessageRejection(
                .badInput, at: "/s3_file_path",
                "expected letters, digits and /-_. ()+=,@ in the key, found \"\(location.key.prefix(96))\"")
        }
    }

    private static func isUUIDv4(_ text: String) -> Bool {
        let bytes = Array(text.utf8)
        guard bytes.count == 36 else { return false }
        for (place, byte) in bytes.enumerated() {
            switch place {
            case 8, 13, 18, 23: guard byte == UInt8(ascii: "-") else { return false }
            case 14: guard byte == UInt8(ascii: "4") else { return false }
            case 19: guard "89abAB".utf8.contains(byte) else { return false }
            default: guard "0123456789abcdefABCDEF".utf8.contains(byte) else { return false }
            }
        }
        return true
    }

    private static func isUserID(_ text: String) -> Bool {
        guard text.hasPrefix("user_") else { return false }
        let rest = text.utf8.dropFirst(5)
        return (20...40).contains(rest.count) && rest.allSatisfy { $0.isASCIIAlphanumeric || $0 == UInt8(ascii: "_") }
    }
}
