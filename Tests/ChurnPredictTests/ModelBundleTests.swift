import PureJSON
import Testing

@testable import ChurnPredict

@Suite("Model bundles")
struct ModelBundleTests {
    @Test("The shipped bundle loads and its golden rows come out as recorded")
    func shipped() throws {
        let bundle = try TestModels.telco()
        #expect(bundle.name == "telco-v1@1.0.0")
        #expect(bundle.ensemble.trees.count == 300)
        #expect(bundle.document.features.count == 45)
    }

    @Test("The general evaluator gives the golden rows too")
    func generalEvaluator() throws {
        let bundle = try TestModels.telco()
        let walking = try ModelBundle(
            document: bundle.document, ensemble: bundle.ensemble, sha256: bundle.sha256, walksTrees: true)
        let golden = try BundleDirectory.read("\(TestModels.folder)/telco-v1-1.0.0/golden.csv")
        try GoldenRows(golden).check(walking)
    }

    @Test("A model that differs from its golden rows is refused, with the row and both values")
    func goldenMismatch() throws {
        let bundle = try TestModels.telco()
        let changed = try ModelBundle(
            document: bundle.document,
            ensemble: TreeEnsemble(
                featureNames: bundle.ensemble.featureNames, baseMargin: bundle.ensemble.baseMargin + 2e-6,
                trees: bundle.ensemble.trees),
            sha256: bundle.sha256)
        let golden = try BundleDirectory.read("\(TestModels.folder)/telco-v1-1.0.0/golden.csv")
        #expect {
            try GoldenRows(golden).check(changed)
        } throws: { error in
            guard case BundleDefect.goldenMismatch(let row, let measure, _, _) = error else { return false }
            return row == "GOLDEN-01" && measure == "margin"
        }
    }

    @Test("A bundle whose features are not the model's is refused")
    func featureOrder() throws {
        let bundle = try TestModels.telco()
        let names = Array(bundle.ensemble.featureNames.reversed())
        #expect {
            try ModelBundle(
                document: bundle.document,
                ensemble: TreeEnsemble(
                    featureNames: names, baseMargin: bundle.ensemble.baseMargin, trees: bundle.ensemble.trees),
                sha256: "")
        } throws: { ($0 as? BundleDefect)?.code == "model-corrupt" }
    }

    @Test("A file that does not match its digest is refused")
    func digest() throws {
        let sums = try BundleChecksums(Array((String(repeating: "0", count: 64) + "  bundle.json\n").utf8))
        #expect {
            try sums.read("bundle.json", in: "\(TestModels.folder)/telco-v1-1.0.0")
        } throws: { ($0 as? BundleDefect)?.code == "model-corrupt" }
    }

    @Test("A name means its version, or the latest one", arguments: ["telco-v1", "telco-v1@1.0.0"])
    func names(name: String) throws {
        #expect(try TestModels.shelf.model(named: name).name == "telco-v1@1.0.0")
    }

    @Test(
        "A name that no bundle has is refused with those that exist",
        arguments: ["telco-v2", "telco-v1@2.0.0", "../models/telco-v1", "", "telco-v1@"])
    func unknownName(name: String) {
        #expect(throws: BundleDefect.notFound(name: name, available: ["telco-v1@1.0.0"])) {
            try TestModels.shelf.model(named: name)
        }
    }

    @Test("Versions are compared as numbers")
    func versionOrder() throws {
        let versions = try ["1.10.0", "1.9.3", "2.0.0"].map { try #require(BundleVersion($0[...])) }
        #expect(versions.max()?.description == "2.0.0")
        #expect(versions[1] < versions[0])
        #expect(BundleVersion("1.2") == nil)
        #expect(BundleVersion("1.2.x") == nil)
    }

    private static let contradictions: [(path: [String], value: JSONValue?)] = [
        (["schema"], "headrace.model-bundle/2"),
        (["calibration", "slope"], -1),
        (["tiers", "high"], 0.2),
        (["revenue"], "Contract"),
        (["target", "column"], "tenure"),
        (["columns", "0", "values"], ["Female"]),
        (["columns", "0", "histogram"], [1]),
        (["columns", "4", "edges"], [2, 1]),
    ]

    @Test("A description that contradicts itself is refused", arguments: contradictions)
    func contradiction(path: [String], value: JSONValue?) throws {
        let bytes = try BundleDirectory.read("\(TestModels.folder)/telco-v1-1.0.0/bundle.json")
        let original = try JSONValue(parsing: bytes)
        #expect(try original.decode(BundleDocument.self).defect == nil)
        let changed = try TestModels.replacing(original, path, with: value).decode(BundleDocument.self)
        #expect(changed.defect != nil)
    }

    @Test("An isotonic calibration interpolates between its knots and is level outside")
    func isotonic() throws {
        let calibration = try JSONValue(
            parsing: """
                {"kind": "isotonic", "knots": [{"margin": -2, "probability": 0.1}, {"margin": 0, "probability": 0.3},
                {"margin": 2, "probability": 0.9}]}
                """
        ).decode(Calibration.self)
        #expect(calibration.defect == nil)
        #expect(calibration.probability(-5) == 0.1)
        #expect(abs(calibration.probability(-1) - 0.2) < 1e-12)
        #expect(abs(calibration.probability(1) - 0.6) < 1e-12)
        #expect(calibration.probability(7) == 0.9)
    }

    @Test(
        "SHA-256 gives the published digests",
        arguments: [
            ("", "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"),
            ("abc", "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"),
            (
                "abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq",
                "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1"
            ),
            (
                String(repeating: "a", count: 64),
                "ffe054fe7ae0cb6dc65c3af9b61d5209f439851db43d0ba5997337df154668eb"
            ),
        ])
    func digests(text: String, digest: String) {
        #expect(SHA256.hexDigest(of: Array(text.utf8)) == digest)
    }
}
