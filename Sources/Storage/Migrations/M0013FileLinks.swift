extension Migration {
    /// Files that vendors fetch from the gateway, in sealed pieces of bounded size.
    ///
    /// The key of a file is its ciphertext in `sealed_values`, so that a change of the master key finds it.
    static let fileLinks = Migration(
        id: "0013-file-links",
        statements: [
            """
            CREATE TABLE file_links (
                id TEXT PRIMARY KEY NOT NULL,
                environment_id TEXT NOT NULL REFERENCES environments (id) ON DELETE CASCADE,
                length BIGINT,
                most_fetches BIGINT,
                fetches BIGINT NOT NULL,
                is_whole BIGINT NOT NULL,
                expires_at TEXT NOT NULL,
                created_at TEXT NOT NULL
            )
            """,
            "CREATE INDEX file_links_by_age ON file_links (expires_at)",
            "CREATE INDEX file_links_by_environment ON file_links (environment_id)",
            """
            CREATE TABLE file_pieces (
                link_id TEXT NOT NULL REFERENCES file_links (id) ON DELETE CASCADE,
                number BIGINT NOT NULL,
                is_last BIGINT NOT NULL,
                sealed TEXT NOT NULL,
                PRIMARY KEY (link_id, number)
            )
            """,
        ],
        // Ciphertext cannot be compressed; trying to costs more than storing it.
        onServer: ["ALTER TABLE file_pieces ALTER COLUMN sealed SET STORAGE EXTERNAL"])
}
