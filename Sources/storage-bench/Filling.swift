import GRDB
import Storage
import StorageTestSupport

/// Fills a database with accounts in two statements: one write at a time, a million would take hours.
struct Filling {
    let kind: StoreKind
    let address: String

    /// The id of the nth account. Spread as random UUIDs are, so that neighbours in time are none in the index.
    static func id(_ number: Int) -> String {
        let spread = Int64(number) * 2_654_435_761 % 4_294_967_296
        return "\(hex(spread, 8))-0000-4000-8000-\(hex(Int64(number), 12))"
    }

    private static func hex(_ number: Int64, _ width: Int) -> String {
        let digits = String(number, radix: 16)
        return String(repeating: "0", count: width - digits.count) + digits
    }

    func run(_ count: Int) async throws {
        let idText =
            kind == .sqlite
            ? "printf('%08x-0000-4000-8000-%012x', i * 2654435761 % 4294967296, i)"
            : "lpad(to_hex(i * 2654435761 % 4294967296), 8, '0') || '-0000-4000-8000-' || lpad(to_hex(i), 12, '0')"
        let numbers =
            "WITH RECURSIVE n(i) AS (SELECT CAST(1 AS BIGINT) UNION ALL SELECT i + 1 FROM n WHERE i < \(count))"
        let time = Subject.time.text
        try await execute(
            """
            INSERT INTO integrated_accounts (id, environment_id, environment_integration_id, integration, tenant_id,
                authentication_method, status, is_sandbox, is_blocked, context, unified_model_override,
                integration_override, version, created_at, updated_at)
            \(numbers) SELECT \(idText), '\(Subject.environment)', '\(Subject.installation)', 'acme', 'tenant-' || i,
                'api_key', 'active', 0, 0, '{"subdomain":"acme"}', '{}', '{}', 1, '\(time)', '\(time)' FROM n
            """)
        try await execute(
            """
            INSERT INTO sealed_values (owner_id, field, environment_id, key_id, envelope, version, updated_at)
            SELECT id, 'secrets', environment_id, 'main', '\(Subject.envelope)', 1, updated_at FROM integrated_accounts
            """)
        // As its own housekeeping would do in time; until then plans are guesses.
        if kind != .sqlite { try await execute("VACUUM ANALYZE") }
    }

    private func execute(_ statement: String) async throws {
        if kind == .sqlite {
            try await DatabaseQueue(path: String(address.dropFirst("sqlite:".count))).write {
                try $0.execute(sql: statement)
            }
        } else {
            let name = address.split(separator: "?")[0].split(separator: "/").last.map(String.init) ?? ""
            try await PostgresServer.shared.value?.psql(statement, database: name)
        }
    }
}
