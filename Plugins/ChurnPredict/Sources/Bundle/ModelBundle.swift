import PureJSON
import TabularData

/// A model that is ready to score: its description, its trees and its calibration, checked against its golden rows.
struct ModelBundle: Sendable {
    let document: BundleDocument
    let ensemble: TreeEnsemble
    /// For each feature the index of its column in `document.columns`.
    let columnOfFeature: [Int]
    /// The digest of the model file.
    let sha256: String
    private let shallow: ShallowTrees?
    private let walker: TreeWalker

    /// `telco-v1@1.0.0`.
    var name: String { "\(document.id)@\(document.version)" }

    /// Puts a model together from its parsed files.
    ///
    /// - Parameters:
    ///   - document: the description.
    ///   - ensemble: the trees.
    ///   - sha256: the digest of the model file.
    ///   - walksTrees: take the general evaluator even where the fast one would do.
    /// - Throws: `BundleDefect.corrupt` when the files contradict each other.
    init(
        document: BundleDocument, ensemble: TreeEnsemble, sha256: String, walksTrees: Bool = false
    ) throws(BundleDefect) {
        if let defect = document.defect { throw .corrupt(file: "bundle.json", reason: defect) }
        guard ensemble.featureNames == document.features.map(\.name) else {
            throw .corrupt(file: "bundle.json", reason: "its features are not those of the model, in the same order")
        }
        self.document = document
        self.ensemble = ensemble
        self.sha256 = sha256
        let places = document.features.map { feature in
            document.columns.firstIndex { $0.name == feature.column } ?? 0
        }
        columnOfFeature = places
        walker = TreeWalker(ensemble: ensemble, columnOfFeature: places)
        shallow = walksTrees ? nil : ShallowTrees(ensemble, columnOfFeature: places)
    }

    /// Reads the bundle in `folder`: compares every file with `sha256sums`, then scores the golden rows.
    init(folder: String) throws(BundleDefect) {
        let sums = try BundleChecksums(BundleDirectory.read("\(folder)/sha256sums"))
        let description = try sums.read("bundle.json", in: folder)
        let document: BundleDocument
        do {
            document = try JSONValue(parsing: description).decode(BundleDocument.self)
        } catch {
            throw .corrupt(file: "bundle.json", reason: "\(error)")
        }
        let model = try sums.read(document.model.file, in: folder)
        let golden = try sums.read("golden.csv", in: folder)
        let digest = sums.digests[document.model.file] ?? ""
        guard digest == document.model.sha256 else {
            throw .corrupt(file: document.model.file, reason: "bundle.json names another SHA-256")
        }
        try self.init(document: document, ensemble: XGBoostReader().read(model), sha256: digest)
        try GoldenRows(golden).check(self)
    }

    /// A block of the right shape for this model.
    func makeBlock() -> FeatureBlock {
        FeatureBlock(
            width: document.features.count, columns: document.columns.count, slots: shallow?.slots.count ?? 0)
    }

    /// Fills the margins of the rows in `block`.
    func score(_ block: FeatureBlock) {
        if let shallow { shallow.score(block, baseMargin: ensemble.baseMargin) } else { walker.score(block) }
    }

    /// Fills the margins and contributions of the rows in `block`.
    func scoreAndExplain(_ block: FeatureBlock) {
        if let shallow {
            shallow.scoreAndExplain(block, baseMargin: ensemble.baseMargin)
        } else {
            walker.scoreAndExplain(block)
        }
    }

    /// The reported probability for log-odds.
    func probability(_ margin: Float) -> Double { document.calibration.probability(Double(margin)) }
}

/// The digests that a bundle lists for its files.
struct BundleChecksums {
    /// File name to 64 hexadecimal digits.
    let digests: [String: String]

    /// Reads lines of digest, two spaces and name.
    init(_ bytes: [UInt8]) throws(BundleDefect) {
        var digests: [String: String] = [:]
        for line in String(decoding: bytes, as: UTF8.self).split(separator: "\n") {
            let parts = line.split(separator: " ", omittingEmptySubsequences: true)
            guard parts.count == 2, parts[0].utf8.count == 64 else {
                throw .corrupt(file: "sha256sums", reason: "a line is not a digest and a name")
            }
            digests[String(parts[1])] = String(parts[0])
        }
        self.digests = digests
    }

    /// A file's bytes, once they match their digest.
    func read(_ name: String, in folder: String) throws(BundleDefect) -> [UInt8] {
        guard let wanted = digests[name] else { throw .corrupt(file: "sha256sums", reason: "it does not list \(name)") }
        let bytes = try BundleDirectory.read("\(folder)/\(name)")
        let found = SHA256.hexDigest(of: bytes)
        guard found == wanted else { throw .corrupt(file: name, reason: "its SHA-256 is \(found), not \(wanted)") }
        return bytes
    }
}
