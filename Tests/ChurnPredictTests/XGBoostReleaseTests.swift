import PureJSON
import Testing

@testable import ChurnPredict

@Suite("Models of several XGBoost releases")
struct XGBoostReleaseTests {
    @Test(
        "A release's file gives the release's own margins and contributions",
        arguments: ["1.7.6", "2.1.4", "3.2.0"])
    func release(version: String) throws {
        let folder = TestModels.folder + "/../xgboost"
        let document = try JSONValue(parsing: try BundleDirectory.read("\(folder)/xgboost-\(version).json"))
        let ensemble = try XGBoostReader().read(try #require(document["model"]))
        let rows = try #require(document["rows"]?.arrayValue)
        let walker = TreeWalker(ensemble: ensemble, columnOfFeature: [0, 1, 2, 3])
        let block = FeatureBlock(width: 4, columns: 4, slots: 0)
        block.count = rows.count
        for (row, values) in rows.enumerated() {
            for feature in 0..<4 { block[row, feature] = values[feature]?.doubleValue.map { Float($0) } ?? .nan }
        }
        walker.scoreAndExplain(block)
        #expect(ensemble.trees.contains { $0.depth > ShallowTrees.depth })
        for row in rows.indices {
            let margin = try #require(document["margins"]?[row]?.doubleValue)
            #expect(abs(Double(block.margin(row)) - margin) <= 1e-6)
            let contributions = try #require(document["contributions"]?[row]?.arrayValue).compactMap(\.doubleValue)
            for column in 0..<4 {
                #expect(abs(block.contribution(row, column: column) - contributions[column]) <= 1e-4)
            }
            #expect(abs(ensemble.expectedMargin - contributions[4]) <= 1e-4)
        }
    }
}
