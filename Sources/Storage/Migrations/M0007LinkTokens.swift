extension Migration {
    static let linkTokens = Migration(
        id: "0007-link-tokens",
        statements: [
            """
            CREATE TABLE link_tokens (
                id TEXT PRIMARY KEY NOT NULL,
                environment_id TEXT NOT NULL REFERENCES environments (id) ON DELETE CASCADE,
                hash TEXT NOT NULL UNIQUE,
                expires_at TEXT NOT NULL,
                used_at TEXT,
                created_at TEXT NOT NULL
            )
            """,
            "CREATE INDEX link_tokens_by_end ON link_tokens (expires_at)",
        ])
}
