import HandlerHosting

/// Unpacks, checks and puts in place one archive.
struct HandlerInstallation: Sendable {
    /// What came of it.
    struct Installed: Sendable, Hashable {
        var name: String
        var version: String
        var folder: String
        var isReplacement: Bool
    }

    /// Absolute.
    let archive: String
    /// The handlers directory, absolute.
    let directory: String
    let loader: HandlerCatalogLoader

    /// Installs; blocks.
    func install() throws(CommandFailure) -> Installed {
        guard LocalFile.isFile(archive) else {
            throw CommandFailure(
                .usage, "there is no archive \(archive)", next: "Make one with `headrace handler pack`.")
        }
        try LocalFile.makeDirectory(directory)
        let staging = try StagingFolder(in: directory)
        let result = install(in: staging)
        try staging.remove()
        return try result.get()
    }

    private func install(in staging: StagingFolder) -> Result<Installed, CommandFailure> {
        do throws(CommandFailure) {
            try ArchiveTool.extract(archive, into: staging.path)
            let folder = try onlyFolder(in: staging.path)
            let (catalog, faults) = loader.load(directories: [folder])
            guard let handler = catalog.inventory().first, handler.isUsable, let version = handler.version else {
                let reason = faults.first?.description ?? "it has no \(HandlerCatalogLoader.manifestName)"
                throw CommandFailure(
                    .configuration, "\(archive) is refused: \(reason)", next: "Nothing was installed.")
            }
            let target = directory + "/" + handler.name
            do throws(FileFault) {
                let isReplacement = try HandlerInstaller.take(folder, as: target)
                return .success(
                    Installed(
                        name: handler.name, version: version, folder: target, isReplacement: isReplacement))
            } catch {
                throw CommandFailure(.unreachable, "\(target) \(error.reason)")
            }
        } catch {
            return .failure(error)
        }
    }

    private func onlyFolder(in staging: String) throws(CommandFailure) -> String {
        do throws(FileFault) {
            try HandlerInstaller.check(staging)
            let names = try FolderListing.names(staging)
            guard names.count == 1, let name = names.first, LocalFile.isDirectory(staging + "/" + name) else {
                throw FileFault(reason: "does not hold exactly one folder")
            }
            return staging + "/" + name
        } catch {
            throw CommandFailure(
                .configuration, "\(archive) \(error.reason)", next: "Make it with `headrace handler pack`.")
        }
    }
}
