extension Migration {
    static let integratedAccounts = Migration(
        id: "0005-integrated-accounts",
        statements: [
            """
            CREATE TABLE integrated_accounts (
                id TEXT PRIMARY KEY NOT NULL,
                environment_id TEXT NOT NULL REFERENCES environments (id) ON DELETE CASCADE,
                environment_integration_id TEXT NOT NULL REFERENCES environment_integrations (id),
                integration TEXT NOT NULL,
                tenant_id TEXT NOT NULL,
                authentication_method TEXT NOT NULL,
                status TEXT NOT NULL,
                is_sandbox BIGINT NOT NULL,
                is_blocked BIGINT NOT NULL,
                region TEXT,
                context TEXT NOT NULL,
                last_error TEXT,
                last_action_result TEXT,
                last_forbidden_error TEXT,
                unified_model_override TEXT NOT NULL,
                integration_override TEXT NOT NULL,
                version BIGINT NOT NULL,
                created_at TEXT NOT NULL,
                updated_at TEXT NOT NULL
            )
            """,
            "CREATE INDEX integrated_accounts_by_time ON integrated_accounts (environment_id, created_at, id)",
            "CREATE INDEX integrated_accounts_by_tenant ON integrated_accounts (environment_id, tenant_id, created_at, id)",
            "CREATE INDEX integrated_accounts_by_installation ON integrated_accounts (environment_integration_id)",
        ])
}
