import PureJSON
import Testing

@testable import ChurnPredict

@Suite("XGBoost model files")
struct XGBoostReaderTests {
    @Test("The base score is read in both spellings", arguments: ["0.25", "2.5E-1", "[2.5E-1]"])
    func baseScore(spelling: String) throws {
        let model = TestModels.replacing(
            try TestModels.smallModel(), ["learner", "learner_model_param", "base_score"], with: .string(spelling))
        let ensemble = try XGBoostReader().read(model)
        #expect(abs(ensemble.baseMargin - (-1.0986123)) < 1e-6)
    }

    @Test("Files of XGBoost 1, 2 and 3 are read", arguments: [[1, 7, 6], [2, 1, 4], [3, 2, 0]])
    func versions(version: [Int64]) throws {
        let model = TestModels.replacing(
            try TestModels.smallModel(), ["version"], with: .array(version.map(JSONValue.integer)))
        #expect(try XGBoostReader().read(model).trees.count == 1)
    }

    private static let tree = ["learner", "gradient_booster", "model", "trees", "0"]
    private static let unknown: [(path: [String], value: JSONValue, named: String)] = [
        (["version"], [4, 0, 0], "XGBoost version 4.0.0"),
        (["version"], [0, 90, 0], "XGBoost version 0.90.0"),
        (["learner", "objective", "name"], "reg:squarederror", "objective 'reg:squarederror'"),
        (["learner", "objective", "name"], "multi:softprob", "objective 'multi:softprob'"),
        (["learner", "gradient_booster", "name"], "dart", "booster 'dart'"),
        (["learner", "gradient_booster", "name"], "gblinear", "booster 'gblinear'"),
        (["learner", "learner_model_param", "num_target"], "2", "2 targets"),
        (["learner", "learner_model_param", "num_class"], "3", "3 classes"),
        (["learner", "learner_model_param", "base_score"], "[1E-1,2E-1]", "base_score with several values"),
        (["learner", "feature_types"], ["float", "c"], "feature type 'c'"),
        (["learner", "surprise"], 1, "learner field 'surprise'"),
        (["learner", "gradient_booster", "model", "cats"], ["enc": [1]], "category encodings ('enc')"),
        (["learner", "gradient_booster", "model", "tree_info"], [1], "trees of several targets"),
        (["learner", "gradient_booster", "model", "weight_drop"], [1], "booster field 'weight_drop'"),
        (tree + ["split_type"], [1, 0, 0], "categorical splits"),
        (tree + ["categories"], [3], "categorical splits"),
        (tree + ["tree_param", "size_leaf_vector"], "3", "leaves with several values"),
        (tree + ["surprise"], 1, "tree field 'surprise'"),
    ]

    @Test("What the evaluator does not know is refused by name", arguments: unknown)
    func refusals(path: [String], value: JSONValue, named: String) throws {
        let model = TestModels.replacing(try TestModels.smallModel(), path, with: value)
        #expect(throws: BundleDefect.unsupported(named)) { try XGBoostReader().read(model) }
    }

    private static let broken: [(path: [String], value: JSONValue)] = [
        (tree + ["left_children"], [1, -1]),
        (tree + ["left_children"], [0, -1, -1]),
        (tree + ["left_children"], [2, -1, -1]),
        (tree + ["right_children"], [9, -1, -1]),
        (tree + ["right_children"], [-1, -1, -1]),
        (tree + ["split_indices"], [2, 0, 0]),
        (tree + ["split_indices"], [1e30, 0, 0]),
        (tree + ["split_conditions"], [1e300, 0, 0]),
        (tree + ["split_conditions"], ["x", 0, 0]),
        (tree + ["sum_hessian"], [4, 0, 3]),
        (["learner", "learner_model_param", "base_score"], "1"),
        (["learner", "learner_model_param", "base_score"], 0.5),
        (["learner", "learner_model_param", "num_feature"], "3"),
        (["learner", "gradient_booster", "model", "gbtree_model_param", "num_trees"], "2"),
    ]

    @Test("A file that is not a forest is called damaged", arguments: broken)
    func damage(path: [String], value: JSONValue) throws {
        let model = TestModels.replacing(try TestModels.smallModel(), path, with: value)
        #expect {
            try XGBoostReader().read(model)
        } throws: { error in
            guard case BundleDefect.corrupt = error else { return false }
            return true
        }
    }

    @Test("A binary model file is refused with the way out")
    func binaryFormat() {
        #expect(throws: BundleDefect.unsupported("the UBJSON format; save the model as JSON")) {
            try XGBoostReader().read([0x7B, 0x4C, 0x00])
        }
    }

    @Test("Text that is not JSON is called damaged")
    func notJSON() {
        #expect {
            try XGBoostReader().read(Array("{".utf8))
        } throws: { ($0 as? BundleDefect)?.code == "model-corrupt" }
    }
}
