extension Migration {
    static let sealedValues = Migration(
        id: "0003-sealed-values",
        statements: [
            """
            CREATE TABLE sealed_values (
                owner_id TEXT NOT NULL,
                field TEXT NOT NULL,
                environment_id TEXT NOT NULL REFERENCES environments (id) ON DELETE CASCADE,
                key_id TEXT NOT NULL,
                envelope TEXT NOT NULL,
                version BIGINT NOT NULL,
                updated_at TEXT NOT NULL,
                PRIMARY KEY (owner_id, field)
            )
            """,
            "CREATE INDEX sealed_values_by_key ON sealed_values (key_id, owner_id, field)",
            "CREATE INDEX sealed_values_by_environment ON sealed_values (environment_id)",
        ])
}
