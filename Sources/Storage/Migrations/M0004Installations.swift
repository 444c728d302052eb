extension Migration {
    static let installations = Migration(
        id: "0004-installations",
        statements: [
            """
            CREATE TABLE environment_integrations (
                id TEXT PRIMARY KEY NOT NULL,
                environment_id TEXT NOT NULL REFERENCES environments (id) ON DELETE CASCADE,
                integration TEXT NOT NULL,
                is_enabled BIGINT NOT NULL,
                show_in_catalog BIGINT NOT NULL,
                override TEXT NOT NULL,
                version BIGINT NOT NULL,
                created_at TEXT NOT NULL,
                updated_at TEXT NOT NULL,
                UNIQUE (environment_id, integration)
            )
            """,
            "CREATE INDEX environment_integrations_by_time ON environment_integrations (environment_id, created_at, id)",
            """
            CREATE TABLE environment_unified_models (
                id TEXT PRIMARY KEY NOT NULL,
                environment_id TEXT NOT NULL REFERENCES environments (id) ON DELETE CASCADE,
                model TEXT NOT NULL,
                override TEXT NOT NULL,
                version BIGINT NOT NULL,
                created_at TEXT NOT NULL,
                updated_at TEXT NOT NULL,
                UNIQUE (environment_id, model)
            )
            """,
            """
            CREATE INDEX environment_unified_models_by_time
                ON environment_unified_models (environment_id, created_at, id)
            """,
        ])
}
