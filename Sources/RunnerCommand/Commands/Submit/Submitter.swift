import JobCore
import PureJSON

/// Uploads a job's inputs and puts its message into the queue.
struct Submitter {
    /// Where jobs go.
    let queue: any MessageQueue
    /// Where inputs go.
    let objects: any ObjectStore
    /// Time.
    let clock: any RunnerClock
    /// Where progress is shown.
    let console: Console
    /// The bucket that local files are uploaded to; `nil` when there is none.
    let bucket: String?
    /// The prefix of uploaded files; ends in `/`.
    var prefix = "uploads/"

    /// A job that is in the queue.
    struct Sent: Sendable, Hashable {
        /// What a runner will read.
        let request: JobRequest
        /// The queue's own id of the message.
        let messageID: String
        /// The message.
        let body: String
    }

    /// Submits a job.
    ///
    /// The message is read back as a runner does before anything is sent, so that a job which would be refused is
    /// refused here.
    func submit(_ submission: JobSubmission) async throws(CommandFailure) -> Sent {
        let locations = try plan(submission)
        let now = clock.now()
        let body = submission.message(inputs: locations, submittedAt: now).serialized()
        let request: JobRequest
        do {
            request = try JobMessageReader(rules: MessageRules()).read(body, now: now)
        } catch {
            throw CommandFailure(.usage, "a runner would refuse this job: \(error)")
        }
        for (name, source) in submission.inputs.sorted(by: { $0.key < $1.key }) {
            guard let location = locations[name] else { continue }
            try await bring(source, to: location)
        }
        do {
            let id = try await queue.send(body: body, attributes: [:], delay: .zero)
            return Sent(request: request, messageID: id, body: body)
        } catch {
            throw CommandFailure(error)
        }
    }

    private func plan(_ submission: JobSubmission) throws(CommandFailure) -> [String: ObjectLocation] {
        var locations: [String: ObjectLocation] = [:]
        for (name, source) in submission.inputs {
            switch source {
            case .object(let location): locations[name] = location
            case .file(let path):
                guard LocalFile.size(path) != nil else {
                    throw CommandFailure(
                        .usage, "there is no file \(path)", next: "Give a file of this machine or s3://bucket/key.")
                }
                guard let bucket else {
                    throw CommandFailure(
                        .configuration, "no bucket to upload \(path) to",
                        next: "Set storage.output_bucket, give --bucket, or name the file as s3://bucket/key.")
                }
                let key = "\(prefix)\(submission.id)/\(Self.keyName(LocalFile.name(of: path)))"
                locations[name] = ObjectLocation(bucket: bucket, key: key)
            }
        }
        return locations
    }

    private func bring(
        _ source: JobSubmission.Source, to location: ObjectLocation
    ) async throws(CommandFailure) {
        guard case .file(let path) = source else { return try await checkExists(location) }
        let bar = ProgressBar("upload \(LocalFile.name(of: path))", on: console.err, clock: clock)
        defer { bar.finish() }
        let total = LocalFile.size(path)
        do {
            _ = try await objects.upload(path, to: location, contentType: Self.contentType(of: path)) { done, known in
                bar.show(doneBytes: done, totalBytes: known ?? total)
            }
        } catch {
            throw CommandFailure(error)
        }
    }

    private func checkExists(_ location: ObjectLocation) async throws(CommandFailure) {
        do {
            _ = try await objects.head(InputReference(location: location))
        } catch  where error.kind == .notFound {
            throw CommandFailure(
                .usage, "there is no object \(location)", next: "Upload it first, or give a local file.")
        } catch  where error.kind == .denied {
            // Whoever submits need not be allowed to read what the runner reads.
            console.warning("\(location) cannot be looked at with these credentials; the runner may still read it")
        } catch {
            throw CommandFailure(error)
        }
    }

    /// The file's name with everything that messages refuse in keys replaced.
    static func keyName(_ name: String) -> String {
        let allowed = Set("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_.")
        let clean = String(name.map { allowed.contains($0) ? $0 : "_" }).replacing("..", with: "_")
        return clean.isEmpty ? "file" : String(clean.suffix(200))
    }

    /// The media type by the file's ending.
    static func contentType(of path: String) -> String {
        let ending = path.split(separator: ".").last?.lowercased() ?? ""
        return switch ending {
        case "csv": "text/csv"
        case "json": "application/json"
        case "tsv": "text/tab-separated-values"
        case "txt": "text/plain"
        case "html": "text/html"
        default: "application/octet-stream"
        }
    }
}
