import Foundation
import StorageTestSupport
import Testing

@testable import Storage

#if canImport(Glibc)
    import Glibc
#elseif canImport(Darwin)
    import Darwin
#endif

/// Standard error holds lines of JSON: the client library of PostgreSQL must not write between them.
@Suite struct NoticeTests {
    @Test func `what the server remarks is not written to standard error`() async throws {
        let isThere = try await StoreKind.postgres.withDatabase { address in
            let marker = "marker-\(UUID().uuidString)"
            let file = FileManager.default.temporaryDirectory.appendingPathComponent(marker)
            defer { try? FileManager.default.removeItem(at: file) }
            let libpq = try LibPQ.required()
            let connection = try PostgresConnection(url: address, libpq)
            let descriptor = open(file.path, O_RDWR | O_CREAT, 0o600)
            let before = dup(STDERR_FILENO)
            #expect(descriptor >= 0 && before >= 0 && dup2(descriptor, STDERR_FILENO) >= 0)
            defer {
                dup2(before, STDERR_FILENO)
                close(before)
                close(descriptor)
            }
            try connection.execute("DO $$ BEGIN RAISE WARNING '\(marker)'; END $$")
            let written = try String(contentsOf: file, encoding: .utf8)
            #expect(!written.contains(marker))
        }
        if !isThere { print("no PostgreSQL here: not tried") }
    }
}
