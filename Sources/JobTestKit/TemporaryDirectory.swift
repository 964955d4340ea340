import Foundation

/// A directory that lives as long as a closure.
package enum TemporaryDirectory {
    /// Makes a fresh directory, runs the closure with its path and removes it with everything in it.
    ///
    /// - Parameter body: what needs the directory.
    /// - Returns: what the closure returns.
    /// - Throws: when the directory cannot be made or removed, or what the closure throws.
    package static func with<Result>(_ body: (String) async throws -> Result) async throws -> Result {
        let directory = FileManager.default.temporaryDirectory.appendingPathComponent("headrace-test-\(UUID())")
        try FileManager.default.createDirectory(at: directory, withIntermediateDirectories: true)
        let result: Result
        do {
            result = try await body(directory.path)
        } catch {
            try FileManager.default.removeItem(at: directory)
            throw error
        }
        try FileManager.default.removeItem(at: directory)
        return result
    }
}
