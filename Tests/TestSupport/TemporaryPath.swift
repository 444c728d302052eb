import Foundation

/// Gives `body` a path where nothing is, and removes afterwards what is there then.
package func withTemporaryPath<Result>(_ body: (String) async throws -> Result) async throws -> Result {
    let path = FileManager.default.temporaryDirectory.appendingPathComponent("attache-\(UUID().uuidString)").path
    defer { try? FileManager.default.removeItem(atPath: path) }
    return try await body(path)
}
