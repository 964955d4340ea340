import JobCore

/// Brings a completed job's outputs to a local directory.
struct ResultDownload {
    /// Where the outputs are.
    let objects: any ObjectStore
    /// Where progress is shown.
    let console: Console
    /// Measures transfers.
    let clock: any RunnerClock

    /// One output on this machine.
    struct File: Sendable, Hashable {
        /// The output's name.
        let name: String
        /// The file.
        let path: String
        /// Its size.
        let sizeBytes: Int64
    }

    /// Downloads all outputs; each file appears under its name only when it is whole.
    ///
    /// - Returns: the files, in the record's order.
    func download(_ record: JobRecord, into directory: String) async throws(CommandFailure) -> [File] {
        try LocalFile.makeDirectory(directory)
        var files: [File] = []
        for output in record.outputs {
            guard let name = LocalFile.safeName(output.name) else {
                throw CommandFailure(
                    .configuration, "the output \"\(output.name)\" has a name that is not a file name",
                    next: "Mend the output names in the manifest of \(record.request.handler).")
            }
            let path = "\(directory)/\(name)"
            let reference = InputReference(location: record.readableLocation(of: output))
            let bar = ProgressBar("download \(name)", on: console.err, clock: clock)
            do {
                _ = try await objects.download(reference, to: path + ".partial") { done, total in
                    bar.show(doneBytes: done, totalBytes: total ?? output.sizeBytes)
                }
            } catch {
                bar.finish()
                throw CommandFailure(error)
            }
            bar.finish()
            try LocalFile.rename(path + ".partial", to: path)
            files.append(File(name: name, path: path, sizeBytes: output.sizeBytes))
        }
        return files
    }
}
