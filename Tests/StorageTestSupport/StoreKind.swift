import Foundation

/// The databases that a test runs on, each new and empty.
public enum StoreKind: String, Sendable, CaseIterable {
    case sqlite, postgres
    /// PostgreSQL behind a pooler.
    case pooled

    /// Those that can be tested here. `ATTACHE_TEST_STORES=sqlite` leaves the others out.
    public static let tested: [StoreKind] = {
        let wanted = ProcessInfo.processInfo.environment["ATTACHE_TEST_STORES"]?.split(separator: ",").map(String.init)
        return allCases.filter { wanted?.contains($0.rawValue) ?? true }
    }()

    /// Runs `body` with the address of a database of this kind; not at all where there is no such server.
    ///
    /// - Returns: whether it ran.
    @discardableResult
    public func withDatabase(_ body: (_ address: String) async throws -> Void) async throws -> Bool {
        switch self {
        case .sqlite:
            let directory = FileManager.default.temporaryDirectory
                .appendingPathComponent("attache-\(UUID().uuidString)")
            try FileManager.default.createDirectory(at: directory, withIntermediateDirectories: true)
            defer { try? FileManager.default.removeItem(at: directory) }
            try await body("sqlite:" + directory.appendingPathComponent("store.sqlite").path)
        case .postgres:
            guard let server = try await PostgresServer.shared.value else { return false }
            try await server.withDatabase(body)
        case .pooled:
            guard let pooler = try await Pooler.shared.value else { return false }
            try await pooler.withDatabase(body)
        }
        return true
    }
}
