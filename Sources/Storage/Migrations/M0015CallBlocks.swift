extension Migration {
    /// The log of calls in blocks. Its rows in `call_log` are moved while the gateway runs, as nodes of the version before
    /// may still add to them.
    static let callBlocks = Migration(
        id: "0015-call-blocks",
        statements: [
            """
            CREATE TABLE call_blocks (
                first_at TEXT NOT NULL,
                last_at TEXT NOT NULL,
                id TEXT NOT NULL,
                calls BIGINT NOT NULL,
                body TEXT NOT NULL,
                PRIMARY KEY (last_at, id)
            )
            """,
            "CREATE INDEX call_blocks_by_first ON call_blocks (first_at, id)",
        ])
}
