import HandlerSDK
import TemplateHandler
import Testing

@Suite("template-handler")
struct TemplateHandlerTests {
    private let csv = ["csv": "id,name\n1,Ada\n2,Grace\n3,Edsger"]

    @Test("The first rows are kept and all are counted, however the file arrives", arguments: [1, 5, Int.max])
    func firstRows(_ bytesPerRead: Int) async {
        let report = await JobTest.run(TemplateHandler.self, ["limit": 2], inputs: csv) {
            $0.bytesPerRead = bytesPerRead
        }
        #expect(report.result == ["rows": 3, "kept": 2])
        #expect(report.text("head.csv") == "id,name\n1,Ada\n2,Grace\n")
    }

    @Test("Without a limit all rows are kept")
    func allRows() async {
        let report = await JobTest.run(TemplateHandler.self, inputs: csv)
        #expect(report.result == ["rows": 3, "kept": 3])
        #expect(report.text("head.csv") == csv["csv"])
    }

    @Test("An empty file is the submitter's fault")
    func emptyFile() async {
        let report = await JobTest.run(TemplateHandler.self, inputs: ["csv": ""])
        #expect(report.error?.code == "file-empty")
    }

    @Test("A run that is told to stop stops, and keeps nothing")
    func cancelled() async {
        let report = await JobTest.run(TemplateHandler.self, inputs: csv) { $0.cancellation = .start }
        #expect(report.error == .cancelled)
        #expect(report.keptOutputs.isEmpty)
    }
}
