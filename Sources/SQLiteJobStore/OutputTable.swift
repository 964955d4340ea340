import GRDB
import JobCore

/// The table `outputs`.
enum OutputTable {
    /// A job's outputs, the main one first.
    static func outputs(of id: JobID, _ db: Database) throws -> [JobOutput] {
        let statement = try db.cachedStatement(sql: "SELECT * FROM outputs WHERE job_id = ? ORDER BY position")
        return try Row.fetchAll(statement, arguments: [id.rawValue]).map { row in
            let reader = StoredRow(row: row, table: "outputs", job: id.rawValue)
            return JobOutput(
                name: try reader.required("name"), staged: try location("staged", reader),
                published: try location("published", reader), sizeBytes: try reader.required("size_bytes"),
                etag: try reader.required("etag"), contentType: try reader.required("content_type"))
        }
    }

    /// Makes these a job's only outputs.
    static func replace(_ outputs: [JobOutput], of id: JobID, _ db: Database) throws {
        let deletion = try db.cachedStatement(sql: "DELETE FROM outputs WHERE job_id = ?")
        try deletion.execute(arguments: [id.rawValue])
        guard !outputs.isEmpty else { return }
        let insertion = try db.cachedStatement(
            sql: """
                INSERT INTO outputs (job_id, position, name, staged_bucket, staged_key, published_bucket,
                    published_key, size_bytes, etag, content_type)
                VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
                """)
        for (position, output) in outputs.enumerated() {
            try insertion.execute(arguments: [
                id.rawValue, position, output.name, output.staged.bucket, output.staged.key,
                output.published.bucket, output.published.key, output.sizeBytes, output.etag, output.contentType,
            ])
        }
    }

    private static func location(_ place: String, _ reader: StoredRow) throws -> ObjectLocation {
        ObjectLocation(bucket: try reader.required("\(place)_bucket"), key: try reader.required("\(place)_key"))
    }
}
