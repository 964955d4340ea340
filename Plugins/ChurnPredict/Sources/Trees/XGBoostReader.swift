import Glibc
import PureJSON

/// Reads a model in XGBoost's JSON form, and refuses by name whatever the evaluator does not know.
///
/// Known: `binary:logistic`, booster `gbtree`, numeric splits, one target, files of XGBoost 1, 2 and 3. Later releases
/// changed the spelling of `base_score` in a way that old readers misread without an error, hence the strictness.
struct XGBoostReader {
    private let file = "model.json"
    private static let treeKeys: Set<String> = [
        "base_weights", "categories", "categories_nodes", "categories_segments", "categories_sizes", "default_left",
        "id", "left_children", "loss_changes", "parents", "right_children", "split_conditions", "split_indices",
        "split_type", "sum_hessian", "tree_param",
    ]
    private static let learnerKeys: Set<String> = [
        "attributes", "feature_names", "feature_types", "gradient_booster", "learner_model_param", "objective",
    ]
    private static let maximumTrees = 20_000
    private static let maximumNodes = 4_000_000

    /// The ensemble in `bytes`, the text of a JSON model file.
    func read(_ bytes: [UInt8]) throws(BundleDefect) -> TreeEnsemble {
        if bytes.starts(with: [0x7B, 0x4C]) || bytes.starts(with: [0x7B, 0x69]) {
            throw .unsupported("the UBJSON format; save the model as JSON")
        }
        do {
            return try read(JSONValue(parsing: bytes))
        } catch let error as JSONParseError {
            throw .corrupt(file: file, reason: error.description)
        } catch let defect as BundleDefect {
            throw defect
        } catch {
            throw .corrupt(file: file, reason: "\(error)")
        }
    }

    /// The ensemble in a parsed model file.
    func read(_ document: JSONValue) throws(BundleDefect) -> TreeEnsemble {
        try checkVersion(document)
        let learner = try object(document["learner"], "learner")
        for key in learner.keys where !Self.learnerKeys.contains(key) { throw .unsupported("learner field '\(key)'") }
        let parameters = try object(learner["learner_model_param"], "learner_model_param")
        try checkObjective(learner, parameters)
        let featureCount = try wholeNumber(parameters["num_feature"], "num_feature")
        let names = try list(learner["feature_names"], "feature_names").map { $0.stringValue ?? "" }
        guard names.count == featureCount, featureCount > 0 else {
            throw damaged("\(featureCount) features but \(names.count) feature names")
        }
        let kinds = try list(learner["feature_types"] ?? [], "feature_types").map { $0.stringValue ?? "" }
        for kind in kinds where !["float", "int", "i", "q"].contains(kind) {
            throw .unsupported("feature type '\(kind)'")
        }
        let booster = try object(learner["gradient_booster"], "gradient_booster")
        let name = booster["name"]?.stringValue ?? ""
        guard name == "gbtree" else { throw .unsupported("booster '\(name)'") }
        let model = try object(booster["model"], "gradient_booster.model")
        let trees = try readTrees(model, featureCount: featureCount)
        return TreeEnsemble(
            featureNames: names, baseMargin: try baseMargin(parameters["base_score"]), trees: trees)
    }

    private func checkVersion(_ document: JSONValue) throws(BundleDefect) {
        let version = try list(document["version"], "version").map { $0.integerValue ?? -1 }
        guard let major = version.first else { throw damaged("the version is empty") }
        guard (1...3).contains(major) else {
            throw .unsupported("XGBoost version " + version.map(String.init).joined(separator: "."))
        }
    }

    private func checkObjective(_ learner: JSONObject, _ parameters: JSONObject) throws(BundleDefect) {
        let objective = learner["objective"]?["name"]?.stringValue ?? ""
        guard objective == "binary:logistic" else { throw .unsupported("objective '\(objective)'") }
        let targets = parameters["num_target"] == nil ? 1 : try wholeNumber(parameters["num_target"], "num_target")
        let classes = parameters["num_class"] == nil ? 0 : try wholeNumber(parameters["num_class"], "num_class")
        guard targets == 1 else { throw .unsupported("\(targets) targets") }
        guard classes <= 1 else { throw .unsupported("\(classes) classes") }
    }

    /// XGBoost saves the probability, since 3.1 in brackets, and predicts from its float32 log-odds.
    private func baseMargin(_ value: JSONValue?) throws(BundleDefect) -> Float {
        guard var text = value?.stringValue?[...] else { throw damaged("base_score is not a string") }
        if text.hasPrefix("["), text.hasSuffix("]") { text = text.dropFirst().dropLast() }
        if text.contains(",") { throw .unsupported("base_score with several values") }
        guard let score = Double(text) else { throw damaged("base_score '\(text)' is not a number") }
        let probability = Float(score)
        guard probability > 0, probability < 1 else { throw damaged("base_score \(score) is not between 0 and 1") }
        return -logf(1 / probability - 1)
    }

    private func readTrees(_ model: JSONObject, featureCount: Int) throws(BundleDefect) -> [RegressionTree] {
        for key in model.keys
        where !["cats", "gbtree_model_param", "iteration_indptr", "tree_info", "trees"].contains(key) {
            throw .unsupported("booster field '\(key)'")
        }
        if let categories = model["cats"]?.objectValue {
            for (key, value) in categories where value.arrayValue?.isEmpty == false {
                throw .unsupported("category encodings ('\(key)')")
            }
        }
        for group in try list(model["tree_info"], "tree_info") where group.integerValue != 0 {
            throw .unsupported("trees of several targets")
        }
        let documents = try list(model["trees"], "trees")
        let announced = try wholeNumber(model["gbtree_model_param"]?["num_trees"], "num_trees")
        guard documents.count == announced else {
            throw damaged("\(announced) trees announced, \(documents.count) found")
        }
        guard !documents.isEmpty, documents.count <= Self.maximumTrees else {
            throw .unsupported("\(documents.count) trees")
        }
        var trees: [RegressionTree] = []
        var nodeCount = 0
        for (number, document) in documents.enumerated() {
            let tree = try TreeReader(number: number, featureCount: featureCount, knownKeys: Self.treeKeys)
                .read(try object(document, "tree \(number)"))
            nodeCount += tree.nodes.count
            guard nodeCount <= Self.maximumNodes else { throw .unsupported("more than \(Self.maximumNodes) nodes") }
            trees.append(tree)
        }
        return trees
    }

    private func damaged(_ reason: String) -> BundleDefect { .corrupt(file: file, reason: reason) }

    private func object(_ value: JSONValue?, _ name: String) throws(BundleDefect) -> JSONObject {
        guard let object = value?.objectValue else { throw damaged("\(name) is not an object") }
        return object
    }

    private func list(_ value: JSONValue?, _ name: String) throws(BundleDefect) -> [JSONValue] {
        guard let list = value?.arrayValue else { throw damaged("\(name) is not a list") }
        return list
    }

    /// XGBoost writes its parameters as strings.
    private func wholeNumber(_ value: JSONValue?, _ name: String) throws(BundleDefect) -> Int {
        guard let number = value?.stringValue.flatMap({ Int($0) }) else {
            throw damaged("\(name) is not a whole number")
        }
        return number
    }
}
