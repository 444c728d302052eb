extension Migration {
    /// `environment_id` is no reference: what was done to an environment outlives it.
    static let audit = Migration(
        id: "0008-audit",
        statements: [
            """
            CREATE TABLE audit_entries (
                seq BIGINT PRIMARY KEY NOT NULL,
                at TEXT NOT NULL,
                environment_id TEXT,
                actor TEXT NOT NULL,
                action TEXT NOT NULL,
                subject TEXT NOT NULL,
                detail TEXT NOT NULL,
                previous_hash TEXT NOT NULL,
                hash TEXT NOT NULL
            )
            """,
            "CREATE INDEX audit_entries_by_environment ON audit_entries (environment_id, seq)",
            "CREATE TABLE audit_head (id BIGINT PRIMARY KEY NOT NULL, seq BIGINT NOT NULL, hash TEXT NOT NULL)",
            "INSERT INTO audit_head (id, seq, hash) VALUES (1, 0, '')",
        ])
}
