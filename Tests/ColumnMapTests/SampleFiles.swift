import Glibc

/// The public telco sample, when this checkout has it beside it.
func sampleTelco(file: StaticString = #filePath) -> [UInt8]? {
    sampleFile("telco-customer-churn.csv", from: "\(file)")
}

/// A file of `shared/data`, looked for in every folder above the source file.
func sampleFile(_ name: String, from source: String) -> [UInt8]? {
    var folder = Substring(source)
    while let slash = folder.lastIndex(of: "/") {
        folder = folder[..<slash]
        if let bytes = readFile(folder + "/shared/data/" + name) { return bytes }
    }
    return nil
}

private func readFile(_ path: some StringProtocol) -> [UInt8]? {
    guard let file = fopen(String(path), "rb") else { return nil }
    defer { fclose(file) }
    var bytes: [UInt8] = []
    var block = [UInt8](repeating: 0, count: 1 << 16)
    while true {
        let count = fread(&block, 1, block.count, file)
        guard count > 0 else { return bytes }
        bytes += block[..<count]
    }
}
