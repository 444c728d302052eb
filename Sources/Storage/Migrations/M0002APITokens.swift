extension Migration {
    static let apiTokens = Migration(
        id: "0002-api-tokens",
        statements: [
            """
            CREATE TABLE api_tokens (
                id TEXT PRIMARY KEY NOT NULL,
                environment_id TEXT NOT NULL REFERENCES environments (id) ON DELETE CASCADE,
                name TEXT NOT NULL,
                hash TEXT NOT NULL UNIQUE,
                scopes TEXT NOT NULL,
                created_by TEXT,
                expires_at TEXT,
                last_used_at TEXT,
                revoked_at TEXT,
                created_at TEXT NOT NULL,
                updated_at TEXT NOT NULL
            )
            """,
            "CREATE INDEX api_tokens_by_environment ON api_tokens (environment_id, created_at, id)",
        ])
}
