extension Migration {
    static let webhooks = Migration(
        id: "0009-webhooks",
        statements: [
            """
            CREATE TABLE webhooks (
                id TEXT PRIMARY KEY NOT NULL,
                environment_id TEXT NOT NULL REFERENCES environments (id) ON DELETE CASCADE,
                target_url TEXT NOT NULL,
                event_types TEXT NOT NULL,
                is_active BIGINT NOT NULL,
                created_at TEXT NOT NULL,
                updated_at TEXT NOT NULL
            )
            """,
            "CREATE INDEX webhooks_by_time ON webhooks (environment_id, created_at, id)",
            """
            CREATE TABLE webhook_deliveries (
                id TEXT PRIMARY KEY NOT NULL,
                webhook_id TEXT NOT NULL REFERENCES webhooks (id) ON DELETE CASCADE,
                environment_id TEXT NOT NULL,
                event TEXT NOT NULL,
                body TEXT NOT NULL,
                status TEXT NOT NULL,
                attempts BIGINT NOT NULL,
                next_attempt_at TEXT,
                last_status BIGINT,
                last_error TEXT,
                created_at TEXT NOT NULL,
                updated_at TEXT NOT NULL
            )
            """,
            "CREATE INDEX webhook_deliveries_by_turn ON webhook_deliveries (next_attempt_at)",
            "CREATE INDEX webhook_deliveries_by_time ON webhook_deliveries (webhook_id, created_at, id)",
            "CREATE INDEX webhook_deliveries_by_age ON webhook_deliveries (updated_at)",
        ])
}
