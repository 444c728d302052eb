extension Migration {
    /// No reference to environments or accounts: what was called outlives them, until it is too old.
    ///
    /// The primary key is in the order of time, so that the oldest rows are found without a further index.
    static let callLog = Migration(
        id: "0012-call-log",
        statements: [
            """
            CREATE TABLE call_log (
                created_at TEXT NOT NULL,
                id TEXT NOT NULL,
                environment_id TEXT NOT NULL,
                log_type TEXT NOT NULL,
                request_id TEXT,
                trace_id TEXT,
                http_method TEXT NOT NULL,
                route TEXT,
                host TEXT,
                resource TEXT,
                method TEXT,
                integration TEXT,
                integrated_account_id TEXT,
                status BIGINT,
                code TEXT NOT NULL,
                duration_ms BIGINT NOT NULL,
                provider_ms BIGINT,
                bytes_in BIGINT NOT NULL,
                bytes_out BIGINT NOT NULL,
                retries BIGINT NOT NULL,
                PRIMARY KEY (created_at, id)
            )
            """,
            "CREATE INDEX call_log_by_environment ON call_log (environment_id, created_at, id)",
            "CREATE INDEX call_log_by_account ON call_log (integrated_account_id, created_at, id)",
        ])
}
