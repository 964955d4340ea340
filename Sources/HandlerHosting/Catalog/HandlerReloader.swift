import HostProtocol
import JobCore
import Logging

/// Brings a catalogue up to date with the handlers directories while it is used.
package struct HandlerReloader: Sendable {
    private let loader: HandlerCatalogLoader
    private let catalog: HostedHandlerCatalog
    private let directories: [String]

    /// Makes a reloader of a catalogue that the loader made from those directories.
    package init(loader: HandlerCatalogLoader, catalog: HostedHandlerCatalog, directories: [String]) {
        self.loader = loader
        self.catalog = catalog
        self.directories = directories
    }

    /// Looks at the directories once and takes over what changed; not to be called twice at a time.
    ///
    /// A new version is tried in a host process before it takes over. One that is refused is logged, and the version
    /// before it goes on. Jobs under way end in the process that they began in.
    ///
    /// - Returns: what changed, in the order of the directories.
    @discardableResult
    package func rescan() async -> [CatalogChange] {
        let (loader, catalog, directories) = (loader, catalog, directories)
        let before = catalog.entries
        let look = await HostThread.result { loader.look(at: directories, before: before) }
        guard let look else {
            loader.logger.warning("handlers cannot be looked at: no thread")
            return []
        }
        // A directory that cannot be read says nothing about its handlers.
        for fault in look.faults {
            loader.logger.warning("handlers cannot be looked at", metadata: ["reason": "\(fault)"])
        }
        guard look.faults.isEmpty else { return [] }
        var found = look.found
        for place in found.indices { await tryOut(&found[place]) }
        let (entries, changes) = CatalogMerge.merge(before, found)
        guard !changes.isEmpty || entries.count != before.count else { return [] }
        catalog.replace(with: entries)
        for change in changes { log(change) }
        return changes
    }

    private func tryOut(_ found: inout CatalogMerge.Found) async {
        guard case .success(let handler) = found.result, let refusal = await handler.pool.trial() else { return }
        let file = found.folder + "/" + HandlerCatalogLoader.manifestName
        let fault = HandlerFault(file: file, message: "the handler does not start: \(refusal)")
        found.result = .failure(ManifestFaults(list: [fault]))
    }

    private func log(_ change: CatalogChange) {
        switch change {
        case .added(let name, let version):
            loader.logger.info("handler_added", metadata: ["handler": "\(name)", "version": "\(version)"])
        case .replaced(let name, let version, let old):
            loader.logger.info(
                "handler_replaced",
                metadata: ["handler": "\(name)", "version": "\(version)", "old_version": "\(old)"])
        case .removed(let name, let version):
            loader.logger.warning("handler_removed", metadata: ["handler": "\(name)", "version": "\(version)"])
        case .refused(let folder, let faults, let kept):
            loader.logger.warning(
                "handler_refused",
                metadata: [
                    "folder": "\(folder)", "reason": "\(faults.first?.description ?? "")", "kept": "\(kept ?? "none")",
                ])
        }
    }
}

extension HostThread {
    /// The result of a call that blocks; `nil` when there is no thread for it.
    static func result<Value: Sendable>(_ body: @escaping @Sendable () -> Value) async -> Value? {
        await withCheckedContinuation { continuation in
            let failed = start { continuation.resume(returning: body()) }
            if failed != 0 { continuation.resume(returning: nil) }
        }
    }
}
