extension Migration {
    /// `moments` are whole numbers with commas between them.
    ///
    /// `expires_at` is rounded to hours: it is indexed, and a row of which no indexed column changes is cheap to update.
    static let rateLimits = Migration(
        id: "0011-call-turns",
        statements: [
            "CREATE TABLE call_turns (name TEXT PRIMARY KEY NOT NULL, moments TEXT NOT NULL, expires_at TEXT NOT NULL)",
            "CREATE INDEX call_turns_by_age ON call_turns (expires_at)",
        ],
        // A call to a provider must not wait for a disk. A crash of the server empties the table, which lets each
        // account have one burst more.
        onServer: ["ALTER TABLE call_turns SET UNLOGGED"])
}
