import HandlerSDK
import PureJSON
import SampleData
import TabularData
import Testing

@testable import ChurnPredict

/// The bundle in `Fixtures/models` and small models made by the tests.
enum TestModels {
    static let folder: String = {
        let parts = #filePath.split(separator: "/", omittingEmptySubsequences: false).dropLast(3)
        return parts.joined(separator: "/") + "/Fixtures/models"
    }()

    static let shelf = ModelShelf(directory: BundleDirectory(path: folder))

    static func telco() throws -> ModelBundle { try telcoBundle.get() }

    private static let telcoBundle = Result { try shelf.model(named: "telco-v1") }

    /// One handler for all tests, as a host process has one for all jobs; reading the model takes a second without
    /// optimisation.
    static func handler() throws -> ChurnPredictHandler { try shared.get() }

    private static let shared = Result {
        try ChurnPredictHandler(config: ["handlerDirectory": "/nowhere", "modelsDirectory": .string(folder)])
    }

    /// The public Telco file beside the project, or nil when it is not there.
    static func publicTable() -> [UInt8]? {
        let parts = #filePath.split(separator: "/", omittingEmptySubsequences: false).map(String.init)
        for count in stride(from: parts.count - 1, through: 1, by: -1) {
            let base = parts[..<count].joined(separator: "/")
            for path in ["\(base)/data/telco-customer-churn.csv", "\(base)/shared/data/telco-customer-churn.csv"] {
                if let bytes = try? BundleDirectory.read(path) { return bytes }
            }
        }
        return nil
    }

    /// The text of a model file with one tree of depth 1 on two features.
    static func smallModel() throws -> JSONValue {
        try JSONValue(
            parsing: """
                {"version": [3, 2, 0], "learner": {
                  "attributes": {}, "feature_names": ["a", "b"], "feature_types": [],
                  "learner_model_param": {"base_score": "[2.5E-1]", "num_class": "0", "num_feature": "2", "num_target": "1"},
                  "objective": {"name": "binary:logistic", "reg_loss_param": {"scale_pos_weight": "1"}},
                  "gradient_booster": {"name": "gbtree", "model": {
                    "gbtree_model_param": {"num_parallel_tree": "1", "num_trees": "1"}, "tree_info": [0],
                    "trees": [{"id": 0, "left_children": [1, -1, -1], "right_children": [2, -1, -1],
                      "split_indices": [1, 0, 0], "split_conditions": [0.5, -0.25, 0.75], "default_left": [1, 0, 0],
                      "split_type": [0, 0, 0], "sum_hessian": [4, 1, 3], "categories": [],
                      "tree_param": {"num_nodes": "3", "size_leaf_vector": "1"}}]}}}}
                """)
    }

    /// `value` with the member at `path` replaced; path elements are names or list indices.
    static func replacing(_ value: JSONValue, _ path: [String], with new: JSONValue?) -> JSONValue {
        guard let first = path.first else { return new ?? .null }
        if var object = value.objectValue {
            object[first] = path.count == 1 ? new : replacing(object[first] ?? [:], Array(path.dropFirst()), with: new)
            return .object(object)
        }
        guard var list = value.arrayValue, let index = Int(first) else { return value }
        list[index] = replacing(list[index], Array(path.dropFirst()), with: new)
        return .array(list)
    }

    /// Runs the handler over a table.
    static func run(
        _ table: String, _ payload: JSONValue = [:], conditions: JobTest.Conditions = JobTest.Conditions()
    ) async throws -> JobTest.Report {
        await JobTest.run(try handler(), payload, inputs: ["csv": Array(table.utf8)], conditions: conditions)
    }

    /// A made-up table as text.
    static func sample(_ rows: Int, seed: UInt64 = 11) -> String {
        String(decoding: TelcoSample(rows: rows, seed: seed).bytes(), as: UTF8.self)
    }
}

/// A table read back, by column name.
struct ParsedTable {
    var header: [String] = []
    var rows: [[String]] = []

    init(_ text: String?) throws {
        let text = try #require(text)
        let reader = CSVReader()
        var records: [[String]] = []
        func visit(_ record: borrowing CSVRecord) {
            var cells: [String] = []
            for index in 0..<record.count { cells.append(record[index].string) }
            records.append(cells)
        }
        try reader.feed(Array(text.utf8), visit)
        try reader.finish(visit)
        header = records.first ?? []
        rows = Array(records.dropFirst())
    }

    func column(_ name: String) -> [String] {
        guard let index = header.firstIndex(of: name) else { return [] }
        return rows.map { $0[index] }
    }
}
