/// What is known of one folder that has a manifest.
struct CatalogEntry: Sendable {
    var folder: String
    /// What the folder was like when it was read.
    var stamp: FolderStamp
    /// What runs jobs; an older version than the folder's where that one cannot be used.
    var handler: HostedHandler?
    /// Why what is in the folder cannot be used; empty when it can.
    var faults: [HandlerFault]
    /// Whether a fault is that another handler is for the same messages.
    var isAmbiguous = false

    /// The name by which others know the handler while it is broken.
    var folderName: String { folder.split(separator: "/").last.map(String.init) ?? folder }
}

/// What changes whenever a file of a handler does.
struct FolderStamp: Sendable, Hashable {
    private let entries: [FolderListing.Entry]
    private let fault: String?

    /// Looks at a folder's files.
    init(_ folder: String) {
        do throws(FileFault) {
            entries = try FolderListing.entries(of: folder)
            fault = nil
        } catch {
            entries = []
            fault = error.reason
        }
    }
}

/// Something that a look at the handlers directories brought.
package enum CatalogChange: Sendable, Hashable {
    case added(name: String, version: String)
    case replaced(name: String, version: String, oldVersion: String)
    case removed(name: String, version: String)
    /// What is in a folder cannot be used; the version that goes on in its place, if any.
    case refused(folder: String, faults: [HandlerFault], kept: String?)
}

/// Puts what was found in the handlers directories in the place of what was there before.
enum CatalogMerge {
    /// One folder as a look at it found it.
    struct Found: Sendable {
        var folder: String
        var stamp: FolderStamp
        /// `nil` when the folder is as it was.
        var result: Result<HostedHandler, ManifestFaults>?
    }

    /// The new entries, in the order of what was found, and what changed.
    ///
    /// Handlers that stay are never displaced by new ones; of two new ones the first wins.
    static func merge(_ old: [CatalogEntry], _ found: [Found]) -> (entries: [CatalogEntry], changes: [CatalogChange]) {
        var changes: [CatalogChange] = []
        var entries: [CatalogEntry] = []
        let present = Set(found.map(\.folder))
        for entry in old where !present.contains(entry.folder) {
            guard let handler = entry.handler else { continue }
            changes.append(.removed(name: handler.manifest.name, version: handler.manifest.version))
        }
        var taken = found.filter { $0.result == nil }.compactMap { item in
            old.first { $0.folder == item.folder }?.handler
        }
        for item in found {
            let before = old.first { $0.folder == item.folder }
            guard let result = item.result else {
                if let before { entries.append(before) }
                continue
            }
            var entry = CatalogEntry(folder: item.folder, stamp: item.stamp, handler: nil, faults: [])
            switch result {
            case .success(let handler):
                if let conflict = conflict(of: handler, with: taken) {
                    entry.faults = [conflict.fault]
                    entry.isAmbiguous = conflict.isAmbiguous
                } else {
                    entry.handler = handler
                }
            case .failure(let faults): entry.faults = faults.list
            }
            if entry.handler == nil, let kept = before?.handler, conflict(of: kept, with: taken) == nil {
                entry.handler = kept
            }
            if let handler = entry.handler { taken.append(handler) }
            changes += Self.changes(from: before, to: entry)
            entries.append(entry)
        }
        return (entries, changes)
    }

    private static func changes(from before: CatalogEntry?, to entry: CatalogEntry) -> [CatalogChange] {
        guard entry.faults.isEmpty, let new = entry.handler?.manifest else {
            return [.refused(folder: entry.folder, faults: entry.faults, kept: entry.handler?.manifest.version)]
        }
        guard let old = before?.handler?.manifest else { return [.added(name: new.name, version: new.version)] }
        guard old.name == new.name else {
            return [
                .removed(name: old.name, version: old.version), .added(name: new.name, version: new.version),
            ]
        }
        return [.replaced(name: new.name, version: new.version, oldVersion: old.version)]
    }

    private static func conflict(
        of handler: HostedHandler, with others: [HostedHandler]
    ) -> (fault: HandlerFault, isAmbiguous: Bool)? {
        let file = handler.folder + "/" + HandlerCatalogLoader.manifestName
        let name = handler.manifest.name
        if let other = others.first(where: { $0.manifest.name == name }) {
            return (HandlerFault(file: file, message: "the name \(name) is taken by \(other.folder)"), false)
        }
        guard let binding = handler.manifest.binding else { return nil }
        for other in others {
            guard let otherBinding = other.manifest.binding, binding.overlaps(otherBinding) else { continue }
            let message =
                "\(name) takes \(binding.summary) and \(other.manifest.name) takes \(otherBinding.summary): "
                + "a message may be for both; make queue.match or queue.names tell them apart"
            return (HandlerFault(file: file, message: message), true)
        }
        return nil
    }
}
