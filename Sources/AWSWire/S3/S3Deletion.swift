/// The request body of DeleteObjects.
package struct S3Deletion: S3Document {
    /// One object to delete.
    package struct Target: Sendable, Hashable {
        /// The key.
        package var key: String
        /// The version; the newest when absent.
        package var versionID: String?

        /// Makes a target.
        package init(key: String, versionID: String? = nil) {
            self.key = key
            self.versionID = versionID
        }
    }

    /// The objects, 1000 at most.
    package var targets: [Target]
    /// Whether the answer tells failures only.
    package var isQuiet: Bool

    /// Makes a request.
    package init(targets: [Target], isQuiet: Bool = false) {
        self.targets = targets
        self.isQuiet = isQuiet
    }

    /// Reads a `<Delete>` document.
    package init(xml: XMLElement) throws(S3CodecError) {
        try xml.requireRoot("Delete")
        isQuiet = try xml.bool("Quiet") ?? false
        targets = []
        for object in xml.all("Object") {
            targets.append(Target(key: try object.requiredText("Key"), versionID: object["VersionId"]?.text))
        }
    }

    /// The `<Delete>` document.
    package var xml: XMLElement {
        XMLElement(
            "Delete",
            targets.map { target in
                XMLElement(
                    "Object", [XMLElement("Key", target.key), .optional("VersionId", target.versionID)])
            } + [isQuiet ? XMLElement("Quiet", "true") : nil])
    }
}

/// The answer to DeleteObjects.
package struct S3DeletionResult: S3Document {
    /// One deleted object.
    package struct Deleted: Sendable, Hashable {
        /// The key.
        package var key: String
        /// The version that was asked for.
        package var versionID: String?
        /// The version of the delete marker that was made or removed.
        package var deleteMarkerVersionID: String?

        /// Makes an entry.
        package init(key: String, versionID: String? = nil, deleteMarkerVersionID: String? = nil) {
            self.key = key
            self.versionID = versionID
            self.deleteMarkerVersionID = deleteMarkerVersionID
        }
    }

    /// One object that was not deleted.
    package struct Failure: Sendable, Hashable {
        /// The key.
        package var key: String
        /// The version that was asked for.
        package var versionID: String?
        /// The error's name.
        package var code: String
        /// S3's sentence.
        package var message: String

        /// Makes an entry.
        package init(key: String, versionID: String? = nil, code: String, message: String) {
            self.key = key
            self.versionID = versionID
            self.code = code
            self.message = message
        }
    }

    /// What was deleted.
    package var deleted: [Deleted]
    /// What was not.
    package var failures: [Failure]

    /// Makes the answer.
    package init(deleted: [Deleted], failures: [Failure] = []) {
        self.deleted = deleted
        self.failures = failures
    }

    /// Reads a `<DeleteResult>` document.
    package init(xml: XMLElement) throws(S3CodecError) {
        try xml.requireRoot("DeleteResult")
        deleted = []
        for entry in xml.all("Deleted") {
            deleted.append(
                Deleted(
                    key: try entry.requiredText("Key"), versionID: entry["VersionId"]?.text,
                    deleteMarkerVersionID: entry["DeleteMarkerVersionId"]?.text))
        }
        failures = []
        for entry in xml.all("Error") {
            failures.append(
                Failure(
                    key: entry["Key"]?.text ?? "", versionID: entry["VersionId"]?.text,
                    code: try entry.requiredText("Code"), message: entry["Message"]?.text ?? ""))
        }
    }

    /// The `<DeleteResult>` document.
    package var xml: XMLElement {
        let done = deleted.map { entry in
            XMLElement(
                "Deleted",
                [
                    XMLElement("Key", entry.key), .optional("VersionId", entry.versionID),
                    entry.deleteMarkerVersionID == nil ? nil : XMLElement("DeleteMarker", "true"),
                    .optional("DeleteMarkerVersionId", entry.deleteMarkerVersionID),
                ])
        }
        let failed = failures.map { entry in
            XMLElement(
                "Error",
                [
                    XMLElement("Key", entry.key), .optional("VersionId", entry.versionID),
                    XMLElement("Code", entry.code), XMLElement("Message", entry.message),
                ])
        }
        return XMLElement("DeleteResult", done + failed)
    }
}
