extension Migration {
    static let idempotency = Migration(
        id: "0010-idempotency",
        statements: [
            """
            CREATE TABLE idempotency (
                name TEXT PRIMARY KEY NOT NULL,
                environment_id TEXT NOT NULL,
                owner TEXT NOT NULL,
                fingerprint TEXT,
                expires_at TEXT NOT NULL,
                created_at TEXT NOT NULL
            )
            """,
            "CREATE INDEX idempotency_by_age ON idempotency (expires_at)",
        ])
}
